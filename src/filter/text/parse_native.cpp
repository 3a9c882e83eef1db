// SPDX-License-Identifier: Apache-2.0 OR MIT
// Words of single link types: 802.11, LLC, PF logs, SunATM, SS7.
#include "filter/text/native_names.hpp"
#include "filter/text/parser.hpp"

namespace trawl::inline v0::filter {

namespace {

constexpr u32 type_bits = 0x0c, subtype_bits = 0xf0, direction_bits = 0x03;

bool is_relation(const Token& token) {
  switch (token.kind == TokenKind::symbol ? token.symbol : Symbol::none) {
    case Symbol::equal:
    case Symbol::not_equal:
    case Symbol::less:
    case Symbol::greater:
    case Symbol::at_least:
    case Symbol::at_most: return true;
    default: return false;
  }
}

}  // namespace

// A name of `names`, or a number that has no bits but those of `bits`.
bool Parser::named_bits(const NamedNumbers& names, u32 bits, u32& value) {
  const Token here = token();
  if (here.kind == TokenKind::number && bits) {
    take();
    value = here.number;
    if ((value & ~bits) == 0) return true;
    return fail_at(here, Reason::out_of_range, here.text);
  }
  if (here.kind != TokenKind::name) return unexpected("a name is missing");
  take();
  const auto number = names.find(here.text);
  if (!number) return fail_at(here, Reason::unknown_name, here.text, names.each);
  value = *number;
  return true;
}

// type T [subtype S] | subtype S | dir D
Parser::Expression Parser::wlan_word(const Token& word) {
  Primitive p{.kind = PrimitiveKind::wlan, .word = word.word, .where = span(word)};
  take();
  u32 subtype = 0;
  if (word.word == Word::dir) {
    p.number2 = direction_bits;
    if (!named_bits(wlan_directions, direction_bits, p.number)) return {};
  } else if (word.word == Word::subtype) {
    p.number2 = type_bits | subtype_bits;
    if (!named_bits(wlan_subtypes, 0, p.number)) return {};
  } else {
    p.number2 = type_bits;
    if (!named_bits(wlan_types, type_bits, p.number)) return {};
    if (take(Word::subtype)) {
      const Token name = token();
      if (!named_bits(*subtypes_of(p.number), subtype_bits, subtype)) return {};
      p.number |= subtype, p.number2 |= subtype_bits;
      p.where = span(word, name);
    }
  }
  return {add(p), false, {}};
}

// llc [i | s | u | name of a control byte]
Parser::Expression Parser::llc_word(const Token& word) {
  Primitive p{.kind = PrimitiveKind::llc, .word = Word::llc, .where = span(word)};
  take();
  const Token name = token();
  if (name.kind != TokenKind::name && !at_word(Word::rnr)) return {add(p), false, {}};
  take();
  const LlcControl* control = find_llc_control(name.text);
  if (!control) return {fail_at(name, Reason::unknown_name, name.text, each_llc_control), false, {}};
  p.has_number = true, p.number = control->value, p.number2 = control->mask, p.where = span(word, name);
  return {add(p), false, {}};
}

Parser::Expression Parser::firewall_word(const Token& word) {
  Primitive p{.kind = PrimitiveKind::firewall, .word = word.word};
  take();
  const Token value = token();
  p.where = span(word, value);
  switch (word.word) {
    case Word::ifname:
    case Word::rset:
      if (value.kind != TokenKind::name) return {unexpected("a name is missing"), false, {}};
      if (value.text.size() > 15) return {fail_at(value, Reason::out_of_range, "such a name has at most 15 characters"), false, {}};
      take();
      p.number = u32(tree_.texts.size());
      tree_.texts.emplace_back(value.text);
      break;
    case Word::reason:
      if (!named_bits(firewall_reasons, ~u32{}, p.number)) return {};
      break;
    case Word::action:
      if (!named_bits(firewall_actions, 0, p.number)) return {};
      break;
    default:
      if (value.kind != TokenKind::number) return {unexpected("a number is missing"), false, {}};
      take();
      p.number = value.number;
  }
  return {add(p), false, {}};
}

// [relation] N | (N or N ...)
Parser::Expression Parser::numbered_field(PrimitiveKind kind, const Token& word) {
  Primitive p{.kind = kind, .word = word.word, .relation = Symbol::equal, .left = word.column, .right = word.length};
  take();
  const auto one = [&]() -> u32 {
    const Token value = token();
    if (value.kind != TokenKind::number) return unexpected("a number is missing");
    take();
    p.number = value.number, p.where = span(value);
    return add(p);
  };
  if (is_relation(token())) {
    p.relation = take().symbol;
    return {one(), false, {}};
  }
  if (!take(Symbol::open)) return {one(), false, {}};
  u32 node = one();
  while (node && take(Word::or_)) {
    const u32 right = one();
    node = right ? join(node, true, right) : 0;
  }
  if (node && !expect(Symbol::close, "'or' or ')' is missing")) node = 0;
  return {node, false, {}};
}

Parser::Expression Parser::lone_word(PrimitiveKind kind, const Token& word) {
  take();
  return {add(Primitive{.kind = kind, .word = word.word, .left = word.column, .right = word.length, .where = span(word)}), false, {}};
}

Parser::Expression Parser::native_word(const Token& word) {
  switch (word.word) {
    case Word::type:
    case Word::subtype:
    case Word::dir: return wlan_word(word);
    case Word::llc: return llc_word(word);
    case Word::ifname:
    case Word::rset:
    case Word::rnr:
    case Word::srnr:
    case Word::reason:
    case Word::action: return firewall_word(word);
    case Word::vpi:
    case Word::vci: return numbered_field(PrimitiveKind::atm, word);
    case Word::sio:
    case Word::opc:
    case Word::dpc:
    case Word::sls:
    case Word::hsio:
    case Word::hopc:
    case Word::hdpc:
    case Word::hsls: return numbered_field(PrimitiveKind::ss7, word);
    case Word::fisu:
    case Word::lssu:
    case Word::msu:
    case Word::hfisu:
    case Word::hlssu:
    case Word::hmsu: return lone_word(PrimitiveKind::ss7, word);
    case Word::lane:
    case Word::metac:
    case Word::bcc:
    case Word::oamf4ec:
    case Word::oamf4sc:
    case Word::sc:
    case Word::ilmic:
    case Word::oam:
    case Word::oamf4:
    case Word::connectmsg:
    case Word::metaconnect: return lone_word(PrimitiveKind::atm, word);
    default: return {unexpected("a filter word is missing"), false, {}};
  }
}

}  // namespace trawl::inline v0::filter
