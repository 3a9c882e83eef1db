// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <algorithm>
#include <cerrno>

#include "capture/linux/packet_capture.hpp"
#include "capture/linux/ring/frame_builder.hpp"
#include "capture/linux/system_error.hpp"

namespace trawl::inline v0::linux_capture {
namespace {

/// The kernel counts in 32 bits: it is asked before they can overflow.
constexpr u64 count_every = u64{1} << 30;

}  // namespace

/// The next frames of the ring; an empty batch when no block is ready.
Result<Batch> PacketCapture::fill() {
  forget_batch();
  if (queue_) return fill_from_queue();
  for (;;) {
    if (!left_) {
      if (ring_.holding()) ring_.release();
      packet_ = ring_.take(left_);
      if (!packet_) return Batch();
      if (ring_.losing()) note_drops();
    }
    if (fill_from_block()) return batch();
  }
}

u32 PacketCapture::fill_from_block() {
  const u32 packets = std::min(left_, frames_at_once);
  const bool test = ring_.taken() <= test_until_;
  const LinkType link = interface_.info.link_type;
  tpacket3_hdr* packet = packet_;
  u32 count = 0;
  for (u32 i = 0; i < packets; ++i) {
    auto& frame = frames_[count];
    build_frame(frame, *packet, link, form_);
    packet = next_packet(packet);
    if (test && !wanted(frame)) continue;
    finish_frame(frame);
    ++count;
  }
  packet_ = packet;
  left_ -= packets;
  this->count(packets, count);
  return count;
}

Result<Batch> PacketCapture::fill_from_queue() {
  for (;;) {
    const auto received = queue_.receive(calls_, socket_.get(), frames_, interface_.info.link_type, form_);
    if (!received) {
      note_socket_error(received.error());
      if (received.error() == ENETDOWN) continue;  // told once
      return fail(system_error(Operation::read_interface, interface_.name(), "recvmmsg", received.error()));
    }
    const u32 packets = *received;
    if (!packets) return Batch();
    const bool test = captured_ < test_until_;
    u32 kept = 0;
    for (u32 i = 0; i < packets; ++i) {
      if (test && !wanted(frames_[i])) continue;
      finish_frame(frames_[i]);
      if (kept != i) frames_[kept] = frames_[i];
      ++kept;
    }
    if (queue_.losing()) note_drops();
    count(packets, kept);
    if (kept) return batch();
  }
}

void PacketCapture::count(u32 packets, u32 frames) {
  LiveCapture::count(packets, frames);
  if (frames && drops_to_tell_) {
    frames_[0].info.has_drops = true;
    frames_[0].info.drops_before = u32(std::min<u64>(std::exchange(drops_to_tell_, 0), ~u32{}));
  }
  if (captured_ - counted_at_ >= count_every) note_drops();
}

/// The user's program over the packet as the kernel saw it, without its tag.
bool PacketCapture::wanted(Frame& frame) const {
  const bpf::Surroundings surroundings{.interface_index = interface_.index(), .hardware_type = interface_.hardware_type};
  const u32 kept = bpf::run(filter_->program.view(), frame, surroundings);
  frame.bytes.size = std::min<size_t>(frame.bytes.size, kept);
  return kept;
}

void PacketCapture::finish_frame(Frame& frame) const {
  if (frame.info.has_vlan && (form_ == Form::cooked || frame.link == LinkType::ethernet)) restore_tag(frame, form_);
  if (frame.bytes.size > snaplen_) frame.bytes.size = snaplen_;
}

void PacketCapture::note_drops() {
  drops_to_tell_ += kernel_.read(calls_, socket_.get());
  counted_at_ = captured_;
}

}  // namespace trawl::inline v0::linux_capture
