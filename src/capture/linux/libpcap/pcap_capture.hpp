// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Capture through libpcap, for what only it knows how to open: nflog, usbmon, bluetooth, dbus. Packets are copied once,
/// and the filter runs here.
#pragma once
#include <array>
#include <vector>

#include "capture/linux/deadline.hpp"
#include "capture/linux/libpcap/pcap_library.hpp"
#include "capture/linux/wake_ups.hpp"
#include "trawl/capture/capture.hpp"
#include "trawl/capture/interfaces.hpp"

namespace trawl::inline v0::linux_capture {

class PcapCapture {
 public:
  /// @return not_supported where libpcap is not installed
  static Result<std::unique_ptr<PcapCapture>> open(const SystemCalls& calls, std::string_view device, const CaptureOptions& options);

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
  struct Close {
    const PcapLibrary* library;
    void operator()(pcap* handle) const { library->close(handle); }
  };
  using Handle = std::unique_ptr<pcap, Close>;

  PcapCapture(const SystemCalls& calls, const PcapLibrary& library, std::string_view device, const CaptureOptions& options);
  Result<void> activate(const CaptureOptions& options);
  Result<void> choose_link_type();
  Error failed(Operation operation, int code) const;

  Result<std::optional<Batch>> take(const Deadline& deadline);
  Result<Batch> fill();
  Result<void> wait(const Deadline& deadline);
  void keep(const PcapPacketHeader& header, const u8* bytes);
  void read_statistics();

  const SystemCalls& calls_;
  const PcapLibrary& library_;
  std::string device_, filter_text_;
  Interface interface_;
  const u32 snaplen_;
  const size_t head_room_;
  std::optional<std::chrono::nanoseconds> timeout_;
  Handle handle_;
  int packets_fd_ = -1;  ///< that poll() can wait for
  bool nanoseconds_ = false;
  WakeUps wake_ups_;
  std::optional<bpf::Program> filter_;

  std::vector<u8> bytes_;  ///< of the batch
  std::vector<size_t> begins_;
  std::array<Frame, Batch::max_frames> frames_;
  u32 frames_used_ = 0;

  PcapStatistics last_ = {};
  u64 received_ = 0, dropped_ = 0, dropped_interface_ = 0, captured_ = 0, filtered_ = 0;
  Warnings warnings_;
  bool ended_ = false, gone_ = false, draining_ = false;
  u64 drain_until_ = 0;
  std::optional<Deadline> last_packets_;
};

}  // namespace trawl::inline v0::linux_capture
