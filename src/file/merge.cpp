// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/file/merge.hpp"

#include <algorithm>
#include <deque>

#include "file/bytes/descriptor_pool.hpp"
#include "file/pcapng/process_numbers.hpp"
#include "file/pcapng/seen_blocks.hpp"

namespace trawl::inline v0 {
namespace detail {

class MergeBody {
 public:
  MergeBody(std::vector<std::string> paths, const MergeOptions& options);
  Result<std::optional<Batch>> next();
  std::span<const InterfaceInfo> interfaces() const { return interfaces_; }
  const Warnings& warnings() const { return warnings_; }
  std::span<const Merge::Failure> failures() const { return failures_; }
  std::span<const FileIdentity> identities() const { return identities_; }
  u64 other_blocks() const { return other_blocks_; }
  u64 bytes_read() const { return bytes_read_; }
  u64 uncopyable_blocks() const { return uncopyable_blocks_; }
  std::span<const OtherBlock> blocks() const { return blocks_; }

 private:
  struct Input {
    std::string path;
    std::optional<FileReader> reader;     ///< kept at its end too: interfaces borrow from it
    Batch batch{};
    u32 at = 0;
    i64 time = INT64_MIN;                 ///< of frame `at`
    std::vector<u32> interfaces{};        ///< its interfaces' numbers here
    std::span<const OtherBlock> blocks{}; ///< of the batch, those that have not been given out
    ProcessNumbers processes{};
    bool ended = false;
  };
  /// What the heap is ordered by: the earliest first, then the first input.
  struct Turn {
    i64 time;
    u32 input;
    bool operator<(const Turn& other) const { return time != other.time ? time > other.time : input > other.input; }
  };
  void open(Input& input);
  enum class Refill : u8 { ended, blocks, frames };
  Refill refill(Input& input);
  void give_blocks(Input& input, u32 up_to);
  void end(Input& input, const Error* error);
  void set_time(Input& input);
  void take(Input& input);
  void fill_by_time();
  void fill_as_given();

