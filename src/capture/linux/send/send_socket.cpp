// SPDX-License-Identifier: Apache-2.0 OR MIT
/// sendmmsg(2): up to 256 packets with each call.
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "capture/linux/send/send_path.hpp"
#include "capture/linux/system_error.hpp"

namespace trawl::inline v0::linux_capture {
namespace {

constexpr int send_buffer_bytes = 4 << 20;

sockaddr_ll address_of(const Interface& interface, u16 protocol) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_ifindex = int(interface.index());
  address.sll_protocol = htons(protocol);
  return address;
}

class SendSocket final : public SendPath {
 public:
  SendSocket(const PathRequest& request, Descriptor fd)
      : calls_(request.calls),
        fd_(std::move(fd)),
        raw_(request.type.link == LinkType::raw),
        ipv4_(address_of(request.interface, ETH_P_IP)),
        ipv6_(address_of(request.interface, ETH_P_IPV6)) {}

  Offered offer(std::span<const Bytes> frames) override {
    const u32 count = u32(std::min(frames.size(), parts_.size()));
    for (u32 i = 0; i < count; ++i) {
      parts_[i] = {const_cast<u8*>(frames[i].data), frames[i].size};
      messages_[i].msg_hdr = {};
      messages_[i].msg_hdr.msg_iov = &parts_[i];
      messages_[i].msg_hdr.msg_iovlen = 1;
      // Behind a link-layer header the kernel finds the protocol itself; raw IP has none.
      if (raw_) {
        messages_[i].msg_hdr.msg_name = frames[i].size && frames[i][0] >> 4 == 6 ? &ipv6_ : &ipv4_;
        messages_[i].msg_hdr.msg_namelen = sizeof(sockaddr_ll);
      }
    }
    const int sent = calls_.send_many(fd_.get(), messages_.data(), count, MSG_DONTWAIT | MSG_NOSIGNAL);
    return sent < 0 ? Offered{.code = errno} : Offered{.taken = u32(sent)};
  }
  int fd() const override { return fd_.get(); }
  int close() override { return fd_.close(); }

 private:
  const SystemCalls& calls_;
  Descriptor fd_;
  const bool raw_;
  sockaddr_ll ipv4_, ipv6_;
  std::array<iovec, Batch::max_frames> parts_;
  std::array<mmsghdr, Batch::max_frames> messages_;
};

}  // namespace

Result<Descriptor> open_sending_socket(const PathRequest& request) {
  const auto& calls = request.calls;
  const auto name = request.interface.name();
  Descriptor fd(calls, calls.socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (!fd) return fail(system_error(Operation::open_interface, name, "socket", errno));
  const int yes = 1;
  if (request.options.bypass == QdiscBypass::on && calls.setsockopt(fd.get(), SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof yes) < 0)
    return fail(system_error(Operation::open_interface, name, "PACKET_QDISC_BYPASS", errno));
  // More than the usual size needs CAP_NET_ADMIN; without it packets wait a little more often.
  if (calls.setsockopt(fd.get(), SOL_SOCKET, SO_SNDBUFFORCE, &send_buffer_bytes, sizeof send_buffer_bytes) < 0)
    calls.setsockopt(fd.get(), SOL_SOCKET, SO_SNDBUF, &send_buffer_bytes, sizeof send_buffer_bytes);
  const auto address = address_of(request.interface, 0);  // protocol 0: nothing is received
  if (calls.bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0)
    return fail(system_error(Operation::open_interface, name, "bind", errno));
  return fd;
}

Result<std::unique_ptr<SendPath>> open_send_socket(const PathRequest& request) {
  auto fd = open_sending_socket(request);
  if (!fd) return fail(fd.error());
  return std::make_unique<SendSocket>(request, *std::move(fd));
}

}  // namespace trawl::inline v0::linux_capture
