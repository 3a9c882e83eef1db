// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Reads capture files packet by packet, in constant memory: pcap, pcapng and snoop, compressed or not, told apart by their
/// content.
#pragma once
#include <memory>

#include "trawl/core/frame_source.hpp"
#include "trawl/file/byte_source.hpp"
#include "trawl/file/compression.hpp"
#include "trawl/file/other_block.hpp"

namespace trawl::inline v0 {

enum class FileFormat : u8 { pcap, pcapng, snoop };
TRAWL_API std::string_view name(FileFormat format);

/// What to do where the file cannot be read on. `search` looks for the next thing that can be: a file header, a pcapng block
/// whose lengths agree, or a chain of pcap records with near times. What it passes over is noted in damage().
enum class Recovery : u8 { stop, search };

/// What a hostile file can make a reader hold is bounded by the limits: with these, less than 64 MiB.
struct ReaderOptions {
  u32 max_packet_bytes = 32u << 20;    ///< a longer record ends the reading with an error
  u32 max_interfaces = 100'000;
  u64 max_interface_bytes = 8u << 20;  ///< of options that describe interfaces, all together
  u64 max_window_bytes = 16u << 20;  ///< that a zstd frame may look back; its levels up to 19 need 8 MiB, --ultra and --long up to 2 GiB
  Recovery recovery = Recovery::stop;
  KeepBlocks blocks = KeepBlocks::none;
  size_t buffer_bytes = 256u << 10;    ///< what one read asks for; a quarter of the L2 cache is fastest
};

/// What is known of the file so far.
struct FileFacts {
  FileFormat format = FileFormat::pcap;
  Compression compression = Compression::none;
  Order order = Order::little;  ///< of the first section
  bool mixed_order = false;  ///< a later section has the other one
  bool modified = false;  ///< Kuznetzov's variant of pcap, with longer record headers
  u32 sections = 1;
  u64 comments = 0;                    ///< in all blocks
  u64 other_blocks = 0;                ///< names, secrets, statistics, custom and unknown ones: what has no place in a Frame
  u64 uncopyable_blocks = 0;           ///< of these, custom ones that must not go into a changed file
  u64 packets = 0;                     ///< handed out
  u16 major = 0, minor = 0;            ///< format version of the first section
};

class FileIndex;
namespace detail {
class ReaderBody;
}

/// A FrameSource over a file.
///
/// What is odd but can be read is delivered, with a warning. A packet that cannot be read although the next one can is
/// left out and noted in damage(); the reading goes on, and when all has been delivered next() fails once with the first
/// such note. Damage that hides where the next packet begins ends the reading there, unless options.recovery says otherwise. No length that the file claims is
/// trusted before as many bytes have come. pcap with its old versions and the "modified" variant, pcapng with sections of
/// both byte orders, and snoop (RFC 1761).
class TRAWL_API FileReader {
 public:
  /// @param path "-" is standard input
  static Result<FileReader> open(std::string_view path, const ReaderOptions& options = {});
  /// `fd` stays the caller's.
  static Result<FileReader> open_descriptor(int fd, const ReaderOptions& options = {});
  static Result<FileReader> open(ByteSource source, const ReaderOptions& options = {});
  FileReader(FileReader&&) noexcept;
  FileReader& operator=(FileReader&&) noexcept;
  ~FileReader();

  /// Up to 256 packets that are in memory already, else as many as one more read brings. Frames live until the next call.
  /// With options.blocks a batch may be empty: then there are only blocks.
  Result<std::optional<Batch>> next();
  /// Grows when a file describes interfaces late; the index of one never changes. The span lives until the next call.
  std::span<const InterfaceInfo> interfaces() const;
  const Warnings& warnings() const;
  /// Packets left out, and the damage that ended the reading.
  const Warnings& damage() const;
  const FileFacts& facts() const;
  /// What options.blocks asks for, of the last batch, in order. Lives until the next call.
  std::span<const OtherBlock> blocks() const;
  /// The record of frame i of the last batch as it stands in the file: record header and bytes, or the pcapng block.
  /// @pre i < the batch's size
  Bytes record(u32 i) const;
  /// Where that record begins in the file.
  u64 record_offset(u32 i) const;
  std::optional<FileIdentity> identity() const;
  /// Bytes of the file that have been taken in so far, compressed ones as they stand there.
  u64 bytes_read() const;
  /// What next() gives then begins with this packet, counted from 1; the one behind the last: then there is none. Packets
  /// count on from there, and blocks on the way are passed over. Some 20 us in a file that is in memory, more
  /// in a compressed one (a frame must be decompressed; where the file has no frames to go to, all that stands before).
  /// Fails where the source cannot be sought (a pipe), or options.recovery is not `stop`. @pre the index is this file's
  Result<void> seek(const FileIndex& index, u64 packet);
  /// The same for the first packet of the file that has this time or a later one, in the order of the file.
  /// @return its number; the one behind the last: there is none
  Result<u64> seek(const FileIndex& index, Timestamp time);
  /// Releases file and memory; frames and interfaces are gone then.
  void close();

 private:
  explicit FileReader(std::unique_ptr<detail::ReaderBody> body);
  std::unique_ptr<detail::ReaderBody> body_;
};
static_assert(FrameSource<FileReader>);

}  // namespace trawl::inline v0
