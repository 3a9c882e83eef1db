// SPDX-License-Identifier: Apache-2.0 OR MIT
/// One descriptor that an event loop can wait on until a refused packet may be offered again.
#pragma once
#include <string_view>

#include "capture/linux/system_calls.hpp"
#include "trawl/core/error.hpp"

namespace trawl::inline v0::linux_capture {

/// Readable when the socket has room, when it is time to try again (an interface without room says nothing when it has
/// some), or after a stop.
class RoomWatch {
 public:
  static Result<RoomWatch> create(const SystemCalls& calls, std::string_view interface, int socket, int stop);
  int fd() const { return all_.get(); }
  /// @param code ENOBUFS: the interface is full; EAGAIN: the socket is
  void begin(const SystemCalls& calls, int code);
  /// A packet was taken or given up.
  void end(const SystemCalls& calls);

 private:
  Descriptor all_, timer_;
  int socket_ = -1;
  long pause_ = 0;
};

}  // namespace trawl::inline v0::linux_capture
