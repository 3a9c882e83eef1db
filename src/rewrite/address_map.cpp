// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/rewrite/address_map.hpp"

#include <algorithm>
#include <bit>

namespace trawl::inline v0 {
namespace {

// Names of the trees: one key, but what is learnt of one says nothing of another.
constexpr u8 ipv4_tree = 4, ipv6_tree = 6, mac_tree = 'M', eui64_tree = 'E', group_tree = 'G', name_tree = 'N';
constexpr size_t table_limit = size_t{1} << 20;

constexpr bool bit_of(std::span<const u8> bytes, unsigned bit) { return bytes[bit / 8] >> (7 - bit % 8) & 1; }

unsigned common_bits(std::span<const u8> a, const u8* b) {
  for (size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i]) return unsigned(8 * i) + unsigned(std::countl_zero(u8(a[i] ^ b[i])));
  return unsigned(8 * a.size());
}

bool is_all(std::span<const u8> bytes, u8 value) {
  return std::ranges::all_of(bytes, [&](u8 byte) { return byte == value; });
}
bool stays(const Ipv4Address& a) { return is_all(a.octet, 0) || is_all(a.octet, 0xff); }
bool stays(const Ipv6Address& a) { return is_all(std::span(a.octet).first(15), 0) && a.octet[15] <= 1; }

std::span<u8> octets(auto& address) { return address.octet; }

}  // namespace

template <size_t N> size_t AddressMap::Hash<N>::operator()(const Octets<N>& address) const {
  u64 h = 0x9e3779b97f4a7c15;
  for (const u8 byte : address.octet) h = (h ^ byte) * 0x100000001b3;
  return size_t(h ^ h >> 29);
}

AddressMap::AddressMap(const AnonymizationKey& key, const AddressMapOptions& options) : hash_(key.bytes()), mac_(options.mac) {
  kept_ipv4_ = {{{127}, 8, 32}, {{169, 254}, 16, 16}, {{224}, 4, 8}, {{224}, 8, 32}, {{240}, 4, 4}};
  kept_ipv6_ = {{{0xfe, 0x80}, 64, 64}, {{0xff}, 8, 16}, {{0xff}, 12, 128}, {{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff}, 104, 104}};
  const auto add = [](std::vector<Kept>& to, const auto& prefix) {
    Kept kept{.length = prefix.length, .keep = prefix.length};
    copy_bytes(kept.address, prefix.address.octet, sizeof prefix.address.octet);
    to.push_back(kept);
  };
  for (const auto& prefix : options.keep_ipv4) add(kept_ipv4_, prefix);
  for (const auto& prefix : options.keep_ipv6) add(kept_ipv6_, prefix);
}

/// How many leading bits of an address are not its own to choose: those up to where it leaves the way to a kept prefix,
/// or what the longest prefix that it lies in says.
unsigned AddressMap::kept_bits(std::span<const u8> address, std::span<const Kept> kept) {
  unsigned bits = 0;
  const Kept* around = nullptr;
  for (const Kept& k : kept) {
    const unsigned common = common_bits(address, k.address);
    bits = std::max(bits, std::min(common + 1, unsigned{k.length}));
    if (common >= k.length && (!around || k.length > around->length)) around = &k;
  }
  return around ? std::max(bits, unsigned{around->keep}) : bits;
}

void AddressMap::turn(u8 label, std::span<u8> address, unsigned first, std::span<const Kept> kept) const {
  first = std::max(first, kept_bits(address, kept));
  u8 message[17] = {label};
  copy_bytes(message + 1, address.data(), address.size());
  for (unsigned byte = first / 8; byte < address.size(); ++byte) {
    const Sha256Digest bits = hash_({message, 1 + byte});
    unsigned node = 1;   // of the tree that this byte leads through; its 255 inner nodes have a bit each
    for (unsigned i = 8 * byte; i < 8 * byte + 8; ++i) {
      const bool bit = bit_of({message + 1, address.size()}, i);
      if (i >= first && bit_of(bits.octet, node)) address[byte] ^= u8(0x80 >> i % 8);
      node = 2 * node + bit;
    }
  }
}

