// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Writes capture files: pcap and pcapng.
#pragma once
#include <bit>
#include <memory>

#include "trawl/core/frame_source.hpp"
#include "trawl/file/byte_source.hpp"
#include "trawl/file/file_reader.hpp"
#include "trawl/file/pcapng.hpp"

namespace trawl::inline v0 {

/// When what has been written goes to the operating system. Only whole records go. What has been
/// flushed can be read even when the program dies, compressed or not.
enum class FlushWhen : u8 { buffer_is_full, after_each_batch, after_each_packet };
/// append: behind what a file holds already, in its format, byte order, compression and, for pcap, link type and resolution;
/// pcapng gets a new section. A file that is not there, or empty, is begun. A damaged one is an error: repair it first.
enum class WriteMode : u8 { replace, append };
/// Simple packet blocks have no time and no interface but the first; packets that need more become enhanced ones.
enum class PacketBlocks : u8 { enhanced, simple };

struct WriterOptions {
  WriteMode mode = WriteMode::replace;
  std::optional<FileFormat> format = {};           ///< unset: pcap when the name, but for .gz and the like, ends in .pcap, else pcapng
  std::optional<Compression> compression = {};      ///< unset: by the end of the name (.gz, .zst, .lz4)
  int compression_level = 0;                       ///< as the library counts; 0: fast (gzip 6, zstd 1, lz4 0)
  u64 compressed_frame_bytes = 0;                  ///< 0: one frame, as Wireshark 4.0 wants it; else frames of about so many bytes
  /// zstd: frames (of 1 MiB, where no size is given; at most 512 MiB) and behind them a seek table, so that a reader can go to a place. No table when appended.
  bool seekable = false;
  Order order = std::endian::native == std::endian::little ? Order::little : Order::big;
  std::optional<Resolution> resolution = {};  ///< unset: as the interface has it; pcap has micro- and nanoseconds only
  u32 snaplen = 0;  ///< for the header of a pcap file; 0: that of the first interface, or 262144
  std::optional<LinkType> link_type = {};  ///< of a pcap file; unset: that of the first packet
  PacketBlocks packet_blocks = PacketBlocks::enhanced;
  FlushWhen flush = FlushWhen::buffer_is_full;
  std::string_view hardware = {}, operating_system = {}, application = {};  ///< options of the section header
  std::span<const std::string_view> comments = {};  ///< of the section
  std::span<const FileIdentity> inputs = {};  ///< files that must not be written over
  size_t buffer_bytes = 0;  ///< 0: 768 KiB for a regular file that is not compressed, else 256 KiB
};

/// What FileWriter::create(path, options) will write.
TRAWL_API FileFormat format_of(std::string_view path, const WriterOptions& options);

/// What an interface statistics block says. Unset members are left out.
struct InterfaceCounters {
  std::optional<Timestamp> start = {}, end = {};
  std::optional<u64> received = {}, dropped = {}, filter_accepted = {}, os_dropped = {}, delivered = {};
};

namespace detail {
class WriterBody;
}

/// A FrameSink into a file.
///
/// Interfaces are described when their first packet comes. When the disk is full the file is cut back to its last whole
/// record, and this error and all later ones say in Error::packets_lost how many packets handed over are not in the
/// file (a compressed one is cut back to what was flushed last). Never raises SIGPIPE: a reader that is gone is Reason::broken_pipe.
class TRAWL_API FileWriter {
 public:
  /// Creates the file or writes over it, unless it is one of options.inputs. @param path "-" is standard output
  static Result<FileWriter> create(std::string_view path, const WriterOptions& options = {});
  /// `fd` stays the caller's.
  static Result<FileWriter> create_descriptor(int fd, const WriterOptions& options = {});
  FileWriter(FileWriter&&) noexcept;
  FileWriter& operator=(FileWriter&&) noexcept;
  /// Closes; failure is not seen.
  ~FileWriter();

  /// All batches must come with the interfaces of one source. A pcap file takes one link type only.
  Result<void> write(const Batch& batch, std::span<const InterfaceInfo> interfaces);
  /// The same with what stood between the packets (FileReader::blocks()), in the file's byte order; statistics with the
  /// number that their interface has here. The first section header counts while nothing has been written: its options go into
  /// ours, which replace those of the same meaning. Later headers end a section of the source: numbers of Apple's processes that its
  /// packets carry are made those of the section written. pcap files have no place for any of it: only the packets are written.
  Result<void> write(const Batch& batch, std::span<const InterfaceInfo> interfaces, std::span<const OtherBlock> blocks);
  /// Describes an interface of which there may be no packet; otherwise those without packets are left out. pcap: ignored.
  /// @pre interface < interfaces.size()
  Result<void> describe(u32 interface, std::span<const InterfaceInfo> interfaces);
  /// One packet; pcap files have no place for the comments.
  Result<void> write(const Frame& frame, std::span<const InterfaceInfo> interfaces, std::span<const std::string_view> comments = {});
  /// A record as it stood in a file of this format and byte order, not looked into except for pcapng's section headers
  /// and interface descriptions, which are counted. A file that begins so gets no other header. @pre `raw` is whole
  Result<void> write_raw(Bytes raw, u32 packets = 0);
  /// A pcapng block around `body`, padded; an error for pcap.
  Result<void> write_block(BlockType type, Bytes body);
  /// Written when the file is closed, in this order; describes the interface if no packet has done so. pcap: ignored.
  void add_statistics(u32 interface, std::span<const InterfaceInfo> interfaces, const InterfaceCounters& counters, Timestamp now);

  /// Hands all whole records to the operating system.
  Result<void> flush();
  Result<void> close();

  FileFormat format() const;
  u64 packets() const;  ///< taken so far
  u64 bytes() const;  ///< that the file has, buffered ones included; compressed: those that have got there
  /// Times that the file cannot express.
  const Warnings& warnings() const;

 private:
  explicit FileWriter(std::unique_ptr<detail::WriterBody> body);
  static Result<FileWriter> append(std::string_view path, const WriterOptions& options);
  std::unique_ptr<detail::WriterBody> body_;
};
static_assert(FrameSink<FileWriter>);

}  // namespace trawl::inline v0
