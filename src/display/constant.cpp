// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "display/constant.hpp"

#include <algorithm>
#include <charconv>

#include "trawl/core/address.hpp"

namespace trawl::inline v0::display {

namespace {

constexpr bool is_hex(char c) { return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f'); }
constexpr u8 digit(char c) { return u8(c <= '9' ? c - '0' : (c | 32) - 'a' + 10); }

// "0a:1b:2c", "0a-1b", "0a.1b", one pair alone.
std::optional<std::string> read_bytes(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); i += 3) {
    if (i + 1 >= text.size() || !is_hex(text[i]) || !is_hex(text[i + 1])) return {};
    bytes += char(digit(text[i]) << 4 | digit(text[i + 1]));
    if (i + 2 < text.size() && ((text[i + 2] != ':' && text[i + 2] != '-' && text[i + 2] != '.') || i + 3 == text.size())) return {};
  }
  return bytes.empty() ? std::nullopt : std::optional(bytes);
}

// Seconds with a fraction, as nanoseconds.
std::optional<i64> read_time(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const size_t dot = text.find('.');
  i64 seconds = 0;
  const std::string_view whole = text.substr(0, dot);
  if (const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), seconds);
      error != std::errc{} || end != whole.data() + whole.size() || seconds > 9'000'000'000)
    return {};
  i64 nanoseconds = 0, unit = 100'000'000;
  for (const char c : dot == text.npos ? std::string_view() : text.substr(dot + 1)) {
    if (c < '0' || c > '9') return {};
    nanoseconds += (c - '0') * unit, unit /= 10;
  }
  const i64 result = seconds * 1'000'000'000 + nanoseconds;
  return negative ? -result : result;
}

template <class Address> std::optional<Constant> read_address(std::string_view text, std::optional<Address> (*parse)(std::string_view)) {
  const size_t slash = text.find('/');
  const auto address = parse(text.substr(0, slash));
  if (!address) return {};
  Constant constant;
  constant.bytes.assign(reinterpret_cast<const char*>(address->octet), sizeof address->octet);
  constant.prefix = sizeof address->octet * 8;
  if (slash != text.npos) {
    const auto bits = read_unsigned(text.substr(slash + 1));
    if (!bits || *bits > constant.prefix) return {};
    constant.prefix = unsigned(*bits);
  }
  return constant;
}

std::optional<u64> find_named(const wire::Space* values, std::string_view text) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 32) : c; };
  const auto same = [&](const wire::ValueName& name) { return std::ranges::equal(name.text, text, {}, lower, lower); };
  if (!values) return {};
  const auto found = std::ranges::find_if(values->names, same);
  return found == values->names.end() ? std::nullopt : std::optional(found->value);
}

}  // namespace

std::optional<u64> read_unsigned(std::string_view text) {
  int base = 10;
  if (text.size() > 1 && text[0] == '0') {
    base = (text[1] | 32) == 'x' ? 16 : 8;
    text.remove_prefix(base == 16 ? 2 : 1);
  }
  u64 value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty() ? std::optional(value) : std::nullopt;
}

std::optional<Constant> read_constant(const Token& token, Type type, const wire::Space* values) {
  const std::string_view text = token.text;
  Constant constant;
  if ((type == Type::number || type == Type::integer) && (token.kind == TokenKind::string || token.kind == TokenKind::word))
    if (const auto named = find_named(values, text)) return Constant{.low = i64(*named), .high = i64(*named)};
  if (token.kind == TokenKind::string) {
    if (type != Type::text && type != Type::bytes && type != Type::protocol) return {};
    constant.bytes = token.text;
    return constant;
  }
  if (token.kind != TokenKind::word) return {};
  switch (type) {
    case Type::number:
    case Type::integer: {
      if (text == "True" || text == "TRUE" || text == "true") return Constant{.low = 1, .high = 1};
      if (text == "False" || text == "FALSE" || text == "false") return Constant{};
      const bool negative = type == Type::integer && text.starts_with('-');
      const auto number = read_unsigned(text.substr(negative));
      if (!number) return {};
      constant.low = constant.high = negative ? -i64(*number) : i64(*number);
      return constant;
    }
    case Type::time: {
      const auto time = read_time(text);
      if (!time) return {};
      constant.low = constant.high = *time;
      return constant;
    }
    case Type::ipv4: return read_address(text, &parse_ipv4);
    case Type::ipv6: return read_address(text, &parse_ipv6);
    case Type::text: constant.bytes = token.text; return constant;
    case Type::bytes:
    case Type::protocol: break;
  }
  if (auto bytes = read_bytes(text)) return constant.bytes = *bytes, constant;
  const auto number = read_unsigned(text);  // one byte
  if (!number || *number > 255) return {};
  constant.bytes = char(*number);
  return constant;
}

}  // namespace trawl::inline v0::display