  MergeOptions options_;
  DescriptorPool pool_;
  std::deque<Input> inputs_;
  std::vector<Turn> turns_;               ///< a heap of inputs that have a frame
  std::vector<u32> exhausted_;            ///< inputs whose batch is in frames_ to its last frame
  u64 other_blocks_ = 0, uncopyable_blocks_ = 0, bytes_read_ = 0;
  size_t current_ = 0;                    ///< as_given: the input being read
  std::vector<Frame> frames_;
  std::vector<OtherBlock> blocks_;
  SeenBlocks seen_;
  u32 processes_ = 0;                     ///< blocks of processes that have gone out
  std::deque<std::vector<u8>> options_of_frames_;   ///< of this batch, those that are not as they stood
  bool header_given_ = false;
  std::vector<InterfaceInfo> interfaces_;
  std::vector<FileIdentity> identities_;
  std::vector<Merge::Failure> failures_;
  Warnings warnings_;
  bool begun_ = false, failed_ = false;
};

MergeBody::MergeBody(std::vector<std::string> paths, const MergeOptions& options) : options_(options), pool_(options.most_open) {
  const size_t each = std::clamp<size_t>(options.buffer_bytes / std::max<size_t>(paths.size(), 1), 4096, options.reader.buffer_bytes);
  options_.reader.buffer_bytes = each;
  for (auto& path : paths) inputs_.push_back({.path = std::move(path), .reader = {}});
  frames_.reserve(Batch::max_frames);
}

void MergeBody::end(Input& input, const Error* error) {
  input.ended = true;
  if (error) failures_.push_back({input.path, *error});
  if (!input.reader) return;
  for (const auto& warning : input.reader->warnings().first()) warnings_.add(warning);
  other_blocks_ += input.reader->facts().other_blocks;
  uncopyable_blocks_ += input.reader->facts().uncopyable_blocks;
}

void MergeBody::open(Input& input) {
  auto source = pool_.open(input.path);
  if (!source) return end(input, &source.error());
  auto reader = FileReader::open(std::move(*source), options_.reader);
  if (!reader) return end(input, &reader.error());
  if (const auto identity = reader->identity()) identities_.push_back(*identity);
  input.reader.emplace(std::move(*reader));
}

void MergeBody::set_time(Input& input) {
  const Frame& frame = input.batch[input.at];
  if (frame.info.has_time) input.time = frame.time.nanoseconds;
}

/// The next batch of an input. What stands in front of its packets is given out at once.
MergeBody::Refill MergeBody::refill(Input& input) {
  if (!input.reader && !input.ended) open(input);
  if (input.ended) return Refill::ended;
  bytes_read_ -= input.reader->bytes_read();
  const auto batch = input.reader->next();
  bytes_read_ += input.reader->bytes_read();
  const auto known = input.reader->interfaces();
  for (size_t i = input.interfaces.size(); i < known.size(); ++i) {
    input.interfaces.push_back(u32(interfaces_.size()));
    interfaces_.push_back(known[i]);
  }
  if (!batch || !*batch) {
    end(input, batch ? nullptr : &batch.error());
    return Refill::ended;
  }
  input.batch = **batch;
  input.at = 0;
  input.blocks = input.reader->blocks();
  give_blocks(input, 0);
  if (input.batch.empty()) return Refill::blocks;
  set_time(input);
  return Refill::frames;
}

/// Those in front of the frame `up_to`.
void MergeBody::give_blocks(Input& input, u32 up_to) {
  while (!input.blocks.empty() && input.blocks.front().before <= up_to) {
    OtherBlock other = input.blocks.front();
    input.blocks = input.blocks.subspan(1);
    const BlockType type = other.block.type;
    if (type == BlockType::custom_do_not_copy || type == BlockType::interface_description) continue;
    if (type == BlockType::section_header) input.processes.clear();
    if (type == BlockType::process_information) input.processes.add(processes_++);
    if (type == BlockType::section_header && (header_given_ || &input != &inputs_.front())) continue;
    header_given_ |= type == BlockType::section_header;
    if (speaks_of_later_packets(type) && !seen_.add(other.block)) continue;
    other.before = u32(frames_.size());
    if (other.interface < input.interfaces.size()) other.interface = input.interfaces[other.interface];
    blocks_.push_back(other);
  }
}

void MergeBody::take(Input& input) {
  frames_.push_back(input.batch[input.at++]);
  Frame& frame = frames_.back();
  if (frame.interface < input.interfaces.size()) frame.interface = input.interfaces[frame.interface];
  if (input.processes.change() && !frame.info.metadata.empty()) [[unlikely]]
    frame.info.metadata =
        input.processes.renumbered(frame.info.metadata, frame.info.metadata_big_endian ? Order::big : Order::little, options_of_frames_);
  if (!input.blocks.empty()) [[unlikely]]
    give_blocks(input, input.at);
}

void MergeBody::fill_by_time() {
  if (!begun_)
    for (u32 i = 0; i < inputs_.size(); ++i) exhausted_.push_back(i);
  begun_ = true;
  size_t again = 0;
  for (const u32 index : exhausted_) {
    const auto got = refill(inputs_[index]);
    if (got == Refill::frames) turns_.push_back({inputs_[index].time, index}), std::push_heap(turns_.begin(), turns_.end());
    else if (got == Refill::blocks) exhausted_[again++] = index;
  }
  exhausted_.resize(again);
  while (!turns_.empty() && frames_.size() < Batch::max_frames && exhausted_.empty()) {
    const u32 index = turns_.front().input;
    std::pop_heap(turns_.begin(), turns_.end());
    turns_.pop_back();
    Input& input = inputs_[index];
    // Packets come in runs: as long as this input is first there is nothing to sort.
    const Turn limit = turns_.empty() ? Turn{INT64_MAX, UINT32_MAX} : turns_.front();
    bool first = true;
    while (first && frames_.size() < Batch::max_frames) {
      take(input);
      if (input.at == input.batch.size()) break;
      set_time(input);
      first = limit < Turn{input.time, index};
    }
    if (input.at == input.batch.size()) exhausted_.push_back(index);
    else turns_.push_back({input.time, index}), std::push_heap(turns_.begin(), turns_.end());
  }
}

void MergeBody::fill_as_given() {
  while (frames_.empty() && blocks_.empty() && current_ < inputs_.size()) {
    Input& input = inputs_[current_];
    if (refill(input) == Refill::ended) {
      ++current_;
      continue;
    }
    while (input.at < input.batch.size()) take(input);
  }
}

Result<std::optional<Batch>> MergeBody::next() {
  frames_.clear();
  blocks_.clear();
  options_of_frames_.clear();
  if (options_.order == MergeOrder::by_time) fill_by_time();
  else fill_as_given();
  if (!frames_.empty() || !blocks_.empty()) return Batch(frames_.data(), u32(frames_.size()));
  if (failures_.empty() || failed_) return std::nullopt;
  failed_ = true;
  return fail(failures_.front().error);
}

}  // namespace detail

using detail::MergeBody;

Merge::Merge(std::unique_ptr<MergeBody> body) : body_(std::move(body)) {}
Merge::Merge(Merge&&) noexcept = default;
Merge& Merge::operator=(Merge&&) noexcept = default;
Merge::~Merge() = default;

Merge Merge::open(std::vector<std::string> paths, const MergeOptions& options) {
  return Merge(std::make_unique<MergeBody>(std::move(paths), options));
}
Result<std::optional<Batch>> Merge::next() { return body_->next(); }
std::span<const InterfaceInfo> Merge::interfaces() const { return body_->interfaces(); }
const Warnings& Merge::warnings() const { return body_->warnings(); }
std::span<const Merge::Failure> Merge::failures() const { return body_->failures(); }
u64 Merge::bytes_read() const { return body_->bytes_read(); }
u64 Merge::other_blocks() const { return body_->other_blocks(); }
u64 Merge::uncopyable_blocks() const { return body_->uncopyable_blocks(); }
std::span<const OtherBlock> Merge::blocks() const { return body_->blocks(); }
std::span<const FileIdentity> Merge::identities() const { return body_->identities(); }

}  // namespace trawl::inline v0
