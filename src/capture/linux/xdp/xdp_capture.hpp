// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Capture through AF_XDP: an Ethernet interface's packets, taken from the rest of the machine. The filter runs here.
#pragma once
#include <array>
#include <vector>

#include "capture/linux/deadline.hpp"
#include "capture/linux/wake_ups.hpp"
#include "capture/linux/xdp/xdp_program.hpp"
#include "capture/linux/xdp/xdp_socket.hpp"
#include "trawl/capture/capture.hpp"
#include "trawl/capture/interfaces.hpp"

namespace trawl::inline v0::linux_capture {

class XdpCapture {
 public:
  static Result<std::unique_ptr<XdpCapture>> open(const SystemCalls& calls, std::string_view interface, const CaptureOptions& options);

  Result<std::optional<Batch>> next() { return take(Deadline::after(timeout_)); }
  Result<std::optional<Batch>> poll_next() { return take(Deadline::after(std::chrono::nanoseconds(0))); }
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
  XdpCapture(const SystemCalls& calls, Interface interface, XdpProgram program, const CaptureOptions& options);
  Result<void> open_queues(const CaptureOptions& options);
  Result<void> watch(const CaptureOptions& options);
  Result<std::optional<Batch>> take(const Deadline& deadline);
  Batch fill();
  void give_back();
  /// @return false when the time is over
  Result<bool> wait(const Deadline& deadline);

  const SystemCalls& calls_;
  Interface interface_;
  std::string filter_text_;
  std::optional<bpf::Program> filter_;
  const u32 snaplen_;
  std::optional<std::chrono::nanoseconds> timeout_;

  XdpProgram program_;
  std::vector<XdpSocket> queues_;
  Descriptor promiscuous_;
  WakeUps wake_ups_;

  size_t turn_ = 0;              ///< queue that is read next
  size_t batch_queue_ = 0;       ///< queue of the last batch
  u32 batch_slots_ = 0;          ///< descriptors of it that are still ours
  std::array<Frame, Batch::max_frames> frames_;
  u64 captured_ = 0, filtered_ = 0, drops_at_open_ = 0;
  CaptureStatistics at_close_;
  Warnings warnings_;
  bool gone_ = false, ended_ = false, closed_ = false, draining_ = false;
};

}  // namespace trawl::inline v0::linux_capture
