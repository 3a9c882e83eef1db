// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/input/inputs.hpp"

#include "cli/flags/limits.hpp"
#include "cli/output/report.hpp"

namespace cli {

void Inputs::take_interfaces() {
  const auto now = readers_.back().interfaces();
  interfaces_.resize(first_interface_);
  interfaces_.insert(interfaces_.end(), now.begin(), now.end());
}

void Inputs::take_blocks() {
  using trawl::BlockType;
  blocks_.clear();
  for (trawl::OtherBlock block : readers_.back().blocks()) {
    const BlockType type = block.block.type;
    if (type == BlockType::custom_do_not_copy || type == BlockType::interface_description) continue;
    if (type == BlockType::name_resolution || type == BlockType::decryption_secrets) {
      const trawl::Bytes raw = block.block.raw;
      if (!names_and_secrets_.emplace(reinterpret_cast<const char*>(raw.data), raw.size).second) continue;
    }
    if (block.interface != trawl::OtherBlock::no_interface) block.interface += trawl::u32(first_interface_);
    blocks_.push_back(block);
  }
}

trawl::Result<void> Inputs::open_next() {
  current_ = paths_[next_path_++];
  auto reader = trawl::FileReader::open(current_, reader_options(keep_));
  if (!reader) return std::unexpected(reader.error());
  readers_.push_back(std::move(*reader));
  first_interface_ = interfaces_.size();
  open_ = true;
  index_.reset();
  // Where blocks in between are wanted, all of the file is read.
  if (place_ && (keep_ == trawl::KeepBlocks::none || readers_.back().facts().format != trawl::FileFormat::pcapng))
    index_ = place_->index_of(current_);
  return {};
}

void Inputs::leave() {
  const trawl::FileReader& reader = readers_.back();
  open_ = false;
  bytes_before_ += reader.bytes_read();
  before_ += number_ - 1;
  number_ = 1;
  other_blocks_ += reader.facts().other_blocks;
  uncopyable_blocks_ += reader.facts().uncopyable_blocks;
  for (const trawl::Error& w : reader.warnings().first()) warnings_.add(w);
  report_warnings(current_, reader.warnings());
}

trawl::Result<std::optional<trawl::Batch>> Inputs::next() {
  for (;;) {
    blocks_.clear();
    last_size_ = 0;
    if (!open_) {
      if (next_path_ == paths_.size()) return std::optional<trawl::Batch>();
      if (auto opened = open_next(); !opened) return std::unexpected(opened.error());
    }
    trawl::FileReader& reader = readers_.back();
    if (index_ && number_ > 1) {
      if (auto gone = place_->go_near(reader, *index_, number_, before_); !gone) {
        leave();
        return std::unexpected(gone.error());
      }
    }
    auto batch = reader.next();
    take_interfaces();
    if (!batch || !*batch) {
      leave();
      if (!batch) return std::unexpected(batch.error());
      continue;
    }
    take_blocks();
    last_size_ = (*batch)->size();
    number_ += last_size_;
    if (first_interface_ == 0) return *batch;
    frames_.assign((*batch)->begin(), (*batch)->end());
    for (trawl::Frame& frame : frames_) frame.interface += trawl::u32(first_interface_);
    return trawl::Batch(frames_.data(), trawl::u32(frames_.size()));
  }
}

}  // namespace cli
