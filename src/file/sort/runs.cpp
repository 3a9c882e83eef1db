// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/sort/runs.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace trawl::inline v0 {
namespace {

std::unexpected<Error> refuse(int error) {
  const bool full = error == ENOSPC || error == EDQUOT;
  return fail(Operation::write_file, full ? Reason::disk_full : Reason::system, "the temporary file of the sort", error);
}

}  // namespace

Runs::~Runs() {
  if (fd_ >= 0) system_close(fd_);
}

Result<void> Runs::add(Bytes arena, std::span<const size_t> begins, const std::string& folder) {
  if (fd_ < 0) {
    const auto opened = system_open_temporary(folder.c_str());
    if (opened.error) return fail(Operation::write_file, Reason::system, folder, opened.error);
    fd_ = opened.fd;
  }
  const FileStatus status = system_status(fd_);
  const u64 begin = size_;
  std::vector<Bytes> pieces;
  const auto write = [&]() -> Result<void> {
    const auto done = system_write(fd_, pieces, status);
    size_ += done.bytes;
    pieces.clear();
    return done.error ? refuse(done.error) : Result<void>();
  };
  for (const size_t at : begins) {
    const Bytes item = arena.slice(at, read_item(arena.data + at).size);
    if (!pieces.empty() && pieces.back().end() == item.begin()) pieces.back().size += item.size;
    else pieces.push_back(item);
    if (pieces.size() < 256) continue;
    if (auto written = write(); !written) return written;
  }
  if (auto written = write(); !written) return written;
  runs_.push_back({begin, size_});
  return {};
}

bool Runs::has_item(const Run& run) {
  const size_t left = run.filled - run.at;
  return left >= sizeof(ItemHead) && left >= read_item(run.buffer.data() + run.at).size;
}

void Runs::queue(u32 run) {
  const Run& one = runs_[run];
  turns_.push_back({item_key(one.buffer.data() + one.at), run});
  std::push_heap(turns_.begin(), turns_.end());
}

/// False: the run is at its end.
Result<bool> Runs::refill(Run& run) {
  while (!has_item(run)) {
    if (run.offset == run.end) return false;
    if (run.at < run.filled) std::memmove(run.buffer.data(), run.buffer.data() + run.at, run.filled - run.at);
    run.filled -= run.at, run.at = 0;
    if (run.filled == run.buffer.size()) run.buffer.resize(std::max(share_, 2 * run.buffer.size()));
    const size_t room = size_t(std::min<u64>(run.buffer.size() - run.filled, run.end - run.offset));
    const auto got = system_read_at(fd_, std::span(run.buffer).subspan(run.filled, room), run.offset);
    if (got.error || got.bytes == 0)
      return fail(Operation::read_file, got.error ? Reason::system : Reason::truncated, "the temporary file of the sort", got.error);
    run.filled += got.bytes, run.offset += got.bytes;
  }
  return true;
}

void Runs::begin(u64 memory) {
  constexpr size_t least = 4096;
  share_ = std::max<size_t>(size_t(memory / std::max<size_t>(runs_.size(), 1)), least);
  for (u32 i = 0; i < runs_.size(); ++i) dry_.push_back(i);
}

Result<bool> Runs::prepare() {
  for (const u32 index : dry_) {
    const auto more = refill(runs_[index]);
    if (!more) return more;
    if (*more) queue(index);
    else runs_[index].buffer = {};
  }
  dry_.clear();
  return !turns_.empty();
}

const u8* Runs::next() {
  if (!dry_.empty() || turns_.empty()) return nullptr;
  const u32 index = turns_.front().run;
  std::pop_heap(turns_.begin(), turns_.end());
  turns_.pop_back();
  Run& run = runs_[index];
  const u8* item = run.buffer.data() + run.at;
  run.at += read_item(item).size;
  if (has_item(run)) queue(index);
  else dry_.push_back(index);
  return item;
}

}  // namespace trawl::inline v0
