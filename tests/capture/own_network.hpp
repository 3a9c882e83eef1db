// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Network namespaces and numbered packets for tests. Nothing outside the test's own namespace is touched.
#pragma once
#include <functional>
#include <thread>
#include <vector>

#include "capture/links.hpp"
#include "trawl/capture/capture.hpp"
#include "trawl/core/bytes.hpp"

namespace trawl::testing_network {

/// Runs `body` in a process of its own with an empty network namespace, as root there; skips the test where that, or a
/// packet ring in it, is not to be had. IPv6 is off, so that no packet is there but the test's.
void in_own_network(const std::function<void()>& body, int longest_seconds = 100);

/// Of this process.
size_t open_descriptors();

/// Within in_own_network(): skips the test, because the kernel does not have, for this user, what it is about.
[[noreturn]] void skip_here();

/// How open_capture() and with_capture() capture where the options leave that open.
inline CaptureMethod method_under_test = CaptureMethod::automatic;
Result<Capture> open_capture(std::string_view interface, CaptureOptions options = {});

/// A second network namespace. Threads that are started in it stay in it, and so do the sockets they open.
class OtherNetwork {
 public:
  OtherNetwork();
  OtherNetwork(const OtherNetwork&) = delete;
  OtherNetwork& operator=(const OtherNetwork&) = delete;
  ~OtherNetwork();
  int fd() const { return fd_; }
  std::thread start(std::function<void()> body) const;

 private:
  int fd_ = -1;
};

/// UDP over IPv4 in 50 bytes, with a number at byte 42 as payload; the flow is told by its source port, at byte 34.
std::vector<u8> flow_packet(u16 flow, u64 number);

/// A frame of the local experimental EtherType with a number in it.
std::vector<u8> numbered(u64 number, size_t size = 64);
/// The number, or ~0 for another frame.
u64 number_of(Bytes frame, size_t header = 14);
/// The numbers of the frames that come until nothing comes for the capture's timeout.
std::vector<u64> numbers_until_idle(Capture& capture);

/// A socket that puts frames on an interface, without help of the library.
class Wire {
 public:
  explicit Wire(const std::string& name);
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  ~Wire();
  /// @return 0 or errno
  int send(Bytes frame) const;
  void send_numbered(u64 first, u64 count, size_t size = 64) const;

 private:
  int fd_;
};

/// Forks a process that closes its copy of the capture and ends. @return its exit status: 0 when close() went well
int close_in_a_fork(Capture& capture);

/// In a network of its own: a capture on "right" of a new pair, and "left", the other end of it.
void with_capture(const CaptureOptions& options, const std::function<void(Capture&, const Wire&)>& body);

}  // namespace trawl::testing_network
