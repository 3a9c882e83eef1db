// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/text/body.hpp"

#include <utility>

namespace trawl::inline v0::detail {

TextBody::TextBody(TextWindow text, LinkType link) : window_(std::move(text.window)), container_(std::move(text.container)) {
  interface_.link_type = link;
}

void TextBody::add(Frame frame, std::vector<u8> bytes) {
  out_bytes_ += bytes.size();
  frame.original_length = u32(bytes.size()), frame.link = interface_.link_type;
  if (frame.info.direction == Direction::outbound) frame.info.packet_type = PacketType::outgoing;
  frame.bytes = keep(std::move(bytes));
  frames_.push_back(frame);
}

Result<std::optional<Batch>> TextBody::next() {
  constexpr size_t enough_bytes = 1u << 20;
  packets += frames_.size();
  frames_.clear(), owned_.clear();
  out_bytes_ = 0;
  while (!ended_ && frames_.size() < Batch::max_frames && out_bytes_ < enough_bytes) {
    const auto more = read_on();
    if (more && *more) continue;
    ended_ = true;
    if (!more) damage.add(more.error());
    for (const Error& warning : container_->warnings.first()) warnings.add(warning);
  }
  if (!frames_.empty()) return Batch(frames_.data(), u32(frames_.size()));
  if (damage.empty() || std::exchange(reported_, true)) return std::nullopt;
  return fail(damage.first()[0]);
}

}  // namespace trawl::inline v0::detail
