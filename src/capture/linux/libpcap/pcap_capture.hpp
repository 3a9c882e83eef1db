// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Capture through libpcap, for what only it knows how to open: nflog, usbmon, bluetooth, dbus. Packets are copied once,
/// and the filter runs here.
#pragma once
#include <vector>

#include "capture/linux/libpcap/pcap_library.hpp"
#include "capture/linux/live_capture.hpp"

namespace trawl::inline v0::linux_capture {

class PcapCapture : public LiveCapture<PcapCapture> {
 public:
  /// @return not_supported where libpcap is not installed
  static Result<std::unique_ptr<PcapCapture>> open(const SystemCalls& calls, std::string_view device, const CaptureOptions& options);

  Result<std::optional<Batch>> drain();
  CaptureStatistics statistics();

 private:
  friend class LiveCapture;
  struct Close {
    const PcapLibrary* library;
    void operator()(pcap* handle) const { library->close(handle); }
  };
  using Handle = std::unique_ptr<pcap, Close>;

  PcapCapture(const SystemCalls& calls, const PcapLibrary& library, std::string_view device, const CaptureOptions& options);
  Result<void> activate(const CaptureOptions& options);
  Result<void> choose_link_type();
  Error failed(Operation operation, int code) const;

  static constexpr auto filter_target = bpf::Target::offline;  // tags are in the bytes
  Result<void> use(bpf::Program program) { return filter_ = std::move(program), Result<void>(); }
  Result<void> let_in() { return {}; }
  Result<void> give_up();
  Result<Batch> fill();
  Result<bool> sleep(const Deadline& deadline);
  void keep(const PcapPacketHeader& header, const u8* bytes);
  void read_statistics();

  const PcapLibrary& library_;
  const std::string device_;
  const size_t head_room_;
  Handle handle_;
  int packets_fd_ = -1;  ///< that poll() can wait for
  bool nanoseconds_ = false;
  std::optional<bpf::Program> filter_;

  std::vector<u8> bytes_;  ///< of the batch
  std::vector<size_t> begins_;

  PcapStatistics last_ = {};
  u64 received_ = 0, dropped_ = 0, dropped_interface_ = 0;
  u64 drain_until_ = 0;
  std::optional<Deadline> last_packets_;
};

}  // namespace trawl::inline v0::linux_capture
