// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/raw/ring_socket_rings.hpp"

#include <unistd.h>

#include <algorithm>

#include "capture/linux/ring/frame_builder.hpp"
#include "capture/linux/socket/packet_socket.hpp"
#include "capture/poison.hpp"

namespace trawl::inline v0 {

using namespace linux_capture;

Result<std::unique_ptr<RingSocket::Rings>> RingSocket::Rings::open(const SystemCalls& calls, int fd, const Interface& interface,
                                                                   const HardwareType& type, const RingSocketOptions& options) {
  const auto name = interface.name();
  auto rings = std::make_unique<Rings>();
  if (auto chosen = choose_clock(calls, fd, interface, options.time_stamps); !chosen) return fail(chosen.error());
  if (auto set = set_ring_version(calls, fd, name, TPACKET_V3); !set) return fail(set.error());
  RingGeometry received;
  if (options.receive_bytes) {
    auto geometry =
        choose_geometry(options.receive_bytes, size_t(::sysconf(_SC_PAGESIZE)), options.longest_delay, false, largest_packet(interface));
    if (!geometry) return fail(Operation::open_interface, Reason::invalid_option, "receive_bytes");
    geometry->private_bytes = options.private_bytes;
    const bool hash = options.packet_hash == PacketHash::on;
    const auto asked = Ring::ask(calls, fd, name, *geometry, linux_capture::head_room + options.head_room, hash);
    if (!asked) return fail(asked.error());
    received = *asked;
  }
  SlotGeometry sent;
  if (options.send_bytes) {
    const u32 slot_bytes = slot_bytes_for(interface, type, decltype(send)::header_bytes);
    const auto asked = ask_for_send_slots(calls, fd, name, TPACKET_V3, slot_bytes, options.send_bytes);
    if (!asked) return fail(asked.error());
    sent = *asked;
  }
  if (!options.receive_bytes && !options.send_bytes) return fail(Operation::open_interface, Reason::invalid_option, "no ring");
  auto mapped = Ring::map(calls, fd, name, received, sent.bytes());
  if (!mapped) return fail(mapped.error());
  rings->receive = *std::move(mapped);
  if (options.send_bytes) rings->send = {rings->receive.behind(), sent};
  rings->numbers.resize(rings->send.size());
  return rings;
}

Batch RingSocket::Rings::fill(LinkType link) {
  detail::poison_frames(std::span(frames).first(std::exchange(frames_used, 0)));
  while (!left) {
    if (receive.holding()) receive.release();
    packet = receive.take(packets_in_block);
    if (!packet) return {};
    left = packets_in_block;
  }
  frames_used = std::min(left, Batch::max_frames);
  left -= frames_used;
  for (auto& frame : std::span(frames).first(frames_used)) {
    build_frame(frame, *packet, link, Form::whole);
    if (frame.info.has_vlan && link == LinkType::ethernet) restore_tag(frame, Form::whole);
    packet = next_packet(packet);
  }
  return {frames.data(), frames_used, true};
}

u64 RingSocket::Rings::put(size_t size) {
  const u32 at = end();
  send.request(at, size);
  ++waiting;
  return numbers[at] = put_so_far++;
}

u32 RingSocket::Rings::note_taken() {
  u32 taken = 0;
  while (taken < waiting && !send.is_waiting(slot(taken))) ++taken;
  first = slot(taken);
  waiting -= taken;
  return taken;
}

RefusedPacket RingSocket::Rings::remove_first() {
  const u8* const bytes = send.data(first);
  RefusedPacket refused{.number = numbers[first], .bytes = {bytes, bytes + send.length(first)}, .why = {}};
  for (u32 i = 1; i < waiting; ++i) {
    const u32 to = slot(i - 1), from = slot(i);
    send.request(to, Bytes{send.data(from), send.length(from)});
    numbers[to] = numbers[from];
  }
  send.take_back(slot(--waiting));
  return refused;
}

}  // namespace trawl::inline v0
