// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/file/sort.hpp"

#include <algorithm>
#include <cstdlib>

#include "file/pcapng/seen_blocks.hpp"
#include "file/sort/runs.hpp"

namespace trawl::inline v0 {
namespace detail {

class SortBody {
 public:
  SortBody(FileReader reader, const SortOptions& options) : reader_(std::move(reader)), options_(options) {
    options_.memory_bytes = std::max<u64>(options.memory_bytes, 1u << 20);
    arena_.reserve(size_t(std::min<u64>(options_.memory_bytes, 64u << 20)));
    if (!options_.temporary_folder.empty()) return;
    const char* folder = std::getenv("TMPDIR");
    options_.temporary_folder = folder && *folder ? folder : "/tmp";
  }
  Result<std::optional<Batch>> next();
  const FileReader& reader() const { return reader_; }
  std::span<const OtherBlock> blocks() const { return blocks_; }
  u64 out_of_order() const { return out_of_order_; }
  size_t runs() const { return runs_.size(); }

 private:
  Result<void> read();
  Result<void> take(const Batch& batch);
  Result<void> add(const ItemHead& head, Bytes first, Bytes second);
  void order();
  Result<void> spill();
  const u8* next_item();
  void give(const u8* item);

  FileReader reader_;
  SortOptions options_;
  std::vector<u8> arena_;
  std::vector<size_t> begins_;     ///< of its items
  size_t given_ = 0;               ///< of these, when all fitted
  Runs runs_;
  i64 time_ = INT64_MIN;           ///< of the last packet that had one
  i64 latest_ = INT64_MIN;
  u64 out_of_order_ = 0;
  bool read_ = false, said_ = false;
  std::optional<Error> damage_;
  std::vector<Frame> frames_;
  std::vector<OtherBlock> blocks_;
};

Result<void> SortBody::add(const ItemHead& head, Bytes first, Bytes second) {
  begins_.push_back(arena_.size());
  append_item(arena_, head, first, second);
  return arena_.size() + begins_.size() * sizeof(size_t) >= options_.memory_bytes ? spill() : Result<void>();
}

Result<void> SortBody::take(const Batch& batch) {
  auto blocks = reader_.blocks();
  const auto take_blocks = [&](u32 up_to) -> Result<void> {
    for (; !blocks.empty() && blocks.front().before <= up_to; blocks = blocks.subspan(1)) {
      const OtherBlock& other = blocks.front();
      const BlockType type = other.block.type;
      if (type == BlockType::custom_do_not_copy || type == BlockType::interface_description) continue;
      const bool first = speaks_of_later_packets(type) || type == BlockType::section_header;
      ItemHead head{.key = first ? INT64_MIN : time_, .is_block = true, .interface = other.interface, .block = other.block};
      if (type == BlockType::interface_statistics) head.key = INT64_MAX;
      if (auto added = add(head, other.block.raw, {}); !added) return added;
    }
    return {};
  };
  for (u32 i = 0; i < batch.size(); ++i) {
    if (!blocks.empty())
      if (auto taken = take_blocks(i); !taken) return taken;
    const Frame& frame = batch[i];
    if (frame.info.has_time) time_ = frame.time.nanoseconds;
    out_of_order_ += time_ < latest_;
    latest_ = std::max(latest_, time_);
    if (auto added = add({.key = time_, .frame = frame}, frame.bytes, frame.info.metadata); !added) return added;
  }
  return take_blocks(batch.size());
}

/// Of equal keys the item that came first is the one that stands first.
void SortBody::order() {
  const u8* base = arena_.data();
  const auto earlier = [base](size_t a, size_t b) {
    const i64 first = item_key(base + a), second = item_key(base + b);
    return first != second ? first < second : a < b;
  };
  if (!std::ranges::is_sorted(begins_, earlier)) std::ranges::sort(begins_, earlier);
}

Result<void> SortBody::spill() {
  order();
  auto added = runs_.add(arena_, begins_, options_.temporary_folder);
  arena_.clear(), begins_.clear();
  return added;
}

Result<void> SortBody::read() {
  read_ = true;
  for (;;) {
    const auto batch = reader_.next();
    if (!batch) damage_ = batch.error();
    if (!batch || !*batch) break;
    if (auto taken = take(**batch); !taken) return taken;
    if (options_.progress) options_.progress(reader_.bytes_read());
  }
  if (!runs_.size()) return order(), Result<void>();
  if (auto spilt = begins_.empty() ? Result<void>() : spill(); !spilt) return spilt;
  arena_ = {}, begins_ = {};
  runs_.begin(options_.memory_bytes);
  return {};
}

const u8* SortBody::next_item() {
  if (runs_.size()) return runs_.next();
  return given_ < begins_.size() ? arena_.data() + begins_[given_++] : nullptr;
}

void SortBody::give(const u8* item) {
  const ItemHead head = read_item(item);
  if (head.is_block) blocks_.push_back({head.block, u32(frames_.size()), head.interface});
  else frames_.push_back(head.frame);
}

Result<std::optional<Batch>> SortBody::next() {
  if (!read_)
    if (auto done = read(); !done) {
      said_ = true, damage_.reset();
      return fail(done.error());
    }
  if (said_) return std::nullopt;
  frames_.clear(), blocks_.clear();
  if (runs_.size())
    if (auto more = runs_.prepare(); !more) {
      said_ = true;
      return fail(more.error());
    }
  while (frames_.size() < Batch::max_frames && blocks_.size() < Batch::max_frames) {
    const u8* item = next_item();
    if (!item) break;
    give(item);
  }
  if (!frames_.empty() || !blocks_.empty()) return Batch(frames_.data(), u32(frames_.size()));
  said_ = true;
  if (damage_) return fail(*damage_);
  return std::nullopt;
}

}  // namespace detail

using detail::SortBody;

Sort::Sort(std::unique_ptr<SortBody> body) : body_(std::move(body)) {}
Sort::Sort(Sort&&) noexcept = default;
Sort& Sort::operator=(Sort&&) noexcept = default;
Sort::~Sort() = default;

Result<Sort> Sort::open(ByteSource source, const SortOptions& options) {
  auto reader = FileReader::open(std::move(source), options.reader);
  if (!reader) return fail(reader.error());
  return Sort(std::make_unique<SortBody>(std::move(*reader), options));
}
Result<std::optional<Batch>> Sort::next() { return body_->next(); }
std::span<const InterfaceInfo> Sort::interfaces() const { return body_->reader().interfaces(); }
std::span<const OtherBlock> Sort::blocks() const { return body_->blocks(); }
const Warnings& Sort::warnings() const { return body_->reader().warnings(); }
const FileFacts& Sort::facts() const { return body_->reader().facts(); }
u64 Sort::out_of_order() const { return body_->out_of_order(); }
size_t Sort::runs() const { return body_->runs(); }

}  // namespace trawl::inline v0
