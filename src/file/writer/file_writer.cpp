// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/file/file_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>
#include <variant>

#include "file/pcap/encoder.hpp"
#include "file/pcapng/encoder.hpp"
#include "trawl/core/switches.hpp"

namespace trawl::inline v0 {
namespace {

/// Large packets go to the operating system from where they are, when there are so many of them that this write need not
/// wait for the next: docs/decisions/012.
u32 borrow_from(std::span<const Frame> frames) {
  constexpr u32 large = 512;
  constexpr size_t worth_a_call = 64u << 10;
  size_t sum = 0;
  for (const auto& frame : frames) sum += frame.bytes.size >= large ? frame.bytes.size : 0;
  return sum >= worth_a_call ? large : UINT32_MAX;
}

/// With the size of the buffer chosen. Page caches take large pieces in large folios: docs/decisions/012.
WriterOptions with_buffer(WriterOptions options, int fd, bool compressed) {
  constexpr size_t for_files = 768u << 10, for_others = 256u << 10, least = 4096;
  const bool chosen = options.buffer_bytes != 0;
  options.buffer_bytes = chosen ? std::max(options.buffer_bytes, least) : !compressed && system_status(fd).regular ? for_files : for_others;
  return options;
}

u64 frame_bytes_of(const WriterOptions& options) {
  constexpr u64 usual = 1u << 20, most = 512u << 20;  // a seek table counts in 32 bits
  if (!options.seekable) return options.compressed_frame_bytes;
  return options.compressed_frame_bytes ? std::min(options.compressed_frame_bytes, most) : usual;
}

}  // namespace

namespace detail {

class WriterBody {
 public:
  WriterBody(int fd, Output::Ownership ownership, FileFormat format, Encoder encoder, const WriterOptions& options);
  ~WriterBody() { static_cast<void>(close()); }
  Result<void> write(std::span<const Frame> frames, std::span<const InterfaceInfo> interfaces, std::span<const std::string_view> comments);
  Result<void> write_raw(Bytes raw, u32 packets);
  void resume(LinkType link, Resolution resolution) {
    if (auto* pcap = std::get_if<PcapEncoder>(&encoder_)) pcap->resume(link, resolution);
  }
  Result<void> write_block(BlockType type, Bytes body);
  Result<void> write_other(const OtherBlock& other, std::span<const InterfaceInfo> interfaces);
  Result<void> describe(u32 interface, std::span<const InterfaceInfo> interfaces);
  void add_statistics(u32 interface, std::span<const InterfaceInfo> interfaces, const InterfaceCounters& counters, Timestamp now);
  Result<void> flush() { return output_.flush() ? Result<void>() : fail(output_.error(handed_over_)); }
  Result<void> close();
  FileFormat format() const { return format_; }
  const Output& output() const { return output_; }
  const Warnings& warnings() const { return warnings_; }

 private:
  PcapngEncoder* pcapng();
  Put put(std::span<const Frame> frames, const Sinks& to, size_t& done);
  Result<void> done(bool good) { return good ? Result<void>() : fail(output_.error(handed_over_)); }

