// SPDX-License-Identifier: Apache-2.0 OR MIT
/// One way of handing packets to the kernel. What to do when it says no is the business of SenderBody.
#pragma once
#include <memory>
#include <span>

#include "capture/linux/interfaces/hardware_types.hpp"
#include "capture/linux/interfaces/links.hpp"
#include "capture/linux/system_calls.hpp"
#include "trawl/capture/sender.hpp"

namespace trawl::inline v0::linux_capture {

/// The kernel has taken the first `taken` of the packets offered. `code`: errno, why it did not take the next one;
/// ENOBUFS and EAGAIN mean that it may, later. 0: offer the rest.
struct Offered {
  u32 taken = 0;
  int code = 0;
};

class SendPath {
 public:
  virtual ~SendPath() = default;
  /// Does not wait. After a refusal the same packets are offered again from the refused one on, unless skip() or
  /// forget() came between.
  /// @pre !frames.empty()
  virtual Offered offer(std::span<const Bytes> frames) = 0;
  /// The packet that was refused will not be offered again.
  virtual void skip() {}
  /// Nothing of what was offered and not taken will be offered again.
  virtual void forget() {}
  /// Packets taken that the kernel still has.
  virtual u32 in_flight() { return 0; }
  /// Becomes writable when there may be room again.
  virtual int fd() const = 0;
  /// @return 0 or errno
  virtual int close() = 0;
};

struct PathRequest {
  const SystemCalls& calls;
  const Interface& interface;
  HardwareType type;
  const SenderOptions& options;
};
Result<std::unique_ptr<SendPath>> open_send_socket(const PathRequest& request);
Result<std::unique_ptr<SendPath>> open_send_ring(const PathRequest& request);
Result<std::unique_ptr<SendPath>> open_send_xdp(const PathRequest& request);

/// A packet socket that receives nothing, bound to the interface, with the options set.
Result<Descriptor> open_sending_socket(const PathRequest& request);

}  // namespace trawl::inline v0::linux_capture
