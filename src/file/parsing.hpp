// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What the parsers of both formats share with the reader that feeds them.
#pragma once
#include <vector>

#include "file/problem.hpp"
#include "trawl/file/file_reader.hpp"

namespace trawl::inline v0 {

/// The frames of one batch while it is filled, and where their records begin.
struct FrameRoom {
  struct Place {
    u32 at, size;  ///< from the start of the bytes parsed
  };
  Frame frames[Batch::max_frames];
  Place records[Batch::max_frames];
  u32 most = Batch::max_frames;      ///< frames that are wanted
  std::vector<OtherBlock> blocks{};  ///< at most max_frames, too
};

/// Why a parser stopped before the room was full.
enum class Stop : u8 {
  room_full,
  needs_bytes,  ///< Progress::needed, counted from Progress::used
  zeros,        ///< where a record should begin there are zero bytes
  damage,       ///< Progress::error
};

struct Progress {
  Stop stop = Stop::room_full;
  u32 frames = 0;
  size_t used = 0;
  size_t needed = 0;
  Error error{};
};

/// What parsers find out on their way.
struct Findings {
  const ReaderOptions& options;
  FileFacts facts{};
  Warnings warnings{}, damage{};
};

/// The record that `whole` begins with cannot be right: says so, with the reason behind it where the bytes tell.
Error record_damage(Bytes whole, u64 offset, u64 packet, const Error& plain);

}  // namespace trawl::inline v0
