// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What becomes of each packet: counted, offered again, given up. The way to the kernel is a SendPath.
#pragma once
#include "capture/linux/deadline.hpp"
#include "capture/linux/send/room_watch.hpp"
#include "capture/linux/send/send_path.hpp"
#include "capture/stop_state.hpp"
#include "trawl/capture/sender.hpp"

namespace trawl::inline v0::detail {

class SenderBody {
 public:
  static Result<Sender> open(const linux_capture::SystemCalls& calls, std::string_view interface, const SenderOptions& options);
  Result<void> send(Bytes frame);
  Result<void> send(const Batch& batch);
  Result<u32> poll_send(const Batch& batch);
  int fd() const { return room_.fd(); }
  Result<void> flush();
  bool wait_until(std::chrono::steady_clock::time_point time);
  const InterfaceInfo& interface() const { return interface_.info; }
  SendMethod method() const { return method_; }
  const Warnings& warnings() const { return warnings_; }
  SenderStatistics statistics();
  StopHandle stop_handle() const { return StopState::handle(stop_); }
  void rearm() { stop_->rearm(); }
  Result<void> close();

 private:
  /// Who waits when there is no room: we, or an event loop.
  enum class Wait : u8 { here, elsewhere };

  SenderBody(const linux_capture::SystemCalls& calls, Interface interface, linux_capture::HardwareType type, const SenderOptions& options)
      : calls_(calls),
        interface_(std::move(interface)),
        type_(type),
        options_(options) {}
  Result<void> open_path();
  Result<u32> send(const Batch& batch, Wait wait);
  u32 offer(std::span<const Bytes> frames, Result<void>& refused, Wait wait);
  bool try_later(int code);
  bool make_room(long& pause, linux_capture::Deadline& deadline);
  std::unexpected<Error> refuse(Bytes frame, int code);

  const linux_capture::SystemCalls& calls_;
  Interface interface_;
  linux_capture::HardwareType type_;
  SenderOptions options_;
  SendMethod method_ = SendMethod::socket;
  std::unique_ptr<linux_capture::SendPath> path_;
  std::shared_ptr<StopState> stop_;
  linux_capture::RoomWatch room_;
  std::optional<linux_capture::Deadline> give_up_;  ///< of the packet that an event loop waits for
  SenderStatistics statistics_;
  u64 drops_at_open_ = 0, told_of_ = 0;  ///< refusals for want of room: the interface counts them, too
  Warnings warnings_;
};

}  // namespace trawl::inline v0::detail
