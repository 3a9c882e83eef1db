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

inline void finish_frame(Frame& frame, Form form, u32 snaplen) {
  if (frame.info.has_vlan && (form == Form::cooked || frame.link == LinkType::ethernet)) [[unlikely]]
    restore_tag(frame, form);
  if (frame.bytes.size > snaplen) frame.bytes.size = snaplen;
}

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
  const bool straight = form_ != Form::cooked && ring_.taken() > test_until_;
  const u32 frames = straight ? build_frames<Way::straight>(packets) : build_frames<Way::any>(packets);
  left_ -= packets;
  count(packets, frames);
  return frames;
}

/// Straight: no header to write, no filter to run. @return how many frames
template <PacketCapture::Way way> u32 PacketCapture::build_frames(u32 packets) {
  constexpr u32 ahead = 8;
  const LinkType link = interface_.info.link_type;
  const Form form = way == Way::straight ? Form::whole : form_;  // in registers: frames are written through u8, which may be anything
  const u32 snaplen = snaplen_;
  const bool test = way == Way::any && ring_.taken() <= test_until_;
  tpacket3_hdr* packet = packet_;
  Frame* frame = frames_.data();
  for (u32 i = 0; i < packets; ++i) {
    // Packets come one behind the other and mostly alike, so this is near the one that will be wanted.
    __builtin_prefetch(reinterpret_cast<const u8*>(packet) + size_t{ahead} * packet->tp_next_offset);
    if constexpr (way == Way::straight) set_packet(*frame, *packet);
    else build_frame(*frame, *packet, link, form);
    packet = next_packet(packet);
    if (test && !wanted(*frame)) continue;
    finish_frame(*frame, form, snaplen);
    ++frame;
  }
  packet_ = packet;
  return u32(frame - frames_.data());
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
      finish_frame(frames_[i], form_, snaplen_);
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

void PacketCapture::note_drops() {
  drops_to_tell_ += kernel_.read(calls_, socket_.get());
  counted_at_ = captured_;
}

}  // namespace trawl::inline v0::linux_capture
