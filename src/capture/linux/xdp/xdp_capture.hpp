// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Capture through AF_XDP: an Ethernet interface's packets, taken from the rest of the machine. The filter runs here.
#pragma once
#include <vector>

#include "capture/linux/live_capture.hpp"
#include "capture/linux/xdp/xdp_program.hpp"
#include "capture/linux/xdp/xdp_socket.hpp"

namespace trawl::inline v0::linux_capture {

class XdpCapture : public LiveCapture<XdpCapture> {
 public:
  static Result<std::unique_ptr<XdpCapture>> open(const SystemCalls& calls, std::string_view interface, const CaptureOptions& options);

  Result<std::optional<Batch>> drain();
  CaptureStatistics statistics();

 private:
  friend class LiveCapture;

  XdpCapture(const SystemCalls& calls, Interface interface, XdpProgram program, const CaptureOptions& options)
      : LiveCapture(calls, std::move(interface), options),
        program_(std::move(program)) {}
  Result<void> open_queues(const CaptureOptions& options);
  Result<void> watch_queues(const CaptureOptions& options);

  static constexpr auto filter_target = bpf::Target::live;
  Result<void> use(bpf::Program program) { return filter_ = std::move(program), Result<void>(); }
  Result<void> let_in() { return program_.attach(interface_.name(), interface_.index()); }
  Result<void> give_up();
  Result<Batch> fill();
  void forget_batch();

  std::optional<bpf::Program> filter_;
  XdpProgram program_;
  std::vector<XdpSocket> queues_;
  Descriptor promiscuous_;

  size_t turn_ = 0;              ///< queue that is read next
  size_t batch_queue_ = 0;       ///< queue of the last batch
  u32 batch_slots_ = 0;          ///< descriptors of it that are still ours
  CaptureStatistics at_close_;
};

}  // namespace trawl::inline v0::linux_capture
