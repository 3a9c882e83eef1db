// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/text/parser.hpp"

namespace trawl::inline v0::filter {

Parser::Expression Parser::primitive() {
  const Token first = token();
  if (first.kind != TokenKind::word) return {unexpected("a filter word is missing"), false, {}};
  if (is_protocol(first.word)) {
    take();
    return qualified(first.word);
  }
  switch (first.word) {
    case Word::src:
    case Word::dst:
    case Word::addr1:
    case Word::addr2:
    case Word::addr3:
    case Word::addr4:
    case Word::ra:
    case Word::ta:
    case Word::host:
    case Word::net:
    case Word::port:
    case Word::portrange:
    case Word::proto:
    case Word::protochain:
    case Word::gateway:
    case Word::broadcast:
    case Word::multicast:
    case Word::type:
    case Word::subtype:
    case Word::dir:
    case Word::llc: return qualified(Word::none);
    default: return standalone(first);
  }
}

// [protocol] [direction] [kind] value, or a protocol by itself.
Parser::Expression Parser::qualified(Word protocol) {
  const Token name = tokens_[at_ - (at_ > 0)];
  Qualifiers q{.protocol = protocol};
  const bool has_direction = token().kind == TokenKind::word && direction(q);
  if (error_.reason != Reason::none) return {};
  const Token kind = token();
  switch (kind.kind == TokenKind::word ? kind.word : Word::none) {
    case Word::host: q.kind = Kind::host; break;
    case Word::net: q.kind = Kind::net; break;
    case Word::port: q.kind = Kind::port; break;
    case Word::portrange: q.kind = Kind::port_range; break;
    case Word::proto:
    case Word::protochain:
      if (has_direction) return {unexpected("a direction does not go with it"), false, {}};
      q.kind = kind.word == Word::proto ? Kind::protocol : Kind::protocol_chain;
      break;
    case Word::gateway:
      if (has_direction) return {unexpected("a direction does not go with it"), false, {}};
      q.kind = Kind::gateway;
      break;
    case Word::broadcast:
    case Word::multicast:
      if (has_direction) break;
      take();
      if (protocol != Word::none && protocol != Word::link && protocol != Word::ip &&
          (protocol != Word::ip6 || kind.word == Word::broadcast))
        return {fail_at(name, Reason::unexpected_token, "not a qualifier for 'broadcast' or 'multicast'"), false, {}};
      return {add(Primitive{.kind = kind.word == Word::broadcast ? PrimitiveKind::broadcast : PrimitiveKind::multicast,
                            .qualifiers = q,
                            .where = span(kind)}),
              false,
              {}};
    case Word::type:
    case Word::subtype:
    case Word::dir:
    case Word::llc:
      if (!has_direction) return standalone(kind);
      break;
    default:
      if (!has_direction) return abbreviation(protocol, name);
  }
  if (q.kind != Kind::none) take();
  return {value(q), true, q};
}

// src, dst, `src or dst`, `src and dst`, and 802.11's.
bool Parser::direction(Qualifiers& q) {
  constexpr struct {
    Word word;
    Direction direction;
  } others[] = {
      {Word::addr1, Direction::address1}, {Word::addr2, Direction::address2}, {Word::addr3, Direction::address3},
      {Word::addr4, Direction::address4}, {Word::ra, Direction::receiver},    {Word::ta, Direction::transmitter},
  };
  for (const auto& other : others)
    if (take(other.word)) return q.direction = other.direction, true;
  if (!at_word(Word::src) && !at_word(Word::dst)) return false;
  const Word first = take().word, second = first == Word::src ? Word::dst : Word::src;
  q.direction = first == Word::src ? Direction::source : Direction::destination;
  if (at_word(Word::or_) || at_word(Word::and_)) {
    q.direction = take().word == Word::or_ ? Direction::either : Direction::both;
    if (!take(second)) unexpected("the other direction is missing");
  }
  return true;
}

Parser::Expression Parser::abbreviation(Word protocol, const Token& name) {
  if (protocol == Word::none) return {unexpected("a filter word is missing"), false, {}};
  if (token().kind == TokenKind::bad || token().kind == TokenKind::name)
    return {unexpected("this word does not go with the one before it"), false, {}};
  if (protocol == Word::link || protocol == Word::radio)
    return {fail_at(name, Reason::unexpected_token, "this word needs 'host', 'proto', '[...]' or the like after it"), false, {}};
  return {add(Primitive{.kind = PrimitiveKind::protocol, .qualifiers = {.protocol = protocol}, .where = span(name)}), false, {}};
}

bool Parser::optional_number(Primitive& primitive, u32 most) {
  Token value = token();
  const bool parenthesised = at_symbol(Symbol::open);
  const Span word = primitive.where;
  if (value.kind != TokenKind::number && !parenthesised) return true;
  if (!number_in_parentheses(primitive.number, value)) return false;
  if (primitive.number > most) return fail_at(value, Reason::out_of_range, value.text) != 0;
  primitive.has_number = true;
  primitive.where = {word.column, value.column + value.length - word.column};
  return true;
}

Parser::Expression Parser::standalone(const Token& first) {
  Primitive primitive{.word = first.word, .where = span(first)};
  u32 most = 0;  // of the number after it
  switch (first.word) {
    case Word::less: primitive.kind = PrimitiveKind::less; break;
    case Word::greater: primitive.kind = PrimitiveKind::greater; break;
    case Word::ifindex: primitive.kind = PrimitiveKind::ifindex; break;
    case Word::byte: return take(), byte_test();
    case Word::inbound: primitive.kind = PrimitiveKind::inbound; break;
    case Word::outbound: primitive.kind = PrimitiveKind::outbound; break;
    case Word::vlan: primitive.kind = PrimitiveKind::vlan, most = 0xfff; break;
    case Word::mpls: primitive.kind = PrimitiveKind::mpls, most = 0xfffff; break;
    case Word::pppoed: primitive.kind = PrimitiveKind::pppoed; break;
    case Word::pppoes: primitive.kind = PrimitiveKind::pppoes, most = 0xffff; break;
    case Word::geneve: primitive.kind = PrimitiveKind::geneve, most = 0xffffff; break;
    case Word::vxlan: primitive.kind = PrimitiveKind::vxlan, most = 0xffffff; break;
    case Word::and_:
    case Word::or_:
    case Word::mask: return {unexpected("a filter word is missing"), false, {}};
    default: return native_word(first);
  }
  take();
  if (first.word == Word::less || first.word == Word::greater || first.word == Word::ifindex) {
    const Token number = token();
    if (number.kind != TokenKind::number) return {unexpected("a number is missing"), false, {}};
    take();
    primitive.number = number.number;
  } else if (most && !(other_port(primitive) && optional_number(primitive, most))) {
    return {};
  }
  const u32 node = add(primitive);
  if (opens_scope(primitive.kind) && at_symbol(Symbol::open_brace)) return scope(Scope::Kind::inside, node);
  return {node, false, {}};
}

// byte N op N
Parser::Expression Parser::byte_test() {
  Primitive primitive{.kind = PrimitiveKind::byte};
  const Token offset = token();
  if (offset.kind != TokenKind::number) return {unexpected("an offset is missing"), false, {}};
  take();
  const Symbol sign = token().kind == TokenKind::symbol ? token().symbol : Symbol::none;
  if (sign != Symbol::ampersand && sign != Symbol::bar && sign != Symbol::less && sign != Symbol::greater && sign != Symbol::equal)
    return {unexpected("one of & | < > = is missing"), false, {}};
  take();
  const Token value = token();
  if (value.kind != TokenKind::number) return {unexpected("a number is missing"), false, {}};
  take();
  if (value.number > 255) return {fail_at(value, Reason::out_of_range, "a byte is at most 255"), false, {}};
  primitive.number = offset.number, primitive.relation = sign, primitive.number2 = value.number, primitive.where = span(offset, value);
  return {add(primitive), false, {}};
}

}  // namespace trawl::inline v0::filter
