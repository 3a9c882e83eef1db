// SPDX-License-Identifier: Apache-2.0 OR MIT
// What libpcap's language does not have. All of it is a syntax error there: sets in braces, fields by name, scopes.
#include <algorithm>
#include <fstream>

#include "filter/text/fields.hpp"
#include "filter/text/parser.hpp"
#include "trawl/core/endian.hpp"

namespace trawl::inline v0::filter {

namespace {

bool is_relation(Symbol symbol) {
  return symbol == Symbol::equal || symbol == Symbol::not_equal || symbol == Symbol::less || symbol == Symbol::greater ||
         symbol == Symbol::at_least || symbol == Symbol::at_most;
}

}  // namespace

bool Parser::at_set() const { return token().kind == TokenKind::name && token().text == "in" && at_symbol(Symbol::open_brace, 1); }

// What is in one set, by kind: values of one kind that stand together are asked as one list.
struct Parser::Items {
  u32 ipv4 = 0, ipv6 = 0, other = 0;
};

void Parser::add_item(Items& items, u32 node) {
  u32 leaf = node;
  while (tree_.nodes[leaf].kind == Node::Kind::chain) leaf = tree_.nodes[leaf].first;
  const bool is_primitive = tree_.nodes[leaf].kind == Node::Kind::primitive;
  const PrimitiveKind kind = is_primitive ? tree_.primitives[tree_.nodes[leaf].first].kind : PrimitiveKind::relation;
  u32& chain = kind == PrimitiveKind::ipv4 ? items.ipv4 : kind == PrimitiveKind::ipv6 ? items.ipv6 : items.other;
  chain = chain ? join(chain, true, node) : node;
}

u32 Parser::join_items(const Items& items) {
  u32 result = 0;
  for (const u32 chain : {items.ipv4, items.ipv6, items.other})
    if (chain) result = result ? join(result, true, chain) : chain;
  return result;
}

// in { item, item ... }. `src and dst`: both are in the set, and need not be the same value of it.
u32 Parser::value_set(Qualifiers q) {
  q.in_set = true;
  if (q.direction != Direction::both) return set_items(q);
  const size_t start = at_;
  q.direction = Direction::source;
  const u32 source = set_items(q);
  at_ = start;
  q.direction = Direction::destination;
  const u32 destination = source ? set_items(q) : 0;
  return destination ? join(source, false, destination) : 0;
}

// Every item is a value under the qualifiers, a range LOW..HIGH, or a file with a value a line.
u32 Parser::set_items(const Qualifiers& q) {
  take(), take();
  Items items;
  do {
    if (!set_item(q, items)) return 0;
  } while (take(Symbol::comma));
  return expect(Symbol::close_brace, "',' or '}' is missing") ? join_items(items) : 0;
}

bool Parser::set_item(const Qualifiers& q, Items& items) {
  const Token here = token();
  // A name with a dot in it is that of a file, where there is one.
  const bool may_be_file = here.kind == TokenKind::name && options_.files && here.text.find('.') != here.text.npos;
  if (here.kind == TokenKind::string || (may_be_file && std::ifstream(std::string(here.text)))) return take(), file_values(q, here, items);
  const u32 node = set_value(q);
  if (node) add_item(items, node);
  return node != 0;
}

u32 Parser::set_value(const Qualifiers& q) {
  const Token here = token();
  Qualifiers net = q;  // `host in {10.0.0.0/8}`: networks are welcome
  if (q.kind == Kind::host || q.kind == Kind::none) net.kind = Kind::net;
  if (here.kind == TokenKind::range) return take(), range_value(q, here);
  if (here.kind == TokenKind::ipv4 || here.kind == TokenKind::ipv6) return single_value(at_symbol(Symbol::slash, 1) ? net : q);
  return single_value(q);
}

// A range of ports or of IPv4 addresses; the upper end of addresses may be the last parts alone: 192.0.2.1..9.
u32 Parser::range_value(const Qualifiers& q, const Token& here) {
  const size_t dots = here.text.find("..");
  const std::string_view low = here.text.substr(0, dots), high = here.text.substr(dots + 2);
  if (q.kind == Kind::port || q.kind == Kind::port_range) {
    u32 from = 0, to = 0;
    if (const Reason reason = read_number(low, from); reason != Reason::none) return fail_at(here, reason, here.text);
    if (const Reason reason = read_number(high, to); reason != Reason::none) return fail_at(here, reason, here.text);
    if (from > to) return fail_at(here, Reason::wrong_order, here.text);
    return ports(q, from, to, 0, here);
  }
  const auto from = parse_ipv4(low);
  const size_t parts = size_t(std::ranges::count(high, '.')) + 1;
  size_t kept = low.size();
  for (size_t i = 0; i < parts && kept != low.npos; ++i) kept = low.rfind('.', kept == 0 ? low.npos : kept - 1);
  const auto to = parse_ipv4(parts == 4 || kept == low.npos ? std::string(high) : std::string(low.substr(0, kept + 1)) + std::string(high));
  if (!from || !to || (q.kind != Kind::host && q.kind != Kind::net && q.kind != Kind::none))
    return fail_at(here, Reason::wrong_type, here.text);
  u64 first = load_be<u32>(from->octet);
  const u64 last = load_be<u32>(to->octet);
  if (first > last) return fail_at(here, Reason::wrong_order, here.text);
  u32 chain = 0;
  while (first <= last) {  // as prefixes, the largest that fit
    u64 size = first ? first & (0 - first) : u64{1} << 32;
    while (first + size - 1 > last) size >>= 1;
    const u32 node = ipv4_node(q, u32(first), ~u32(size - 1), span(here));
    if (!node) return 0;
    chain = chain ? join(chain, true, node) : node;
    first += size;
  }
  return chain;
}

// One value a line; '#' begins a comment.
bool Parser::file_values(const Qualifiers& q, const Token& here, Items& items) {
  const auto refuse = [&](Reason reason, std::string_view detail) { return fail_at(here, reason, detail) != 0; };
  if (!options_.files) return refuse(Reason::no_permission, "files are not read here");
  const std::string path(here.text);
  std::ifstream file(path);
  if (!file) return refuse(Reason::unknown_name, path);
  bool any = false;
  for (std::string line; std::getline(file, line);) {
    Scratch<1024> scratch;
    const auto tokens = tokenize(std::string_view(line).substr(0, line.find('#')), scratch.memory());
    if (tokens.front().kind == TokenKind::end) continue;
    Parser inner(tokens, options_, scratch.memory());
    std::swap(inner.tree_, tree_);
    u32 node = inner.set_value(q);
    if (node && inner.token().kind != TokenKind::end) node = 0;
    std::swap(inner.tree_, tree_);
    if (!node) return refuse(Reason::wrong_type, line);
    add_item(items, node);
    any = true;
  }
  return any || refuse(Reason::empty_program, "no values in the file");
}

bool Parser::at_field() const {
  return token().kind == TokenKind::name && token().text.find('.') != std::string_view::npos && find_field(token().text).info;
}

// FIELD [relation VALUE | in { VALUE, LOW..HIGH ... }]: a flag by itself is asked whether it is set.
Parser::Expression Parser::field_test() {
  const Token name = take();
  FieldTest test{.field = find_field(name.text)};
  const u64 most = test.field.most();
  const auto value = [&](u32& low, u32& high) {
    const Token here = take();
    const size_t dots = here.kind == TokenKind::range ? here.text.find("..") : here.text.npos;
    const auto one = [&](std::string_view text, u32& number) {
      if (const auto address = parse_ipv4(text); address && test.field.info->kind == wire::Kind::ipv4)
        return number = load_be<u32>(address->octet), true;
      if (const auto constant = find_constant(text)) return number = *constant, true;
      return !text.empty() && text[0] >= '0' && text[0] <= '9' && read_number(text, number) == Reason::none;
    };
    const bool good =
        one(here.text.substr(0, dots), low) && (dots == here.text.npos ? (high = low, true) : one(here.text.substr(dots + 2), high));
    if (!good)
      return fail_at(here, here.kind == TokenKind::end ? Reason::unexpected_end : Reason::wrong_type, "a value of this field is missing") !=
             0;
    if (high > most || low > high) return fail_at(here, Reason::out_of_range, "at most " + std::to_string(most)) != 0;
    return true;
  };
  u32 low = 0, high = 0;
  if (at_set()) {
    take(), take();
    do {
      if (!value(low, high)) return {};
      test.ranges.push_back({low, high});
    } while (take(Symbol::comma));
    if (!expect(Symbol::close_brace, "',' or '}' is missing")) return {};
  } else if (token().kind == TokenKind::symbol && is_relation(token().symbol)) {
    const Symbol relation = take().symbol;
    if (!value(low, high)) return {};
    switch (relation) {
      case Symbol::less: test.negated = low == 0, test.ranges = {{0, low == 0 ? u32(most) : low - 1}}; break;
      case Symbol::at_most: test.ranges = {{0, high}}; break;
      case Symbol::greater: test.negated = true, test.ranges = {{0, high}}; break;
      case Symbol::at_least: test.ranges = {{low, u32(most)}}; break;
      default: test.negated = relation == Symbol::not_equal, test.ranges = {{low, high}};
    }
  } else if (test.field.info->kind == wire::Kind::flag) {
    test.ranges = {{1, 1}};
  } else {
    return {unexpected("a comparison or 'in {' is missing"), false, {}};
  }
  tree_.fields.push_back(std::move(test));
  return {add(Primitive{.kind = PrimitiveKind::field, .number = u32(tree_.fields.size() - 1), .where = span(name)}), false, {}};
}

// geneve:port=N, vxlan:port=N
bool Parser::other_port(Primitive& primitive) {
  const bool has_port = primitive.kind == PrimitiveKind::geneve || primitive.kind == PrimitiveKind::vxlan;
  if (!has_port || !take(Symbol::colon)) return true;
  if (!take(Word::port)) return unexpected("'port=' is missing") != 0;
  if (!expect(Symbol::equal, "'=' is missing")) return false;
  const Token value = token();
  if (value.kind != TokenKind::number) return unexpected("a number is missing") != 0;
  if (value.number == 0 || value.number > 0xffff) return fail_at(value, Reason::out_of_range, value.text) != 0;
  primitive.number2 = take().number;
  return true;
}

// frag(first), frag(later)
bool Parser::at_fragment() const { return token().kind == TokenKind::name && token().text == "frag" && at_symbol(Symbol::open, 1); }

Parser::Expression Parser::fragment() {
  const Token word = take();
  take();
  const Token which = take();
  const bool is_known = which.kind == TokenKind::name && (which.text == "first" || which.text == "later");
  if (!is_known) return {fail_at(which, Reason::unexpected_token, "'first' or 'later' is meant here"), false, {}};
  if (!expect(Symbol::close, "')' is missing")) return {};
  return {add(Primitive{.kind = PrimitiveKind::fragment, .number = which.text == "later", .where = span(word)}), false, {}};
}

// `any`, `outer`, inner(WORD [N])
bool Parser::at_scope_word() const {
  if (token().kind != TokenKind::name) return false;
  if (token().text == "inner") return at_symbol(Symbol::open, 1);
  return (token().text == "any" || token().text == "outer") && at_symbol(Symbol::open_brace, 1);
}

Parser::Expression Parser::scope_word() {
  const Token word = take();
  if (word.text != "inner") return scope(word.text == "any" ? Scope::Kind::any : Scope::Kind::outer, 0);
  take();
  const Token around = token();
  Expression opening = primitive();
  if (!opening.node) return {};
  const Node& node = tree_.nodes[opening.node];
  const bool moves = node.kind == Node::Kind::primitive && opens_scope(tree_.primitives[node.first].kind);
  if (!moves) return {fail_at(around, Reason::wrong_type, "vlan, mpls, pppoes, geneve or vxlan is meant here"), false, {}};
  if (!expect(Symbol::close, "')' is missing")) return {};
  return scope(Scope::Kind::inside, opening.node);
}

// { EXPRESSION }
Parser::Expression Parser::scope(Scope::Kind kind, u32 opening) {
  if (++depth_ > deepest) return {fail_at(token(), Reason::too_complex, "nested too deeply"), false, {}};
  if (!expect(Symbol::open_brace, "'{' is missing")) return {};
  const Expression inside = expression();
  --depth_;
  if (!inside.node || !expect(Symbol::close_brace, "'}' is missing")) return {};
  tree_.scopes.push_back({kind, opening, inside.node});
  return {add(Node::Kind::scope, u32(tree_.scopes.size() - 1)), false, {}};
}

}  // namespace trawl::inline v0::filter
