// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The program on the interface that hands each packet to the AF_XDP socket of its queue. Loaded by bpf(2) alone.
#pragma once
#include "capture/linux/system_calls.hpp"
#include "trawl/core/error.hpp"

namespace trawl::inline v0::linux_capture {

class XdpProgram {
 public:
  /// Packets of queues without a socket go their usual way.
  static Result<XdpProgram> load(const SystemCalls& calls, std::string_view interface, u32 queues);
  Result<void> add(std::string_view interface, u32 queue, int socket) const;
  /// In the driver where it can, else in the network stack. In force until detach() or the end of the process.
  /// @return EBUSY in Error::system_error where the interface has a program already
  Result<void> attach(std::string_view interface, u32 index);
  void detach() { link_.close(); }

 private:
  explicit XdpProgram(const SystemCalls& calls) : calls_(&calls) {}
  const SystemCalls* calls_;
  Descriptor map_, program_, link_;
};

}  // namespace trawl::inline v0::linux_capture
