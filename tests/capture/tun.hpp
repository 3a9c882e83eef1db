// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The other side of a tun interface: whole IP packets, without any header in front.
#pragma once
#include <string>
#include <vector>

#include "trawl/core/bytes.hpp"

namespace trawl::testing_network {

class Tun {
 public:
  /// Whether this user may have one in a network namespace of their own.
  static bool available();
  /// A new interface, up. It goes with this object.
  explicit Tun(const std::string& name);
  Tun(const Tun&) = delete;
  Tun& operator=(const Tun&) = delete;
  ~Tun();
  /// A packet that the machine receives.
  void send(Bytes packet) const;
  /// A packet that the machine has sent.
  std::vector<u8> receive() const;

 private:
  int fd_;
};

}  // namespace trawl::testing_network
