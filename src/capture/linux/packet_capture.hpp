// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Capture by a packet socket, through a ring shared with the kernel or out of the socket's queue: the usual back ends on Linux.
#pragma once
#include "capture/linux/interfaces/hardware_types.hpp"
#include "capture/linux/live_capture.hpp"
#include "capture/linux/socket/kernel_counters.hpp"
#include "capture/linux/socket/packet_socket.hpp"

namespace trawl::inline v0::linux_capture {

class PacketCapture : public LiveCapture<PacketCapture> {
 public:
  static Result<std::unique_ptr<PacketCapture>> open(const SystemCalls& calls, std::string_view interface, const CaptureOptions& options);

  Result<std::optional<Batch>> drain();
  CaptureStatistics statistics();

 private:
  friend class LiveCapture;

  PacketCapture(const SystemCalls& calls, Interface interface, Form form, const CaptureOptions& options)
      : LiveCapture(calls, std::move(interface), options),
        form_(form) {}
  Result<void> prepare(PacketSocket socket);

  static constexpr auto filter_target = bpf::Target::live;
  Result<void> use(bpf::Program program);
  Result<void> let_in();
  Result<void> give_up();

  Result<Batch> fill();
  u32 fill_from_block();
  enum class Way : u8 { straight, any };
  template <Way way> u32 build_frames(u32 packets);
  Result<Batch> fill_from_queue();
  void count(u32 packets, u32 frames);
  void warn_about_memory(const PacketSocket& socket);
  bool wanted(Frame& frame) const;
  void note_drops();

  Result<bool> sleep(const Deadline& deadline);
  void check_socket();
  void note_socket_error(int code);
  void check_link();
  bool everything_read();
  void wait_for_last_block();

  const Form form_;
  Descriptor socket_;
  Ring ring_;           ///< one of the two
  MessageQueue queue_;
  std::optional<AttachedFilter> filter_;
  Unwanted unwanted_;
  u64 test_until_ = 0;  ///< blocks, of the queue packets, up to this one may have passed another filter only

  tpacket3_hdr* packet_ = nullptr;  ///< next one of the held block
  u32 left_ = 0;                    ///< how many are still in it
  u64 drops_to_tell_ = 0;

  KernelCounters kernel_;
  u64 counted_at_ = 0;
  std::optional<Deadline> last_block_;  ///< by when the kernel must have handed over the last block
};

}  // namespace trawl::inline v0::linux_capture
