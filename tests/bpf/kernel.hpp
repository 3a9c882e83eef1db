// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The Linux kernel as a judge: a pair of sockets of ours, with the program attached to the receiving one.
#pragma once
#if defined(__linux__)
#  include <linux/filter.h>
#  include <sys/socket.h>
#  include <unistd.h>

#  include <cerrno>
#  include <optional>
#  include <vector>

#  include "trawl/bpf/instruction.hpp"

namespace trawl::test {

class Kernel {
 public:
  Kernel() { usable_ = socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, sockets_) == 0; }
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;
  ~Kernel() {
    if (usable_) close(sockets_[0]), close(sockets_[1]);
  }
  /// False where sockets or filters are not to be had, as under some emulators.
  bool usable() {
    const bpf::Instruction accept[] = {bpf::statement(bpf::op::ret | bpf::op::k, 1)};
    return usable_ && attach(accept) == 0;
  }

  /// 0 or errno.
  int attach(std::span<const bpf::Instruction> program) {
    std::vector<sock_filter> copy;
    for (const auto& in : program) copy.push_back({in.code, in.jt, in.jf, in.k});
    const sock_fprog filter{static_cast<unsigned short>(copy.size()), copy.data()};
    return setsockopt(sockets_[1], SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0 ? 0 : errno;
  }
  /// Bytes that the attached program keeps of a packet; 0: it rejects it. Nothing when the packet could not be sent.
  std::optional<u32> verdict(Bytes packet) {
    if (send(sockets_[0], packet.data, packet.size, 0) != ssize_t(packet.size)) return {};
    u8 buffer[4096];
    const ssize_t received = recv(sockets_[1], buffer, sizeof buffer, 0);
    return received < 0 ? 0 : u32(received);
  }

 private:
  int sockets_[2] = {-1, -1};
  bool usable_ = false;
};

}  // namespace trawl::test
#endif