  WriterOptions options_;
  FileFormat format_;
  Output output_;
#if TRAWL_WITH_PCAPNG
  std::variant<PcapEncoder, PcapngEncoder> encoder_;
#else
  std::variant<PcapEncoder> encoder_;
#endif
  Warnings warnings_;
  u64 handed_over_ = 0;  ///< packets
  bool closed_ = false;
};

WriterBody::WriterBody(int fd, Output::Ownership ownership, FileFormat format, Encoder encoder, const WriterOptions& options)
    : options_(with_buffer(options, fd, bool(encoder))),
      format_(format),
      output_(fd, ownership, options_.buffer_bytes, std::move(encoder), frame_bytes_of(options)),
      encoder_(std::in_place_type<PcapEncoder>, options_) {
#if TRAWL_WITH_PCAPNG
  if (format == FileFormat::pcapng) encoder_.emplace<PcapngEncoder>(options_);
#endif
  if (options.seekable) output_.keep_table();
  options_.hardware = options_.operating_system = options_.application = {};  // the caller's, and encoded by now
  options_.comments = {};
  options_.inputs = {};
}

PcapngEncoder* WriterBody::pcapng() {
#if TRAWL_WITH_PCAPNG
  return std::get_if<PcapngEncoder>(&encoder_);
#else
  return nullptr;
#endif
}

Put WriterBody::put(std::span<const Frame> frames, const Sinks& to, size_t& done) {
#if TRAWL_WITH_PCAPNG
  if (auto* ng = pcapng()) return ng->write(frames, to, done);
#endif
  return std::get_if<PcapEncoder>(&encoder_)->write(frames, to, done);
}

Result<void> WriterBody::write(std::span<const Frame> frames, std::span<const InterfaceInfo> interfaces,
                               std::span<const std::string_view> comments) {
  if (closed_) return fail(Operation::write_file, Reason::closed);
  handed_over_ += frames.size();
  if (output_.failed()) return fail(output_.error(handed_over_));
  const Sinks to{interfaces, comments, output_, warnings_, output_.gathers() ? borrow_from(frames) : UINT32_MAX};
  const bool one_by_one = options_.flush == FlushWhen::after_each_packet;
  for (size_t i = 0; i < frames.size();) {
    size_t done = 0;
    const Put result = put(one_by_one ? frames.subspan(i, 1) : frames.subspan(i), to, done);
    i += done;
    if (result == Put::wrong_link_type) {
      const u64 number = output_.packets() + 1;
      if (!output_.settle()) return fail(output_.error(handed_over_));
      handed_over_ -= frames.size() - i;  // they were refused, not lost
      Error error{.operation = Operation::write_file, .reason = Reason::wrong_link_type};
      return fail(error.with(name(frames[i].link)).at_packet(number));
    }
    if (result == Put::output_failed || (one_by_one && !output_.flush())) return fail(output_.error(handed_over_));
  }
  if (options_.flush != FlushWhen::buffer_is_full) return flush();
  return done(output_.settle());
}

Result<void> WriterBody::write_raw(Bytes raw, u32 packets) {
  if (closed_) return fail(Operation::write_file, Reason::closed);
  if (raw.size < Output::smallest_record) return fail(Operation::write_file, Reason::out_of_range, "a record of less than 12 bytes");
  handed_over_ += packets;
#if TRAWL_WITH_PCAPNG
  if (auto* ng = pcapng()) return done(ng->write_raw(raw, packets, output_));
#endif
  return done(std::get_if<PcapEncoder>(&encoder_)->write_raw(raw, packets, output_));
}

Result<void> WriterBody::write_block(BlockType type, Bytes body) {
  if (closed_) return fail(Operation::write_file, Reason::closed);
#if TRAWL_WITH_PCAPNG
  if (auto* ng = pcapng()) return done(ng->write_block(type, body, output_));
#endif
  static_cast<void>(type), static_cast<void>(body);
  return fail(Operation::write_file, Reason::not_supported, "a pcap file has no blocks");
}

Result<void> WriterBody::write_other(const OtherBlock& other, std::span<const InterfaceInfo> interfaces) {
  if (closed_) return fail(Operation::write_file, Reason::closed);
#if TRAWL_WITH_PCAPNG
  if (auto* ng = pcapng()) return done(ng->write_other(other, interfaces, output_));
#endif
  static_cast<void>(other), static_cast<void>(interfaces);
  return {};
}

Result<void> WriterBody::describe(u32 interface, std::span<const InterfaceInfo> interfaces) {
  if (closed_) return fail(Operation::write_file, Reason::closed);
#if TRAWL_WITH_PCAPNG
  if (auto* ng = pcapng()) return done(ng->describe(interface, interfaces, output_));
#endif
  static_cast<void>(interface), static_cast<void>(interfaces);
  return {};
}

void WriterBody::add_statistics(u32 interface, std::span<const InterfaceInfo> interfaces, const InterfaceCounters& counters,
                                Timestamp now) {
#if TRAWL_WITH_PCAPNG
  if (auto* ng = pcapng(); ng && !closed_) ng->add_statistics(interface, interfaces, counters, now, output_);
#else
  static_cast<void>(interface), static_cast<void>(interfaces), static_cast<void>(counters), static_cast<void>(now);
#endif
}

Result<void> WriterBody::close() {
  if (closed_) return {};
  closed_ = true;
#if TRAWL_WITH_PCAPNG
  if (auto* ng = pcapng()) ng->finish(output_);
#endif
  if (auto* pcap = std::get_if<PcapEncoder>(&encoder_)) pcap->finish(output_);
  return done(output_.close());
}

}  // namespace detail

using detail::WriterBody;

namespace {

Result<void> check(FileFormat format, const FileStatus& status, std::string_view path, const WriterOptions& options) {
#if !TRAWL_WITH_PCAPNG
  if (format == FileFormat::pcapng) return fail(Operation::write_file, Reason::not_supported, "pcapng is not supported in this build");
#else
  static_cast<void>(format);
#endif
  if (status.regular && std::ranges::find(options.inputs, status.identity) != options.inputs.end())
    return fail(Operation::write_file, Reason::same_file, path);
  return {};
}

Result<Encoder> encoder_for(std::string_view path, const WriterOptions& options) {
  const Compression compression = options.compression.value_or(compression_for(path));
  if (compression == Compression::none && !options.seekable) return Encoder();
  if (options.seekable && compression != Compression::zstd)
    return fail(Operation::write_file, Reason::not_supported, "a seek table needs zstd compression");
  if (!is_supported(compression))
    return fail(Operation::write_file, Reason::not_supported, std::string(name(compression)) + " compression is not in this build");
  Encoder encoder = make_encoder(compression, options.compression_level);
  if (!encoder) return fail(Operation::write_file, Reason::no_memory);
  return encoder;
}

/// What a file is to be gone on with.
struct Existing {
  FileFormat format;
  Compression compression;
  Order order;
  LinkType link;
  Resolution resolution;
};
Result<Existing> read_through(std::string_view path) {
  auto reader = FileReader::open(path);
  if (!reader) return fail(reader.error());
  for (;;) {
    const auto batch = reader->next();
    if (!batch) return fail(batch.error());
    if (!*batch) break;
  }
  const auto& facts = reader->facts();
  if (facts.format == FileFormat::snoop) return fail(Operation::write_file, Reason::not_supported, "appending to a snoop file");
  if (facts.modified) return fail(Operation::write_file, Reason::not_supported, "appending to a modified pcap file");
  const auto interfaces = reader->interfaces();
  const InterfaceInfo first = interfaces.empty() ? InterfaceInfo() : interfaces[0];
  return Existing{facts.format, facts.compression, facts.order, first.link_type, first.resolution};
}

}  // namespace

FileFormat format_of(std::string_view path, const WriterOptions& options) {
  return options.format.value_or(without_compression_suffix(path).ends_with(".pcap") ? FileFormat::pcap : FileFormat::pcapng);
}

FileWriter::FileWriter(std::unique_ptr<WriterBody> body) : body_(std::move(body)) {}
FileWriter::FileWriter(FileWriter&&) noexcept = default;
FileWriter& FileWriter::operator=(FileWriter&&) noexcept = default;
FileWriter::~FileWriter() = default;

Result<FileWriter> FileWriter::create(std::string_view path, const WriterOptions& options) {
  if (path == "-") return create_descriptor(1, options);
  if (options.mode == WriteMode::append) return append(path, options);
  auto encoder = encoder_for(path, options);
  if (!encoder) return fail(encoder.error());
  const auto opened = system_open_write(std::string(path).c_str());
  if (opened.error) {
    const bool permission = opened.error == EACCES || opened.error == EPERM;
    return fail(Operation::write_file, permission ? Reason::no_permission : Reason::system, path, opened.error);
  }
  const auto status = system_status(opened.fd);
  const FileFormat format = format_of(path, options);
  auto checked = check(format, status, path, options);
  if (checked && status.regular)
    if (const int error = system_truncate(opened.fd, 0)) checked = fail(Operation::write_file, Reason::system, path, error);
  if (!checked) {
    system_close(opened.fd);
    return fail(checked.error());
  }
  return FileWriter(std::make_unique<WriterBody>(opened.fd, Output::Ownership::owned, format, std::move(*encoder), options));
}

Result<FileWriter> FileWriter::append(std::string_view path, const WriterOptions& options) {
  WriterOptions now = options;
  now.mode = WriteMode::replace;
  now.seekable = false;  // a table would have to know the frames that are there
  const auto opened = system_open_write(std::string(path).c_str());
  if (opened.error) return create(path, now);  // which says why
  const auto status = system_status(opened.fd);
  if (!status.regular || status.size == 0) {
    system_close(opened.fd);
    return create(path, now);
  }
  const auto existing = read_through(path);
  auto checked = existing ? check(existing->format, status, path, options) : fail(existing.error());
  Result<Encoder> encoder;
  if (checked) {
    now.format = existing->format, now.compression = existing->compression;
    now.order = existing->order, now.link_type = existing->link, now.resolution = existing->resolution;
    if (existing->format == FileFormat::pcapng) now.resolution = options.resolution;
    encoder = encoder_for(path, now);
    if (!encoder) checked = fail(encoder.error());
    else if (const int error = system_seek(opened.fd, status.size)) checked = fail(Operation::write_file, Reason::system, path, error);
  }
  if (!checked) {
    system_close(opened.fd);
    return fail(checked.error());
  }
  auto body = std::make_unique<WriterBody>(opened.fd, Output::Ownership::owned, existing->format, std::move(*encoder), now);
  body->resume(existing->link, existing->resolution);
  return FileWriter(std::move(body));
}

Result<FileWriter> FileWriter::create_descriptor(int fd, const WriterOptions& options) {
  const FileFormat format = options.format.value_or(FileFormat::pcapng);
  if (auto checked = check(format, system_status(fd), "", options); !checked) return fail(checked.error());
  auto encoder = encoder_for("", options);
  if (!encoder) return fail(encoder.error());
  return FileWriter(std::make_unique<WriterBody>(fd, Output::Ownership::borrowed, format, std::move(*encoder), options));
}

Result<void> FileWriter::write(const Batch& batch, std::span<const InterfaceInfo> interfaces) {
  return body_->write({batch.begin(), batch.size()}, interfaces, {});
}
Result<void> FileWriter::write(const Batch& batch, std::span<const InterfaceInfo> interfaces, std::span<const OtherBlock> blocks) {
  u32 done = 0;
  const auto write_to = [&](u32 end) -> Result<void> {
    const u32 begin = std::exchange(done, end);
    return begin == end ? Result<void>() : body_->write({batch.begin() + begin, end - begin}, interfaces, {});
  };
  for (const auto& other : blocks) {
    if (auto written = write_to(std::clamp(other.before, done, batch.size())); !written) return written;
    if (auto written = body_->write_other(other, interfaces); !written) return written;
  }
  return write_to(batch.size());
}
Result<void> FileWriter::describe(u32 interface, std::span<const InterfaceInfo> interfaces) {
  return body_->describe(interface, interfaces);
}
Result<void> FileWriter::write(const Frame& frame, std::span<const InterfaceInfo> interfaces, std::span<const std::string_view> comments) {
  return body_->write({&frame, 1}, interfaces, comments);
}
Result<void> FileWriter::write_raw(Bytes raw, u32 packets) { return body_->write_raw(raw, packets); }
Result<void> FileWriter::write_block(BlockType type, Bytes body) { return body_->write_block(type, body); }
void FileWriter::add_statistics(u32 interface, std::span<const InterfaceInfo> interfaces, const InterfaceCounters& counters,
                                Timestamp now) {
  body_->add_statistics(interface, interfaces, counters, now);
}
Result<void> FileWriter::flush() { return body_->flush(); }
Result<void> FileWriter::close() { return body_->close(); }
FileFormat FileWriter::format() const { return body_->format(); }
u64 FileWriter::packets() const { return body_->output().packets(); }
u64 FileWriter::bytes() const { return body_->output().bytes(); }
const Warnings& FileWriter::warnings() const { return body_->warnings(); }

}  // namespace trawl::inline v0
