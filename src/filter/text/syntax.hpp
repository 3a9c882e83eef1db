// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The syntax tree: what was said, checked as far as no link type is needed.
#pragma once
#include <string>
#include <vector>

#include "filter/text/fields.hpp"
#include "filter/text/range.hpp"
#include "filter/text/token.hpp"
#include "trawl/core/address.hpp"

namespace trawl::inline v0::filter {

enum class Direction : u8 { either, source, destination, both, address1, address2, address3, address4, receiver, transmitter };
enum class Kind : u8 { none, host, net, port, port_range, protocol, protocol_chain, gateway };

/// What stands before a value, and what `or 443` inherits.
struct Qualifiers {
  Word protocol = Word::none;
  Direction direction = Direction::either;
  Kind kind = Kind::none;
  bool in_set = false;  ///< the value stands in braces
};

struct Span {
  u32 column = 0, length = 0;
};

enum class PrimitiveKind : u8 {
  protocol,      ///< `tcp`: qualifiers.protocol
  ipv4,
  ipv6,    ///< address and mask / prefix
  mac,
  octet,
  decnet,        ///< number
  port,          ///< number to number2, for transport `transport` (0: whatever the qualifiers allow)
  number,        ///< proto N, protochain N
  broadcast,
  multicast,
  less,
  greater, ///< number
  byte,          ///< byte `number` `relation` `number2`
  relation,      ///< left `relation` right
  inbound,
  outbound,
  ifindex,
  vlan,
  mpls,
  pppoed,
  pppoes,
  geneve,
  vxlan,  ///< has_number, number; number2: a UDP port that is not the usual one, or 0
  wlan,          ///< `word` type, subtype or dir: the bits `number` of `number2`
  llc,           ///< has_number: the control byte is `number` under the mask `number2`
  firewall,      ///< `word`: number, or an index of Tree::texts
  atm,
  ss7,           ///< `word`, and for fields `relation` `number`
  field,         ///< number: index of Tree::fields
  fragment,      ///< number: 0 the first of several, 1 a later one
};

struct Primitive {
  PrimitiveKind kind = PrimitiveKind::protocol;
  Qualifiers qualifiers;
  Word word = Word::none;
  Symbol relation = Symbol::none;
  bool has_number = false;
  bool negated = false;             ///< of an IPv4 address: all but this one
  u8 prefix = 0, transport = 0;
  u32 number = 0, number2 = 0;      ///< IPv4: address and mask; ports: lowest and highest
  u32 left = 0, right = 0;          ///< of Tree::terms; of atm and ss7: column and length of the word
  Ipv6Address address6;
  MacAddress mac;
  Span where;                       ///< of the value; of the word where there is none
};

/// An arithmetic expression.
struct Term {
  enum class Kind : u8 { number, length, load, binary, negate } kind = Kind::number;
  Symbol operation = Symbol::none;
  Word protocol = Word::none;  ///< of a load
  u8 size = 1;
  u16 depth = 1;
  u32 number = 0;
  u32 left = 0, right = 0;     ///< of Tree::terms; a load's index is left
  Span where;
};

/// A chain joins operands from left to right: `and` and `or` bind alike.
struct Node {
  enum class Kind : u8 { chain, negation, primitive, scope } kind = Kind::primitive;
  bool joined_by_or = false;  ///< to the operand before it
  u32 first = 0;              ///< first operand, the negated node, or the index of the primitive or scope
  u32 next = 0;               ///< the operand after this one in its chain; 0: none
  u32 last = 0;               ///< the last operand of a chain
};

/// A named field and the values, as they are shown, that it must have, or (negated) must not.
struct FieldTest {
  NamedField field;
  bool negated = false;
  std::vector<Range> ranges;
};

/// An expression that does not move what comes after it.
struct Scope {
  enum class Kind : u8 { inside, outer, any } kind = Kind::inside;
  u32 opening = 0;  ///< the node that moves what is inside; of `inside` only
  u32 inside = 0;
};
constexpr bool opens_scope(PrimitiveKind kind) {
  return kind == PrimitiveKind::vlan || kind == PrimitiveKind::mpls || kind == PrimitiveKind::pppoes || kind == PrimitiveKind::geneve ||
         kind == PrimitiveKind::vxlan;
}

/// Node 0 is nobody. An empty text has root 0: everything matches.
struct Tree {
  std::vector<Node> nodes{1};
  std::vector<Primitive> primitives;
  std::vector<Term> terms;
  std::vector<std::string> texts;
  std::vector<FieldTest> fields;
  std::vector<Scope> scopes;
  u32 root = 0;
};

}  // namespace trawl::inline v0::filter
