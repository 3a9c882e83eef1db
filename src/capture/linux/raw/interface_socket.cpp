// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/capture/sockets/interface_socket.hpp"

#include <arpa/inet.h>
#include <linux/if_packet.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "capture/linux/interfaces/hardware_types.hpp"
#include "capture/linux/interfaces/links.hpp"
#include "capture/linux/raw/raw_socket_body.hpp"
#include "capture/linux/ring/frame_builder.hpp"
#include "capture/linux/socket/fanout_group.hpp"
#include "capture/linux/socket/packet_socket.hpp"

namespace trawl::inline v0 {

using namespace linux_capture;

namespace {

sockaddr_ll native(const LinkAddress& address) {
  sockaddr_ll result{};
  result.sll_family = AF_PACKET;
  result.sll_ifindex = int(address.interface);
  result.sll_protocol = htons(address.protocol);  // the kernel wants it in network order everywhere
  result.sll_halen = std::min<u8>(address.length, 8);
  std::memcpy(result.sll_addr, address.octet, sizeof address.octet);
  return result;
}

LinkAddress address_of(const sockaddr_ll& from) {
  LinkAddress result{.interface = u32(from.sll_ifindex),
                     .protocol = ntohs(from.sll_protocol),
                     .hardware_type = from.sll_hatype,
                     .length = std::min<u8>(from.sll_halen, 8)};
  std::memcpy(result.octet, from.sll_addr, result.length);
  return result;
}

Result<void> bind_socket(const detail::RawSocketBody& body, Operation operation, u32 interface, u16 protocol) {
  const auto address = native({.interface = interface, .protocol = protocol});
  if (body.calls.bind(body.fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0)
    return body.failed(operation, "bind");
  return {};
}

Result<void> change_membership(const detail::RawSocketBody& body, int option, const Membership& membership) {
  constexpr u16 kinds[] = {PACKET_MR_MULTICAST, PACKET_MR_PROMISC, PACKET_MR_ALLMULTI, PACKET_MR_UNICAST};
  packet_mreq request{};
  request.mr_ifindex = int(membership.interface);
  request.mr_type = kinds[size_t(membership.kind)];
  request.mr_alen = std::min<u16>(membership.group.length, 8);
  std::memcpy(request.mr_address, membership.group.octet, sizeof request.mr_address);
  return body.set(SOL_PACKET, option, request, option == PACKET_ADD_MEMBERSHIP ? "PACKET_ADD_MEMBERSHIP" : "PACKET_DROP_MEMBERSHIP");
}

}  // namespace

Result<std::unique_ptr<detail::RawSocketBody>> InterfaceSocket::open(Layer layer, const InterfaceSocketOptions& options) {
  const auto& calls = real_system_calls();
  const auto interface = find_link(calls, Operation::open_interface, options.interface);
  if (!interface) return fail(interface.error());
  // Of no protocol, so that nothing comes before the filter is there.
  Descriptor fd(calls, calls.socket(AF_PACKET, (layer == Layer::link ? SOCK_RAW : SOCK_DGRAM) | SOCK_CLOEXEC, 0));
  if (!fd) return fail(system_error(Operation::open_interface, options.interface, "socket", errno));
  auto body = std::make_unique<detail::RawSocketBody>(calls, std::move(fd), std::string(options.interface));
  body->on_interface = interface->index() != 0;
  body->link = layer == Layer::network ? LinkType::raw
               : body->on_interface    ? hardware_type(interface->hardware_type).link
                                       : LinkType::ethernet;
  if (auto told = body->set(SOL_PACKET, PACKET_AUXDATA, 1, "PACKET_AUXDATA"); !told) return fail(told.error());
  if (options.filter) {
    const auto program = options.filter(body->link, bpf::Target::live);
    if (!program) return fail(program.error());
    if (auto set = attach(calls, body->fd.get(), options.interface, program->instructions()); !set) return fail(set.error());
  }
  if (auto bound = bind_socket(*body, Operation::open_interface, interface->index(), options.protocol); !bound) return fail(bound.error());
  return body;
}

Result<Received> InterfaceSocket::receive(std::span<u8> buffer, LinkAddress* from, MessageFlags flags) {
  sockaddr_storage storage{};
  auto received = body().receive(buffer, storage, flags);
  if (!received) return received;
  sockaddr_ll address;
  std::memcpy(&address, &storage, sizeof address);
  if (from) *from = address_of(address);
  received->info.packet_type = packet_type(address.sll_pkttype);
  received->info.direction = address.sll_pkttype == PACKET_OUTGOING ? Direction::outbound : Direction::inbound;
  return received;
}

Result<size_t> InterfaceSocket::send(Bytes packet, MessageFlags flags) { return body().send(packet, nullptr, 0, flags); }

Result<size_t> InterfaceSocket::send_to(Bytes packet, const LinkAddress& to, MessageFlags flags) {
  const auto address = native(to);
  return body().send(packet, reinterpret_cast<const sockaddr*>(&address), sizeof address, flags);
}

Result<void> InterfaceSocket::bind(std::string_view name, u16 protocol) {
  const auto interface = find_link(body().calls, Operation::open_interface, name);
  if (!interface) return fail(interface.error());
  body().name = name;
  body().on_interface = interface->index() != 0;
  return bind_socket(body(), Operation::open_interface, interface->index(), protocol);
}

Result<LinkAddress> InterfaceSocket::bound() const {
  sockaddr_ll address{};
  socklen_t size = sizeof address;
  if (body().calls.getsockname(fd(), reinterpret_cast<sockaddr*>(&address), &size) < 0)
    return body().failed(Operation::read_interface, "getsockname");
  if (address.sll_ifindex < 0) return fail(Operation::read_interface, Reason::interface_gone, body().name);
  return address_of(address);
}

Result<void> InterfaceSocket::join(const Membership& membership) { return change_membership(body(), PACKET_ADD_MEMBERSHIP, membership); }
Result<void> InterfaceSocket::leave(const Membership& membership) { return change_membership(body(), PACKET_DROP_MEMBERSHIP, membership); }
Result<void> InterfaceSocket::join_fanout(const Fanout& fanout) {
  return linux_capture::join_fanout(body().calls, fd(), body().name, fanout, false);
}
Result<void> InterfaceSocket::set_ignore_outgoing(bool ignore) {
  return body().set(SOL_PACKET, PACKET_IGNORE_OUTGOING, int(ignore), "PACKET_IGNORE_OUTGOING");
}
Result<void> InterfaceSocket::set_qdisc_bypass(bool bypass) {
  return body().set(SOL_PACKET, PACKET_QDISC_BYPASS, int(bypass), "PACKET_QDISC_BYPASS");
}

Result<SocketStatistics> InterfaceSocket::statistics() {
  if (fd() < 0) return body().failed(Operation::read_interface, "PACKET_STATISTICS", EBADF);
  body().counters.read(body().calls, fd());
  return SocketStatistics{body().counters.received(), body().counters.dropped()};
}

Result<LinkSocket> LinkSocket::open(const InterfaceSocketOptions& options) {
  auto body = InterfaceSocket::open(Layer::link, options);
  if (!body) return fail(body.error());
  return LinkSocket(*std::move(body));
}

Result<NetworkSocket> NetworkSocket::open(const InterfaceSocketOptions& options) {
  auto body = InterfaceSocket::open(Layer::network, options);
  if (!body) return fail(body.error());
  return NetworkSocket(*std::move(body));
}

}  // namespace trawl::inline v0
