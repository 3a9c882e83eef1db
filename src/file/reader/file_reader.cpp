// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/file/file_reader.hpp"

#include <algorithm>

#include "file/index/index_data.hpp"
#include "file/reader/reader_body.hpp"

namespace trawl::inline v0 {

std::string_view name(FileFormat format) {
  constexpr std::string_view names[] = {"pcap", "pcapng", "snoop"};
  return names[size_t(format)];
}

using detail::ReaderBody;

FileReader::FileReader(std::unique_ptr<ReaderBody> body) : body_(std::move(body)) {}
FileReader::FileReader(FileReader&&) noexcept = default;
FileReader& FileReader::operator=(FileReader&&) noexcept = default;
FileReader::~FileReader() = default;

Result<FileReader> FileReader::open(ByteSource source, const ReaderOptions& options) {
  constexpr u32 most = 1u << 30;
  ReaderOptions bounded = options;
  bounded.max_packet_bytes = std::min(options.max_packet_bytes, most);
  auto opened = open_window(std::move(source), bounded);
  if (!opened) return fail(opened.error());
  auto body = std::make_unique<ReaderBody>(std::move(*opened), bounded);
  if (auto begun = body->begin(); !begun) return fail(begun.error());
  return FileReader(std::move(body));
}

Result<FileReader> FileReader::open(std::string_view path, const ReaderOptions& options) {
  auto source = ByteSource::open(path);
  if (!source) return fail(source.error());
  return open(std::move(*source), options);
}
Result<FileReader> FileReader::open_descriptor(int fd, const ReaderOptions& options) { return open(ByteSource::descriptor(fd), options); }

Result<std::optional<Batch>> FileReader::next() {
  if (!body_) return fail(Operation::read_file, Reason::closed);
  return body_->next();
}
std::span<const InterfaceInfo> FileReader::interfaces() const { return body_->interfaces(); }
const Warnings& FileReader::warnings() const { return body_->findings().warnings; }
const Warnings& FileReader::damage() const { return body_->findings().damage; }
const FileFacts& FileReader::facts() const { return body_->findings().facts; }
std::span<const OtherBlock> FileReader::blocks() const { return body_->blocks(); }
Bytes FileReader::record(u32 i) const { return body_->record(i); }
u64 FileReader::record_offset(u32 i) const { return body_->offset_of(i); }
std::optional<FileIdentity> FileReader::identity() const { return body_->origin().identity; }
u64 FileReader::bytes_read() const { return body_->bytes_read(); }
Result<void> FileReader::seek(const FileIndex& index, u64 packet) { return body_->seek(*index.data_, packet); }
Result<u64> FileReader::seek(const FileIndex& index, Timestamp time) { return body_->seek(*index.data_, index.first_from(time), time); }
void FileReader::close() { body_.reset(); }

}  // namespace trawl::inline v0
