// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A descriptor, the name that errors are told with, and messages over it.
#pragma once
#include "capture/linux/socket/kernel_counters.hpp"
#include "capture/linux/system_error.hpp"
#include "trawl/capture/sockets/raw_socket.hpp"

namespace trawl::inline v0::detail {

struct RawSocketBody {
  const linux_capture::SystemCalls& calls;
  linux_capture::Descriptor fd;
  std::string name;  ///< of the interface or protocol, for errors
  LinkType link = LinkType::raw;  ///< that filters are written for
  bool on_interface = false;      ///< `name` is one's
  TimestampSource receive_times = TimestampSource::none, send_times = TimestampSource::none;
  linux_capture::KernelCounters counters = {};

  std::unexpected<Error> failed(Operation operation, std::string_view call, int code = 0) const;
  template <class T> Result<void> set(int level, int option, const T& value, std::string_view call) const {
    if (calls.setsockopt(fd.get(), level, option, &value, sizeof value) < 0) return failed(Operation::set_option, call);
    return {};
  }
  /// For hardware times: that the interface has them, and that they are switched on.
  Result<void> require_clock(TimestampSource source) const;
  /// `from`: sockaddr_storage; what is there afterwards is of the family of the socket.
  Result<Received> receive(std::span<u8> buffer, sockaddr_storage& from, MessageFlags flags) const;
  Result<size_t> send(Bytes packet, const sockaddr* to, socklen_t to_size, MessageFlags flags) const;
};

}  // namespace trawl::inline v0::detail
