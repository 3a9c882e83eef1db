// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Sending through a plain packet socket.
#pragma once
#include "capture/linux/deadline.hpp"
#include "capture/linux/interfaces/hardware_types.hpp"
#include "capture/linux/interfaces/links.hpp"
#include "trawl/capture/sender.hpp"

namespace trawl::inline v0::detail {

class SenderBody {
 public:
  static Result<Sender> open(const linux_capture::SystemCalls& calls, std::string_view interface, const SenderOptions& options);
  Result<void> send(Bytes frame);
  Result<void> send(const Batch& batch);
  const InterfaceInfo& interface() const { return interface_.info; }
  const Warnings& warnings() const { return warnings_; }
  SenderStatistics statistics();
  Result<void> close();

 private:
  SenderBody(const linux_capture::SystemCalls& calls, Interface interface, linux_capture::HardwareType type, const SenderOptions& options,
             linux_capture::Descriptor fd)
      : calls_(calls),
        interface_(std::move(interface)),
        type_(type),
        options_(options),
        fd_(std::move(fd)) {}
  std::unexpected<Error> refuse(Bytes frame, int code);

  const linux_capture::SystemCalls& calls_;
  Interface interface_;
  linux_capture::HardwareType type_;
  SenderOptions options_;
  linux_capture::Descriptor fd_;
  SenderStatistics statistics_;
  u64 drops_at_open_ = 0;
  Warnings warnings_;
};

}  // namespace trawl::inline v0::detail
