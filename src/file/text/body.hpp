// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What the readers of text have in common: packets whose bytes they own, in batches, and behind all of them one error.
#pragma once
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "file/text/window.hpp"
#include "trawl/core/frame.hpp"
#include "trawl/core/interface_info.hpp"
#include "trawl/core/warnings.hpp"

namespace trawl::inline v0::detail {

class TextBody {
 public:
  Result<std::optional<Batch>> next();
  std::span<const InterfaceInfo> interfaces() const { return {&interface_, 1}; }

  Warnings warnings, damage;
  u64 packets = 0;

 protected:
  TextBody(TextWindow text, LinkType link);
  ~TextBody() = default;

  /// Reads on, by a piece that add() may make frames of. False: the text has ended.
  virtual Result<bool> read_on() = 0;

  void add(Frame frame, std::vector<u8> bytes);
  /// Bytes that stay until the next batch.
  Bytes keep(std::vector<u8> bytes) { return owned_.emplace_back(std::move(bytes)); }
  u64 next_packet() const { return packets + frames_.size() + 1; }

  Window window_;
  InterfaceInfo interface_;

 private:
  std::shared_ptr<Container> container_;
  std::deque<std::vector<u8>> owned_;
  std::vector<Frame> frames_;
  size_t out_bytes_ = 0;
  bool ended_ = false, reported_ = false;
};

}  // namespace trawl::inline v0::detail
