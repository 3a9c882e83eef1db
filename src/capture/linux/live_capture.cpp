// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/live_capture.hpp"

#include <cerrno>

#include "capture/linux/interfaces/netlink.hpp"
#include "capture/linux/socket/packet_socket.hpp"
#include "capture/linux/system_error.hpp"
#include "capture/poison.hpp"

namespace trawl::inline v0::linux_capture {

LiveParts::LiveParts(const SystemCalls& calls, Interface interface, const CaptureOptions& options)
    : calls_(calls),
      interface_(std::move(interface)),
      snaplen_(effective_snaplen(options)),
      timeout_(options.timeout) {
  interface_.info.snaplen = snaplen_;
  name_filter(options.filter, options.filter_text);
}

Result<void> LiveParts::watch(std::span<const int> packets) {
  auto wake_ups = WakeUps::create(calls_, interface_.name(), packets);
  if (!wake_ups) return fail(wake_ups.error());
  wake_ups_ = *std::move(wake_ups);
  return {};
}

void LiveParts::warn_of_no_hash(const CaptureOptions& options) {
  if (options.packet_hash == PacketHash::off) return;
  Error error{.operation = Operation::open_interface, .reason = Reason::not_supported};
  warnings_.add(error.with("a hash of each packet: only a ring brings one"));
}

Result<bpf::Program> LiveParts::program_of(const bpf::ProgramSource& filter, bpf::Target target) const {
  if (closed_) return fail(Operation::attach_filter, Reason::closed, interface_.name());
  return filter(interface_.info.link_type, target);
}

void LiveParts::name_filter(const bpf::ProgramSource& filter, std::string_view text) {
  filter_text_ = text.empty() ? filter.text() : text;
  interface_.info.filter = filter_text_;
}

void LiveParts::forget_batch() { detail::poison_frames(std::span(frames_).first(std::exchange(frames_used_, 0))); }

void LiveParts::read_link_drops() {
  const auto drops = link_drops(calls_, interface_.index());
  if (!drops) return;
  if (!drops_at_open_) drops_at_open_ = drops->received;
  drops_of_link_ = drops->received - *drops_at_open_;
}

CaptureStatistics LiveParts::counted() const {
  CaptureStatistics result;
  result.captured = captured_;
  result.filtered = filtered_;
  result.delivered = captured_ - filtered_;
  result.dropped_interface = drops_of_link_;
  return result;
}

Result<bool> LiveParts::sleep(const Deadline& deadline) {
  timespec storage;
  const int ready = calls_.poll(wake_ups_.fds.data(), wake_ups_.fds.size(), deadline.left(storage));
  if (ready < 0 && errno != EINTR) return fail(system_error(Operation::read_interface, interface_.name(), "poll", errno));
  if (ready <= 0) {
    for (auto& fd : wake_ups_.fds) fd.revents = 0;
    return false;
  }
  if (wake_ups_.fds[WakeUps::stop_at].revents) wake_ups_.stop->seen();
  if (!wake_ups_.fds[WakeUps::links_at].revents) return false;
  clear_watch(calls_, wake_ups_.links.get());
  return true;
}

}  // namespace trawl::inline v0::linux_capture
