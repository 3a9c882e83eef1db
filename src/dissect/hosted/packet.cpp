// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/dissect/packet.hpp"

namespace trawl::inline v0 {

Packet::Packet(const Frame& frame, const wire::Catalog& catalog)
    : bytes_(frame.bytes.begin(), frame.bytes.end()),
      link_(frame.link),
      time_(frame.time),
      has_time_(frame.info.has_time),
      original_length_(frame.original_length),
      catalog_(&catalog) {
  dissect_again();
}

Packet::Packet(std::vector<u8> bytes, LinkType link, const wire::Catalog& catalog)
    : bytes_(std::move(bytes)),
      link_(link),
      original_length_(u32(bytes_.size())),
      catalog_(&catalog) {
  dissect_again();
}

Packet& Packet::operator=(const Packet& other) {
  if (this == &other) return *this;
  bytes_ = other.bytes_, link_ = other.link_, time_ = other.time_, has_time_ = other.has_time_;
  original_length_ = other.original_length_, catalog_ = other.catalog_;
  dissect_again();
  return *this;
}

Packet& Packet::operator=(Packet&& other) noexcept {
  if (this == &other) return *this;
  bytes_ = std::move(other.bytes_), link_ = other.link_, time_ = other.time_, has_time_ = other.has_time_;
  original_length_ = other.original_length_, catalog_ = other.catalog_;
  dissect_again();
  other.bytes_.clear();
  other.dissect_again();
  return *this;
}

Frame Packet::frame() const {
  Frame frame;
  frame.bytes = bytes();
  frame.original_length = original_length_ > bytes_.size() ? original_length_ : u32(bytes_.size());
  frame.time = time_, frame.link = link_;
  frame.info.has_time = has_time_;
  return frame;
}

void Packet::dissect_again() { dissection_ = dissect(frame(), *catalog_); }

Result<void> Packet::set_payload(Bytes payload) {
  if (dissection_.count == 0) return fail(Operation::edit_packet, Reason::wrong_order, "no layer");
  const LayerAt last = dissection_.layers[dissection_.count - 1];
  const Bytes old = dissection_.payload(last);
  const std::vector<u8> now(payload.begin(), payload.end());   // it may lie in this packet
  if (auto told = add_to_lengths(dissection_, bytes_, dissection_.layers[dissection_.count - 1], i64(now.size()) - i64(old.size)); !told)
    return told;
  const auto at = bytes_.begin() + std::ptrdiff_t(last.payload());
  const auto behind = bytes_.erase(at, at + std::ptrdiff_t(old.size));
  bytes_.insert(behind, now.begin(), now.end());
  original_length_ = u32(bytes_.size());
  dissect_again();
  return {};
}

}  // namespace trawl::inline v0
