// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/text/names.hpp"
#include "filter/text/parser.hpp"
#include "trawl/core/endian.hpp"

namespace trawl::inline v0::filter {

namespace {

constexpr std::string_view masks_are_for_networks = "a mask goes with 'net' only";

constexpr std::string_view only_802_11 = "this direction goes with 802.11 addresses only";

bool takes_ipv4(Word protocol) { return protocol == Word::none || protocol == Word::ip || protocol == Word::arp || protocol == Word::rarp; }
bool takes_ipv6(Word protocol) { return protocol == Word::none || protocol == Word::ip6; }
bool is_address(Kind kind) { return kind == Kind::none || kind == Kind::host || kind == Kind::net; }

// 8 bits for each part of 0..255: gives how many bits there are, 0 when it is no such number.
unsigned read_dotted(std::string_view text, u32& value) {
  value = 0;
  unsigned bits = 0;
  while (bits < 32) {
    u32 part = 0;
    size_t n = 0;
    for (; n < text.size() && text[n] >= '0' && text[n] <= '9' && part <= 255; ++n) part = part * 10 + u32(text[n] - '0');
    if (n == 0 || part > 255) return 0;
    value = value << 8 | part, bits += 8;
    if (n == text.size()) return bits;
    if (text[n] != '.') return 0;
    text.remove_prefix(n + 1);
  }
  return 0;
}
constexpr u32 high_bits(unsigned count) { return count == 0 ? 0 : 0xffffffffu << (32 - count); }

bool all_transports(Word protocol) { return protocol == Word::none; }
u8 transport_number(Word protocol) { return protocol == Word::tcp ? 6 : protocol == Word::udp ? 17 : protocol == Word::sctp ? 132 : 0; }

}  // namespace

u32 Parser::value(const Qualifiers& q) {
  if (take(Word::not_)) {
    if (++depth_ > deepest) return fail_at(token(), Reason::too_complex, "nested too deeply");
    const u32 inner = value(q);
    --depth_;
    return inner ? add(Node::Kind::negation, inner) : 0;
  }
  if (at_set()) return value_set(q);
  return at_symbol(Symbol::open) ? value_list(q) : single_value(q);
}

u32 Parser::value_list(const Qualifiers& q) {
  if (++depth_ > deepest) return fail_at(token(), Reason::too_complex, "nested too deeply");
  take();
  u32 left = 0;
  if (at_symbol(Symbol::open)) {  // the first one stands by itself: only a number may have parentheses of its own
    Token where;
    u32 number = 0;
    if (number_in_parentheses(number, where)) left = number_value(q, number, where);
  } else {
    left = value(q);
  }
  while (left && (at_word(Word::and_) || at_word(Word::or_))) {
    const bool by_or = take().word == Word::or_;
    const u32 right = value(q);
    left = right ? join(left, by_or, right) : 0;
  }
  --depth_;
  return left && expect(Symbol::close, "')' is missing") ? left : 0;
}

// N, (N), ((N)), ...
bool Parser::number_in_parentheses(u32& number, Token& where) {
  unsigned open = 0;
  while (take(Symbol::open)) ++open;
  where = token();
  if (where.kind != TokenKind::number) return unexpected("a number is missing") != 0;
  number = take().number;
  while (open-- > 0)
    if (!expect(Symbol::close, "')' is missing")) return false;
  return true;
}

u32 Parser::single_value(const Qualifiers& q) {
  const Token here = token();
  switch (here.kind) {
    case TokenKind::number: return take(), number_value(q, here.number, here);
    case TokenKind::ipv4: return take(), ipv4_value(q, here);
    case TokenKind::ipv6: return take(), ipv6_value(q, here);
    case TokenKind::name: return take(), name_value(q, here);
    case TokenKind::mac:
      take();
      if (q.protocol != Word::link || !is_address(q.kind))
        return fail_at(here, Reason::wrong_type, "a MAC address needs 'ether host' or the like before it");
      return add(Primitive{.kind = PrimitiveKind::mac, .qualifiers = q, .mac = *parse_mac(here.text), .where = span(here)});
    case TokenKind::octet:
      take();
      if (q.protocol != Word::link || !is_address(q.kind))
        return fail_at(here, Reason::wrong_type, "an 8-bit address needs 'link host' before it");
      return add(Primitive{.kind = PrimitiveKind::octet, .qualifiers = q, .number = here.number, .where = span(here)});
    default: return unexpected("a value is missing");
  }
}

u32 Parser::number_value(const Qualifiers& q, u32 number, const Token& here) {
  switch (q.kind) {
    case Kind::none:
    case Kind::host:
      return q.protocol == Word::decnet
                 ? add(Primitive{.kind = PrimitiveKind::decnet, .qualifiers = q, .number = number, .where = span(here)})
                 : ipv4_node(q, number, 0xffffffff, span(here));
    case Kind::net: {
      u32 mask = 0xffffffff;  // `net 10` is 10.0.0.0/8
      while (number && !(number & 0xff000000)) number <<= 8, mask <<= 8;
      return ipv4_node(q, number, mask, span(here));
    }
    case Kind::port:
    case Kind::port_range: return ports(q, number, number, 0, here);
    case Kind::protocol:
    case Kind::protocol_chain: return protocol_number(q, number, span(here));
    case Kind::gateway: break;
  }
  return fail_at(here, Reason::wrong_type, "'gateway' needs a host name");
}

u32 Parser::ipv4_node(const Qualifiers& q, u32 address, u32 mask, Span where) {
  if (q.direction > Direction::both) return fail_at(where, Reason::wrong_type, only_802_11);
  if (!takes_ipv4(q.protocol)) return fail_at(where, Reason::wrong_type, "an IPv4 address does not go with this protocol");
  return add(Primitive{.kind = PrimitiveKind::ipv4, .qualifiers = q, .number = address, .number2 = mask, .where = where});
}

u32 Parser::ipv4_value(const Qualifiers& q, const Token& here) {
  const bool has_length = at_symbol(Symbol::slash), has_mask = !has_length && at_word(Word::mask);
  u32 address = 0;
  if (q.protocol == Word::decnet && is_address(q.kind) && !has_length && !has_mask) {
    const size_t dot = here.text.find('.');
    u32 area = 0, node = 0;
    if (here.text.find('.', dot + 1) != here.text.npos || read_number(here.text.substr(0, dot), area) != Reason::none ||
        read_number(here.text.substr(dot + 1), node) != Reason::none || area > 63 || node > 1023)
      return fail_at(here, Reason::out_of_range, "a DECnet address is 0..63.0..1023");
    return add(Primitive{.kind = PrimitiveKind::decnet, .qualifiers = q, .number = area << 10 | node, .where = span(here)});
  }
  if (!is_address(q.kind)) return fail_at(here, Reason::wrong_type, "an IPv4 address does not go with this word");
  const unsigned bits = read_dotted(here.text, address);
  if (bits == 0) return fail_at(here, Reason::out_of_range, here.text);
  u32 mask = high_bits(bits);
  address = bits == 32 ? address : address << (32 - bits);
  if (!has_length && !has_mask) return ipv4_node(q, address, mask, span(here));

  take();
  const Token second = token();
  if (has_length) {
    if (second.kind != TokenKind::number) return unexpected("a prefix length is missing");
    if (second.number > 32) return fail_at(second, Reason::out_of_range, "an IPv4 prefix length is at most 32");
    mask = high_bits(second.number);
  } else {
    if (second.kind != TokenKind::ipv4) return unexpected("a mask is missing");
    const unsigned mask_bits = read_dotted(second.text, mask);
    if (mask_bits == 0) return fail_at(second, Reason::out_of_range, second.text);
    mask = mask_bits == 32 ? mask : mask << (32 - mask_bits);
  }
  take();
  const Span where = span(here, second);
  if (q.kind != Kind::net) return fail_at(where, Reason::wrong_type, masks_are_for_networks);
  if (address & ~mask) return fail_at(where, Reason::out_of_range, "bits are set outside the network's mask");
  return ipv4_node(q, address, mask, where);
}

u32 Parser::ipv6_node(const Qualifiers& q, const Ipv6Address& address, unsigned prefix, Span where) {
  if (q.direction > Direction::both) return fail_at(where, Reason::wrong_type, only_802_11);
  if (!takes_ipv6(q.protocol)) return fail_at(where, Reason::wrong_type, "an IPv6 address does not go with this protocol");
  return add(Primitive{.kind = PrimitiveKind::ipv6, .qualifiers = q, .prefix = u8(prefix), .address6 = address, .where = where});
}

u32 Parser::ipv6_value(const Qualifiers& q, const Token& here) {
  if (!is_address(q.kind)) return fail_at(here, Reason::wrong_type, "an IPv6 address does not go with this word");
  const Ipv6Address address = *parse_ipv6(here.text);
  if (!take(Symbol::slash)) return ipv6_node(q, address, 128, span(here));
  const Token length = token();
  if (length.kind != TokenKind::number) return unexpected("a prefix length is missing");
  if (length.number > 128) return fail_at(length, Reason::out_of_range, "an IPv6 prefix length is at most 128");
  take();
  const Span where = span(here, length);
  if (q.kind != Kind::net && length.number != 128) return fail_at(where, Reason::wrong_type, masks_are_for_networks);
  for (unsigned bit = length.number; bit < 128; ++bit)
    if (address.octet[bit / 8] >> (7 - bit % 8) & 1) return fail_at(where, Reason::out_of_range, "bits are set outside the network's mask");
  return ipv6_node(q, address, length.number, where);
}

u32 Parser::name_value(const Qualifiers& q, const Token& here) {
  switch (q.kind) {
    case Kind::none:
    case Kind::host: return host_name(q, here);
    case Kind::net:
      if (const auto network = find_network(here.text)) return number_value(q, *network, here);
      return fail_at(here, Reason::unknown_name, here.text);
    case Kind::port: return port_name(q, here);
    case Kind::port_range: return port_range(q, here);
    case Kind::gateway: return gateway_name(q, here);
    case Kind::protocol:
    case Kind::protocol_chain: break;
  }
  if (q.protocol == Word::link && q.kind == Kind::protocol) {
    if (const auto number = find_link_protocol(here.text)) return protocol_number(q, *number, span(here));
  } else if (q.protocol == Word::none || q.protocol == Word::ip || q.protocol == Word::ip6) {
    if (const auto number = find_ip_protocol(here.text)) return protocol_number(q, *number, span(here));
  } else if (q.protocol == Word::iso && q.kind == Kind::protocol) {
    const u32 number = here.text == "clnp" ? 0x81 : here.text == "esis" ? 0x82 : here.text == "isis" ? 0x83 : 0;
    if (number) return protocol_number(q, number, span(here));
  }
  return fail_at(here, Reason::unknown_name, here.text, each_protocol_word);
}

// To or from the MAC address of that name, and not to or from its IP addresses.
u32 Parser::gateway_name(const Qualifiers& q, const Token& here) {
  if (!takes_ipv4(q.protocol)) return fail_at(here, Reason::wrong_type, "'gateway' is for ip, arp and rarp");
  if (!options_.resolve) return fail_at(here, Reason::unknown_name, here.text);
  const auto mac = find_mac(here.text);
  const HostAddresses found = find_host(here.text);
  if (!mac || found.ipv4.empty()) return fail_at(here, Reason::unknown_name, here.text);
  u32 chain = add(Primitive{.kind = PrimitiveKind::mac, .mac = *mac, .where = span(here)});
  for (const Ipv4Address& address : found.ipv4)
    chain = join(chain, false,
                 add(Primitive{.kind = PrimitiveKind::ipv4,
                               .qualifiers = {.protocol = q.protocol},
                               .negated = true,
                               .number = load_be<u32>(address.octet),
                               .number2 = 0xffffffff,
                               .where = span(here)}));
  return chain;
}

u32 Parser::host_name(const Qualifiers& q, const Token& here) {
  if (q.protocol == Word::link && options_.resolve)
    if (const auto mac = find_mac(here.text))
      return add(Primitive{.kind = PrimitiveKind::mac, .qualifiers = q, .mac = *mac, .where = span(here)});
  if (!takes_ipv4(q.protocol) && !takes_ipv6(q.protocol))
    return fail_at(here, Reason::wrong_type, "a host name does not go with this protocol");
  if (!options_.resolve) return fail_at(here, Reason::unknown_name, here.text);
  u32 chain = 0;
  const HostAddresses found = find_host(here.text);
  if (takes_ipv6(q.protocol))
    for (const Ipv6Address& address : found.ipv6) {
      const u32 node = ipv6_node(q, address, 128, span(here));
      chain = chain ? join(chain, true, node) : node;
    }
  if (takes_ipv4(q.protocol))
    for (const Ipv4Address& address : found.ipv4) {
      const u32 node = ipv4_node(q, load_be<u32>(address.octet), 0xffffffff, span(here));
      chain = chain ? join(chain, true, node) : node;
    }
  return chain ? chain : fail_at(here, Reason::unknown_name, here.text);
}

u32 Parser::ports(const Qualifiers& q, u32 low, u32 high, u8 transport, const Token& here) {
  if (!all_transports(q.protocol) && !transport_number(q.protocol))
    return fail_at(here, Reason::wrong_type, "ports are of tcp, udp or sctp");
  if (q.direction > Direction::both) return fail_at(here, Reason::wrong_type, "802.11 directions do not go with ports");
  if (low > 65535 || high > 65535) return fail_at(here, Reason::out_of_range, "a port is at most 65535");
  if (low > high) std::swap(low, high);
  return add(Primitive{.kind = PrimitiveKind::port,
                       .qualifiers = q,
                       .transport = transport ? transport : transport_number(q.protocol),
                       .number = low,
                       .number2 = high,
                       .where = span(here)});
}

u32 Parser::port_name(const Qualifiers& q, const Token& here) {
  u32 number = 0;
  if (here.text.find_first_not_of("0123456789") == here.text.npos) {
    if (const Reason reason = read_number(here.text, number); reason != Reason::none) return fail_at(here, reason, here.text);
    return ports(q, number, number, 0, here);
  }
  const auto service = find_service(here.text);
  if (!service) return fail_at(here, Reason::unknown_name, here.text);
  const u8 wanted = transport_number(q.protocol);
  if (wanted && service->transport && wanted != service->transport)
    return fail_at(here, Reason::wrong_type, "this port is of another transport");
  return ports(q, service->port, service->port, service->transport, here);
}

// N-N, name-N, N-name or name-name, where a name has no '-' of its own; or one end for both.
u32 Parser::port_range(const Qualifiers& q, const Token& here) {
  const size_t dash = here.text.find('-');
  const std::string_view ends[] = {here.text.substr(0, dash), dash == here.text.npos ? here.text : here.text.substr(dash + 1)};
  u32 numbers[2] = {};
  u8 transport = 0;
  for (int i = 0; i < 2; ++i) {
    const u32 offset = i == 1 && dash != here.text.npos ? u32(dash + 1) : 0;
    const Span where{here.column + offset, u32(ends[i].size())};
    if (ends[i].empty() || ends[i].find('-') != ends[i].npos) return fail_at(where, Reason::unexpected_token, "a port range has one '-'");
    if (ends[i][0] >= '0' && ends[i][0] <= '9' && ends[i].find_first_not_of("0123456789xXabcdefABCDEF") == ends[i].npos) {
      if (const Reason reason = read_number(ends[i], numbers[i]); reason != Reason::none) return fail_at(where, reason, ends[i]);
      continue;
    }
    const auto service = find_service(ends[i]);
    if (!service) return fail_at(where, Reason::unknown_name, ends[i]);
    const u8 wanted = transport_number(q.protocol);
    if (wanted && service->transport && wanted != service->transport)
      return fail_at(where, Reason::wrong_type, "this port is of another transport");
    numbers[i] = service->port;
    if (service->transport) transport = transport && transport != service->transport ? u8{0} : service->transport;
  }
  return ports(q, numbers[0], numbers[1], transport, here);
}

u32 Parser::protocol_number(const Qualifiers& q, u32 number, Span where) {
  u32 most = 255;
  switch (q.protocol) {
    case Word::none:
    case Word::ip:
    case Word::ip6: break;
    case Word::link: most = 65535; break;
    case Word::iso:
    case Word::isis: break;
    default: return fail_at(where, Reason::wrong_type, "this protocol carries no other by number");
  }
  if (q.kind == Kind::protocol_chain && q.protocol != Word::none && q.protocol != Word::ip && q.protocol != Word::ip6)
    return fail_at(where, Reason::wrong_type, "'protochain' is for ip and ip6");
  if (number > most) return fail_at(where, Reason::out_of_range, most == 255 ? "at most 255" : "at most 65535");
  return add(Primitive{.kind = PrimitiveKind::number, .qualifiers = q, .number = number, .where = where});
}

}  // namespace trawl::inline v0::filter
