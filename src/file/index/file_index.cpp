// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/file/file_index.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "file/bytes/descriptor.hpp"
#include "file/index/index_data.hpp"

namespace trawl::inline v0 {
namespace detail {

const IndexData::Place* IndexData::place_before(u64 packets_in_front) const {
  const auto behind = std::ranges::upper_bound(places, packets_in_front, {}, &Place::packets);
  return behind == places.begin() ? nullptr : &*std::prev(behind);
}

size_t IndexData::descriptors_before(u64 offset) const {
  return size_t(std::ranges::lower_bound(descriptors, offset, {}, &Descriptor::offset) - descriptors.begin());
}

std::vector<PcapngParser::Descriptor> IndexData::first_descriptors(size_t count) const {
  std::vector<PcapngParser::Descriptor> found;
  for (const auto& one : std::span(descriptors).first(count))
    found.push_back({one.offset, Bytes(descriptor_bytes).slice(one.at, one.size)});
  return found;
}

}  // namespace detail

namespace {

Result<std::vector<u8>> whole_file(std::string_view path) {
  constexpr size_t first_piece = 16u << 10, largest_piece = 1u << 20;
  auto source = ByteSource::open(path);
  if (!source) return fail(source.error());
  std::vector<u8> bytes;
  for (;;) {
    const size_t have = bytes.size();
    bytes.resize(have + std::clamp(have, first_piece, largest_piece));
    const auto got = source->read(std::span(bytes).subspan(have));
    if (!got) return fail(got.error());
    bytes.resize(have + *got);
    if (*got == 0) return bytes;
  }
}

}  // namespace

std::string FileIndex::path_for(std::string_view path) { return std::string(path) + ".index"; }

Result<FileIndex> FileIndex::load(std::string_view index_path, std::string_view path) {
  const auto bytes = whole_file(index_path);
  if (!bytes) return fail(bytes.error());
  auto data = detail::decode_index(*bytes);
  if (!data) return fail(data.error());
  const auto state = state_of(path);
  if (!state) return fail(state.error());
  if (state->size != data->state.size || state->ends != data->state.ends)
    return fail(Operation::use_index, Reason::out_of_date, index_path);
  return FileIndex(std::make_shared<const detail::IndexData>(std::move(*data)));
}

Result<std::optional<FileIndex>> FileIndex::open(std::string_view path) {
  auto loaded = load(path_for(path), path);
  if (loaded) return std::move(*loaded);
  const Error& error = loaded.error();
  if (error.operation == Operation::open_file && error.system_error == ENOENT) return std::nullopt;
  return fail(error);
}

Result<void> FileIndex::save(const std::string& index_path) const {
  const auto bytes = encode(*data_);
  const std::string temporary = index_path + ".new";
  const auto refuse = [&](int error) {
    return fail(Operation::write_file, error == ENOSPC ? Reason::disk_full : Reason::system, index_path, error);
  };
  const auto opened = system_open_write(temporary.c_str());
  if (opened.error) return refuse(opened.error);
  int error = system_truncate(opened.fd, 0);
  const Bytes whole(bytes);
  if (!error) error = system_write(opened.fd, {&whole, 1}, system_status(opened.fd)).error;
  if (const int closed = system_close(opened.fd); !error) error = closed;
  if (!error && std::rename(temporary.c_str(), index_path.c_str()) != 0) error = errno;
  if (!error) return {};
  std::remove(temporary.c_str());
  return refuse(error);
}

u64 FileIndex::packets() const { return data_->packets; }
std::optional<Timestamp> FileIndex::earliest() const {
  return data_->earliest > data_->latest ? std::nullopt : std::optional(Timestamp{data_->earliest});
}
std::optional<Timestamp> FileIndex::latest() const {
  return data_->earliest > data_->latest ? std::nullopt : std::optional(Timestamp{data_->latest});
}
bool FileIndex::in_order() const { return data_->in_order; }
u64 FileIndex::other_blocks() const { return data_->others.size(); }
u64 FileIndex::uncopyable_blocks() const { return data_->uncopyable_blocks; }
size_t FileIndex::places() const { return data_->places.size(); }

u64 FileIndex::first_from(Timestamp time) const {
  const auto place = std::ranges::lower_bound(data_->places, time.nanoseconds, {}, &detail::IndexData::Place::latest_through);
  return 1 + (place == data_->places.end() ? data_->packets : place->packets);
}

u64 FileIndex::all_from(Timestamp time) const {
  const auto place = std::ranges::lower_bound(data_->places, time.nanoseconds, {}, &detail::IndexData::Place::earliest_from);
  return 1 + (place == data_->places.end() ? data_->packets : place->packets);
}

}  // namespace trawl::inline v0
