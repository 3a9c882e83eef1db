// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <algorithm>
#include <ranges>

#include "file/index/index_data.hpp"
#include "file/problem.hpp"

namespace trawl::inline v0 {
namespace {

using detail::IndexData;

class Builder {
 public:
  explicit Builder(const IndexOptions& options) : interval_(std::max<u64>(options.interval_bytes, 1)) {}
  void take(const FileReader& reader, const Batch& batch);
  IndexData finish(const FileReader& reader);

 private:
  void take_blocks(std::span<const OtherBlock> blocks);
  u64 interval_;
  u64 next_ = 0;            ///< the next place is the first record from here on
  i64 previous_ = INT64_MIN;
  IndexData data_;
};

void Builder::take_blocks(std::span<const OtherBlock> blocks) {
  for (const auto& [block, before, interface] : blocks) {
    if (block.type != BlockType::section_header && block.type != BlockType::interface_description) {
      data_.others.push_back({block.offset, u32(block.type), u32(block.raw.size)});
      continue;
    }
    if (const auto header = parse_section_header(block)) data_.unknown_sections |= header->major != 1;
    data_.descriptors.push_back({block.offset, data_.descriptor_bytes.size(), block.raw.size});
    data_.descriptor_bytes.insert(data_.descriptor_bytes.end(), block.raw.begin(), block.raw.end());
  }
}

void Builder::take(const FileReader& reader, const Batch& batch) {
  take_blocks(reader.blocks());
  for (u32 i = 0; i < batch.size(); ++i) {
    const u64 offset = reader.record_offset(i);
    if (offset >= next_) {
      data_.places.push_back({data_.packets, offset, INT64_MIN, INT64_MAX});
      next_ = offset + interval_;
    }
    ++data_.packets;
    if (!batch[i].info.has_time) continue;
    const i64 time = batch[i].time.nanoseconds;
    data_.in_order &= time >= previous_;
    previous_ = time;
    auto& place = data_.places.back();
    place.latest_through = std::max(place.latest_through, time);
    place.earliest_from = std::min(place.earliest_from, time);
  }
}

/// What was noted of each interval becomes what holds for all before and all behind.
IndexData Builder::finish(const FileReader& reader) {
  data_.format = reader.facts().format;
  data_.compression = reader.facts().compression;
  data_.uncopyable_blocks = reader.facts().uncopyable_blocks;
  for (auto& place : data_.places) data_.latest = place.latest_through = std::max(place.latest_through, data_.latest);
  for (auto& place : data_.places | std::views::reverse)
    data_.earliest = place.earliest_from = std::min(place.earliest_from, data_.earliest);
  return std::move(data_);
}

}  // namespace

Result<FileState> state_of(std::string_view path) {
  constexpr size_t end_bytes = 64u << 10;
  auto source = ByteSource::open(path);
  if (!source) return fail(source.error());
  if (!source->identity() || !source->size()) return fail(Operation::use_index, Reason::not_supported, "only a regular file can have one");
  FileState state{.size = *source->size(), .modified_ns = source->modified_ns(), .ends = {}};
  Sha256 digest;
  std::vector<u8> bytes(end_bytes);
  const auto add = [&](u64 begin) -> Result<void> {
    if (auto sought = source->seek(begin); !sought) return sought;
    for (size_t left = end_bytes; left;) {
      const auto got = source->read(std::span(bytes).first(left));
      if (!got) return fail(got.error());
      if (*got == 0) break;
      digest.update(Bytes(bytes).first(*got));
      left -= *got;
    }
    return {};
  };
  if (auto added = add(0); !added) return fail(added.error());
  if (state.size > end_bytes)
    if (auto added = add(state.size - end_bytes); !added) return fail(added.error());
  state.ends = digest.finish();
  return state;
}

Result<FileIndex> FileIndex::build(std::string_view path, const IndexOptions& options) {
  const auto before = state_of(path);
  if (!before) return fail(before.error());
  ReaderOptions reading = options.reader;
  reading.blocks = KeepBlocks::all;
  reading.recovery = Recovery::stop;
  auto reader = FileReader::open(path, reading);
  if (!reader) return fail(reader.error());
  Builder builder(options);
  for (;;) {
    const auto batch = reader->next();
    if (!batch) return fail(batch.error());
    if (!*batch) break;
    builder.take(*reader, **batch);
    if (options.progress) options.progress(reader->bytes_read());
  }
  const auto after = state_of(path);
  if (!after) return fail(after.error());
  if (after->size != before->size || after->modified_ns != before->modified_ns || after->ends != before->ends)
    return fail(Operation::use_index, Reason::out_of_date, "the file has changed while it was read");
  auto data = std::make_shared<detail::IndexData>(builder.finish(*reader));
  data->state = *after;
  return FileIndex(std::move(data));
}

}  // namespace trawl::inline v0
