// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Reads a pcapng file block by block, unknown ones included: for listing them and for rewriting without loss.
#pragma once
#include <memory>

#include "trawl/core/frame_source.hpp"
#include "trawl/file/byte_source.hpp"
#include "trawl/file/file_reader.hpp"
#include "trawl/file/pcapng.hpp"

namespace trawl::inline v0 {

namespace detail {
class BlockReaderBody;
}

class TRAWL_API PcapngBlockReader {
 public:
  static Result<PcapngBlockReader> open(std::string_view path, const ReaderOptions& options = {});
  static Result<PcapngBlockReader> open(ByteSource source, const ReaderOptions& options = {});
  PcapngBlockReader(PcapngBlockReader&&) noexcept;
  PcapngBlockReader& operator=(PcapngBlockReader&&) noexcept;
  ~PcapngBlockReader();

  /// The next block; lives until the next call. Nothing at the end of the file. After an error there is only the end.
  Result<std::optional<Block>> next();
  /// The packet of the block that next() gave. Error: the block is damaged or its interface is not described; the next
  /// block can be read all the same. @pre block.is_packet()
  Result<Frame> frame(const Block& block);
  /// The next blocks are those that are no packets and stand between here and this packet (counted from 1), then the packet
  /// and all behind it: what a reader must know of it comes first. The packet behind the last: none follows. Forward only;
  /// fails where the source cannot be sought. @pre the index is this file's
  Result<void> pass_packets(const FileIndex& index, u64 packet);
  /// As FileReader has them.
  std::span<const InterfaceInfo> interfaces() const;
  const Warnings& warnings() const;
  const FileFacts& facts() const;
  /// As FileReader has it.
  u64 bytes_read() const;

 private:
  explicit PcapngBlockReader(std::unique_ptr<detail::BlockReaderBody> body);
  std::unique_ptr<detail::BlockReaderBody> body_;
};

}  // namespace trawl::inline v0
