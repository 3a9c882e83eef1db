// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Capture by a packet socket, through a ring shared with the kernel or out of the socket's queue: the usual back ends on Linux.
#pragma once
#include <unistd.h>

#include <array>

#include "capture/linux/deadline.hpp"
#include "capture/linux/interfaces/hardware_types.hpp"
#include "capture/linux/socket/kernel_counters.hpp"
#include "capture/linux/socket/packet_socket.hpp"
#include "capture/linux/wake_ups.hpp"
#include "trawl/capture/capture.hpp"

namespace trawl::inline v0::linux_capture {

class PacketCapture {
 public:
  static Result<std::unique_ptr<PacketCapture>> open(const SystemCalls& calls, std::string_view interface, const CaptureOptions& options);

  Result<std::optional<Batch>> next();
  Result<std::optional<Batch>> poll_next();
  Result<std::optional<Batch>> drain();
  int fd() const { return wake_ups_.all.get(); }
  std::span<const InterfaceInfo> interfaces() const { return {&interface_.info, 1}; }
  const Warnings& warnings() const { return warnings_; }
  StopHandle stop_handle() const { return detail::StopState::handle(wake_ups_.stop); }
  void rearm();
  Result<void> set_filter(const bpf::ProgramSource& filter, std::string_view text);
  void set_timeout(std::optional<std::chrono::nanoseconds> timeout) { timeout_ = timeout; }
  CaptureStatistics statistics();
  Result<void> close();

 private:
  enum class Woken : u8 { maybe_packets, timed_out, stopped };
  enum class Link : u8 { there, gone, reported };

  PacketCapture(const SystemCalls& calls, Interface interface, Form form, const CaptureOptions& options)
      : calls_(calls),
        interface_(std::move(interface)),
        form_(form),
        snaplen_(effective_snaplen(options)),
        timeout_(options.timeout) {}
  Result<void> prepare(PacketSocket socket, const CaptureOptions& options);

  Result<std::optional<Batch>> take(const Deadline& deadline);
  Batch fill();
  u32 fill_from_block();
  Batch fill_from_queue();
  void count(u32 packets, u32 frames);
  void warn_about_memory(const PacketSocket& socket);
  bool wanted(Frame& frame) const;
  void finish_frame(Frame& frame) const;
  void forget_batch();
  void note_drops();

  Result<Woken> wait(const Deadline& deadline);
  void check_socket();
  void note_socket_error(int code);
  void check_link();
  bool everything_read();
  bool give_up_waiting();
  void wait_for_last_block();

  const SystemCalls& calls_;
  Interface interface_;
  std::string filter_text_;
  const Form form_;
  const u32 snaplen_;
  std::optional<std::chrono::nanoseconds> timeout_;

  Descriptor socket_;
  WakeUps wake_ups_;
  Ring ring_;           ///< one of the two
  MessageQueue queue_;
  std::optional<AttachedFilter> filter_;
  Unwanted unwanted_;
  u64 test_until_ = 0;  ///< blocks, of the queue packets, up to this one may have passed another filter only

  tpacket3_hdr* packet_ = nullptr;  ///< next one of the held block
  u32 left_ = 0;                    ///< how many are still in it
  u64 drops_to_tell_ = 0;
  std::array<Frame, Batch::max_frames> frames_;
  u32 frames_used_ = 0;

  KernelCounters kernel_;
  u64 captured_ = 0, filtered_ = 0, counted_at_ = 0;
  u64 drops_at_open_ = 0, drops_of_link_ = 0;
  Warnings warnings_;
  Link link_ = Link::there;
  const pid_t opened_by_ = ::getpid();
  std::optional<Error> read_error_;
  bool ended_ = false, closed_ = false, draining_ = false;
  std::optional<Deadline> last_block_;  ///< by when the kernel must have handed over the last block
};

}  // namespace trawl::inline v0::linux_capture