template <class A> A AddressMap::look_up(const A& address, Table<sizeof(A)>& table, auto&& compute) {
  if (const auto found = table.find(address); found != table.end()) return A{found->second};
  if (table.size() >= table_limit) table.clear();
  A now = address;
  compute(now);
  table.emplace(address, now);
  return now;
}

// An address that would become one of the single ones that stay goes round once more: still one-to-one.
Ipv4Address AddressMap::operator()(const Ipv4Address& address) {
  if (stays(address)) return address;
  return look_up(address, ipv4_, [&](Ipv4Address& now) {
    do turn(ipv4_tree, octets(now), 0, kept_ipv4_);
    while (stays(now));
  });
}
Ipv6Address AddressMap::operator()(const Ipv6Address& address) {
  if (stays(address)) return address;
  return look_up(address, ipv6_, [&](Ipv6Address& now) {
    do turn(ipv6_tree, octets(now), 0, kept_ipv6_);
    while (stays(now));
  });
}

MacAddress AddressMap::operator()(const MacAddress& address) {
  if (mac_ == MacPolicy::keep || is_all(address.octet, 0)) return address;
  const u8* o = address.octet;
  if (address.is_multicast()) {
    MacAddress now = address;
    if (o[0] == 0x33 && o[1] == 0x33 && o[2] == 0xff) {
      Ipv6Address group{{{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, o[3], o[4], o[5]}}};
      group = (*this)(group);
      copy_bytes(now.octet + 3, group.octet + 13, 3);
    } else if (o[0] == 0x33 && o[1] == 0x33 && o[2]) {
      turn(group_tree, octets(now), 16);
    } else if (o[0] == 1 && o[1] == 0 && o[2] == 0x5e && o[3]) {
      turn(group_tree, octets(now), 25);
    }
    return now;
  }
  return look_up(address, macs_, [&](MacAddress& now) {
    const u8 first = now.octet[0];
    do {
      turn(mac_tree, octets(now), mac_ == MacPolicy::keep_vendor ? 24 : 0);
      now.octet[0] = u8((now.octet[0] & 0xfc) | (first & 3));   // a group, local: these bits say what kind of address it is
    } while (is_all(now.octet, 0));
  });
}

Eui64 AddressMap::operator()(const Eui64& address) {
  if (mac_ == MacPolicy::keep || is_all(address.octet, 0) || is_all(address.octet, 0xff)) return address;
  Eui64 now = address;
  turn(eui64_tree, octets(now), mac_ == MacPolicy::keep_vendor ? 24 : 0);
  now.octet[0] = u8((now.octet[0] & 0xfc) | (address.octet[0] & 3));
  return now;
}

void AddressMap::replace_label(std::span<u8> label) const {
  u8 lower[64] = {name_tree};
  const size_t size = std::min(label.size(), sizeof lower - 1);
  for (size_t i = 0; i < size; ++i) lower[1 + i] = label[i] >= 'A' && label[i] <= 'Z' ? u8(label[i] + 32) : label[i];
  const std::string_view text = Bytes(lower + 1, size).text();
  if (text.starts_with('_') || text == "local" || text == "arpa" || text == "in-addr" || text == "ip6") return;
  Sha256Digest letters = hash_({lower, 1 + size});
  for (size_t i = 0; i < label.size(); ++i) {
    if (i && i % 32 == 0) letters = hash_(letters.bytes());
    label[i] = u8('a' + letters.octet[i % 32] % 26);
  }
}

void put(TextOut& out, const AnonymizationKey& key) {
  for (const u8 byte : key.octet) out.number(byte, 16, 2);
}

std::optional<AnonymizationKey> AnonymizationKey::parse(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  while (!text.empty() && space.contains(text.back())) text.remove_suffix(1);
  while (!text.empty() && space.contains(text.front())) text.remove_prefix(1);
  AnonymizationKey key;
  if (text.size() != 2 * sizeof key.octet) return {};
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const int digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
    if (digit < 0) return {};
    key.octet[i / 2] = u8(key.octet[i / 2] << 4 | digit);
  }
  return key;
}

}  // namespace trawl::inline v0
