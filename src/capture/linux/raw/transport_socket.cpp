// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/capture/sockets/transport_socket.hpp"

#include <netinet/in.h>

#include <cerrno>
#include <cstring>

#include "capture/linux/raw/raw_socket_body.hpp"

namespace trawl::inline v0 {
namespace {

socklen_t native(const IpEndpoint& endpoint, sockaddr_storage& storage) {
  if (!endpoint.is_ipv6) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    std::memcpy(&address.sin_addr, endpoint.ipv4.octet, 4);
    std::memcpy(&storage, &address, sizeof address);
    return sizeof address;
  }
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  std::memcpy(&address.sin6_addr, endpoint.ipv6.octet, 16);
  address.sin6_scope_id = endpoint.scope;
  std::memcpy(&storage, &address, sizeof address);
  return sizeof address;
}

IpEndpoint endpoint_of(const sockaddr_storage& storage) {
  IpEndpoint endpoint;
  if (storage.ss_family == AF_INET6) {
    sockaddr_in6 address;
    std::memcpy(&address, &storage, sizeof address);
    endpoint.is_ipv6 = true;
    endpoint.scope = address.sin6_scope_id;
    std::memcpy(endpoint.ipv6.octet, &address.sin6_addr, 16);
  } else {
    sockaddr_in address;
    std::memcpy(&address, &storage, sizeof address);
    std::memcpy(endpoint.ipv4.octet, &address.sin_addr, 4);
  }
  return endpoint;
}

Result<void> change_group(const detail::RawSocketBody& body, bool join, const IpEndpoint& group, u32 interface) {
  group_req request{};
  request.gr_interface = interface;
  native(group, request.gr_group);
  return body.set(group.is_ipv6 ? IPPROTO_IPV6 : IPPROTO_IP, join ? MCAST_JOIN_GROUP : MCAST_LEAVE_GROUP, request,
                  join ? "MCAST_JOIN_GROUP" : "MCAST_LEAVE_GROUP");
}

}  // namespace

TransportSocket::TransportSocket(std::unique_ptr<detail::RawSocketBody> body, Family family)
    : RawSocket(std::move(body)),
      family_(family) {}

Result<TransportSocket> TransportSocket::open(Family family, u8 protocol) {
  const auto name = (family == Family::ipv4 ? "IPv4 protocol " : "IPv6 protocol ") + std::to_string(protocol);
  if (protocol == IPPROTO_RAW) return fail(Operation::open_interface, Reason::invalid_option, name);
  const auto& calls = linux_capture::real_system_calls();
  linux_capture::Descriptor fd(calls, calls.socket(family == Family::ipv4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC, protocol));
  if (!fd) return fail(linux_capture::system_error(Operation::open_interface, name, "socket", errno));
  return TransportSocket(std::make_unique<detail::RawSocketBody>(calls, std::move(fd), name), family);
}

Result<Received> TransportSocket::receive(std::span<u8> buffer, IpEndpoint* from, MessageFlags flags) {
  sockaddr_storage storage{};
  auto received = body().receive(buffer, storage, flags);
  if (received && from) *from = endpoint_of(storage);
  return received;
}

Result<size_t> TransportSocket::send(Bytes packet, MessageFlags flags) { return body().send(packet, nullptr, 0, flags); }
Result<size_t> TransportSocket::send_to(Bytes packet, const IpEndpoint& to, MessageFlags flags) {
  sockaddr_storage storage{};
  const socklen_t size = native(to, storage);
  return body().send(packet, reinterpret_cast<const sockaddr*>(&storage), size, flags);
}

Result<void> TransportSocket::bind(const IpEndpoint& local) {
  sockaddr_storage storage{};
  const socklen_t size = native(local, storage);
  if (body().calls.bind(fd(), reinterpret_cast<const sockaddr*>(&storage), size) < 0) return body().failed(Operation::set_option, "bind");
  return {};
}

Result<void> TransportSocket::connect(const IpEndpoint& remote) {
  sockaddr_storage storage{};
  const socklen_t size = native(remote, storage);
  if (body().calls.connect(fd(), reinterpret_cast<const sockaddr*>(&storage), size) < 0)
    return body().failed(Operation::set_option, "connect");
  return {};
}

Result<void> TransportSocket::bind_to_interface(std::string_view interface) {
  const std::string name(interface);
  if (body().calls.setsockopt(fd(), SOL_SOCKET, SO_BINDTODEVICE, name.c_str(), socklen_t(name.size())) < 0) {
    const int code = errno;
    return fail(linux_capture::system_error(Operation::open_interface, name, "SO_BINDTODEVICE", code));
  }
  body().on_interface = !name.empty();
  if (!name.empty()) body().name = name;
  return {};
}

Result<void> TransportSocket::join_group(const IpEndpoint& group, u32 interface) { return change_group(body(), true, group, interface); }
Result<void> TransportSocket::leave_group(const IpEndpoint& group, u32 interface) { return change_group(body(), false, group, interface); }

Result<void> TransportSocket::set_include_header(bool include) {
  if (family_ == Family::ipv6) return body().set(IPPROTO_IPV6, IPV6_HDRINCL, int(include), "IPV6_HDRINCL");
  return body().set(IPPROTO_IP, IP_HDRINCL, int(include), "IP_HDRINCL");
}
Result<void> TransportSocket::set_checksum_offset(int offset) { return body().set(IPPROTO_IPV6, IPV6_CHECKSUM, offset, "IPV6_CHECKSUM"); }
Result<void> TransportSocket::set_hop_limit(u8 limit) {
  const int value = limit;
  if (family_ == Family::ipv6) return body().set(IPPROTO_IPV6, IPV6_UNICAST_HOPS, value, "IPV6_UNICAST_HOPS");
  return body().set(IPPROTO_IP, IP_TTL, value, "IP_TTL");
}

}  // namespace trawl::inline v0
