// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <vector>

#include "file/bytes/output.hpp"
#include "file/pcap/encoder.hpp"
#include "file/pcapng/process_numbers.hpp"

namespace trawl::inline v0 {

class PcapngEncoder {
 public:
  /// `options` must outlive the encoder, but not the texts and comments in it.
  explicit PcapngEncoder(const WriterOptions& options);
  /// @param done how many went well
  Put write(std::span<const Frame> frames, const Sinks& to, size_t& done);
  bool write_raw(Bytes raw, u32 packets, Output& output);
  bool write_block(BlockType type, Bytes body, Output& output);
  /// As FileWriter::write() does with blocks.
  bool write_other(const OtherBlock& other, std::span<const InterfaceInfo> interfaces, Output& output);
  /// Describes an interface, if no packet has done so.
  bool describe(u32 interface, std::span<const InterfaceInfo> interfaces, Output& output) {
    go_on();
    return id_of(interface, interfaces[interface].link_type, interfaces, output) != no_id;
  }
  void add_statistics(u32 interface, std::span<const InterfaceInfo> interfaces, const InterfaceCounters& counters, Timestamp now,
                      Output& output);
  /// The section header, when nothing has brought it, and the statistics.
  bool finish(Output& output);

 private:
  /// An interface as this section describes it.
  struct Lane {
    Resolution resolution;
    i64 offset_seconds = 0;
    LinkType link = LinkType::ethernet;
    u32 snaplen = 0;
  };
  struct Statistics {
    u32 id;
    InterfaceCounters counters;
    Timestamp now;
  };
  static constexpr u32 no_id = ~0u;

  bool begin(Output& output);
  void go_on();
  void take_header(const Block& block);
  /// The interface's number in this section; describes it first where that has not been done. no_id: the output failed.
  u32 id_of(u32 interface, LinkType link, std::span<const InterfaceInfo> interfaces, Output& output) {
    const size_t index = interface < interfaces.size() ? interface : 0;
    if (index < ids_.size() && ids_[index] != no_id) [[likely]]
      return ids_[index];
    return new_id_of(interface, link, interfaces, output);
  }
  u32 new_id_of(u32 interface, LinkType link, std::span<const InterfaceInfo> interfaces, Output& output);
  bool describe(const InterfaceInfo& interface, Output& output);
  bool write_statistics(const Statistics& statistics, Output& output);
  bool write_statistics(const OtherBlock& other, std::span<const InterfaceInfo> interfaces, Output& output);
  bool put(Bytes whole, u32 packets, Output& output);
  bool block(BlockType type, std::initializer_list<Bytes> parts, u32 packets, Output& output);
  template <Order order> Put write_one(const Frame& frame, const Sinks& to);
  template <Order order> Put write_all(std::span<const Frame> frames, const Sinks& to, size_t& done);
  Put write_in_order(std::span<const Frame> frames, const Sinks& to, size_t& done);
  void note_raw(Bytes raw);
  bool fits_simple(const Frame& frame, u32 id) const;

  const WriterOptions& options_;
  Order raw_order_;                  // of the section that write_raw() has begun
  std::vector<u8> section_header_;   // until it is written
  std::vector<u8> section_texts_;    // our options in it
  std::vector<u32> ids_;             // by the source's interface index
  std::vector<Lane> lanes_;          // by id
  std::vector<Statistics> statistics_;
  ProcessNumbers processes_;         // of the section that write_other() tells of
  u32 process_count_ = 0;            // blocks of processes in this section
  bool begun_ = false, header_seen_ = false;
};

}  // namespace trawl::inline v0
