// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A real TCP sender and receiver, in whatever network the thread is in.
#pragma once
#include "trawl/core/bytes.hpp"

namespace trawl::testing_network {

/// Waits for one connection.
class TcpReceiver {
 public:
  explicit TcpReceiver(const char* ipv4);
  TcpReceiver(const TcpReceiver&) = delete;
  TcpReceiver& operator=(const TcpReceiver&) = delete;
  ~TcpReceiver();
  u16 port() const { return port_; }
  /// Takes it and reads to its end. @return how many bytes came
  size_t receive();

 private:
  int fd_;
  u16 port_ = 0;
};

void send_over_tcp(const char* ipv4, u16 port, size_t bytes);

}  // namespace trawl::testing_network
