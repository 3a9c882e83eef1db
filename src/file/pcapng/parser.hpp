// SPDX-License-Identifier: Apache-2.0 OR MIT
/// pcapng files, block by block or a batch of packets at a time.
#pragma once
#include "file/pcapng/interface_table.hpp"

namespace trawl::inline v0 {

class PcapngParser {
 public:
  /// The block that `bytes` begin with. Stop::room_full: `block` is whole and Progress::used its size.
  /// @param packet number of the next packet, for errors
  Progress cut(Bytes bytes, u64 offset, u64 packet, const Findings& findings, Block& block);
  /// Takes note of a block that is no packet. Error: nothing behind it can be read.
  Result<void> learn(const Block& block, Findings& findings);
  /// Blocks of this section are of an unknown major version and mean nothing.
  bool skipping() const { return skipping_; }
  /// The packet of a packet block. Error: this packet cannot be read, the next block can.
  Result<Frame> packet(const Block& block, u64 number, Findings& findings);
  /// Packets of whole blocks; learns from others. Packets that cannot be read go to findings.damage.
  Progress parse(Bytes bytes, u64 offset, FrameRoom& room, Findings& findings);
  /// The file ends in good order at `offset`.
  void end(u64 offset, Findings& findings) { end_section(offset, findings); }
  std::span<const InterfaceInfo> interfaces() const { return table_.interfaces(); }
  Order order() const { return order_; }
  /// A section header or an interface description of the file, as it stands there.
  struct Descriptor {
    u64 offset;
    Bytes raw;
  };
  /// Goes on behind these, which are all that the file has up to there. What is known of later interfaces stays known.
  void jump(std::span<const Descriptor> before, Findings& findings);
  /// How many of these are behind us.
  size_t descriptors() const { return descriptors_; }
  /// The section is not read from its begin to its end.
  void forget_length() { section_length_ = -1; }

 private:
  struct Filling {
    const u8* at;
    const u8* end;
    u32 count;
  };
  template <Order order> void run(Filling& filling, const u8* begin, FrameRoom& room, Findings& findings);
  Result<void> begin_section(const Block& block, Findings& findings);
  void end_section(u64 offset, Findings& findings);
  void keep(const Block& block, u32 before, FrameRoom& room, const Findings& findings) const;
  void check_other(const Block& block, Findings& findings);
  std::span<const Lane> lanes() const { return table_.lanes().subspan(first_interface_, described_ - first_interface_); }
  std::span<Lane> lanes() { return table_.lanes().subspan(first_interface_, described_ - first_interface_); }

  InterfaceTable table_;
  Order order_ = Order::little;
  bool in_section_ = false, skipping_ = false;
  u32 section_ = 0;
  size_t first_interface_ = 0;
  size_t described_ = 0;   ///< interfaces up to here in the file; behind a jump the table may have later ones
  size_t descriptors_ = 0; ///< section headers and interface descriptions up to here
  u64 section_begin_ = 0;  ///< behind its header
  i64 section_length_ = -1;
};

}  // namespace trawl::inline v0
