// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Other addresses in place of the real ones, by a key: the same key gives the same address in every file.
///
/// The map is one-to-one and keeps prefixes: two addresses that agree in their first k bits, and in no more, do so afterwards
/// (Xu, Fan, Ammar, Moon: "Prefix-Preserving IP Address Anonymization", 2002). Whether bit k is turned is decided by the
/// k bits before it: HMAC-SHA-256 of the whole bytes before it gives 256 bits, one for each way that leads through the
/// next byte. Without the key nothing is learnt of an address but which prefixes it shares with others; who knows the real
/// address behind one of them knows as many bits of its neighbours as they share, and one more.
///
/// Addresses that mean the same everywhere are kept, for what stands in the file would otherwise mean nothing:
///
/// | kept | of it is changed |
/// |---|---|
/// | 0.0.0.0, 255.255.255.255, 127.0.0.0/8, ::, ::1 | nothing |
/// | 169.254.0.0/16, fe80::/64 | what follows the prefix |
/// | 224.0.0.0/8 | nothing; of other groups (224.0.0.0/4) all but the first byte |
/// | ff00::/12 | nothing but the last 24 bits of ff02::1:ff00:0/104, which come from a host's address |
/// | other groups of ff00::/8 | all but flags and scope |
/// | MAC 00:00:00:00:00:00 and group addresses | 33:33:ff... as its group; other 33:33 and 01:00:5e groups with a number of more than 16 (24) bits |
///
/// The price: an address that shares its first k bits with a kept prefix shows its first k + 1 bits, since they cannot be others.
#pragma once
#include <span>
#include <unordered_map>
#include <vector>

#include "trawl/core/error.hpp"
#include "trawl/core/hmac.hpp"

namespace trawl::inline v0 {

/// Whoever has it can find out the real addresses.
struct AnonymizationKey : Octets<32> {
  /// From the random numbers of the operating system.
  static TRAWL_API Result<AnonymizationKey> random();
  /// 64 hex digits, as put() writes them; white space around them is passed over.
  static TRAWL_API std::optional<AnonymizationKey> parse(std::string_view text);
};
TRAWL_API void put(TextOut& out, const AnonymizationKey& key);

enum class MacPolicy : u8 {
  replace,
  keep_vendor,  ///< the first three bytes stay
  keep,
};

struct AddressMapOptions {
  MacPolicy mac = MacPolicy::replace;
  std::span<const Prefix<Ipv4Address>> keep_ipv4 = {};  ///< more prefixes that stay; what follows them is changed
  std::span<const Prefix<Ipv6Address>> keep_ipv6 = {};
};

/// A new IPv4 address costs 4 HMACs, an IPv6 one 16: 2 and 5.4 us where the processor has SHA instructions. A known one costs
/// 15 ns: a table holds 2^20 of each kind at most.
class TRAWL_API AddressMap {
 public:
  explicit AddressMap(const AnonymizationKey& key, const AddressMapOptions& options = {});
  Ipv4Address operator()(const Ipv4Address& address);
  Ipv6Address operator()(const Ipv6Address& address);
  MacAddress operator()(const MacAddress& address);
  Eui64 operator()(const Eui64& address);
  /// Letters in place of each character of one label of a name: the same label (in any case) gives the same letters. Labels
  /// that name a service or a place in the tree stay: those that begin with '_', "local", "arpa", "in-addr", "ip6".
  void replace_label(std::span<u8> label) const;

 private:
  /// A prefix that stays; of what lies in it the first `keep` bits do.
  struct Kept {
    u8 address[16] = {};
    u8 length = 0, keep = 0;
  };
  template <size_t N> struct Hash {
    size_t operator()(const Octets<N>& address) const;
  };
  template <size_t N> using Table = std::unordered_map<Octets<N>, Octets<N>, Hash<N>>;

  template <class A> A look_up(const A& address, Table<sizeof(A)>& table, auto&& compute);
  /// Turns the bits of `address` from `first` on, under the tree that `label` names.
  void turn(u8 label, std::span<u8> address, unsigned first, std::span<const Kept> kept = {}) const;
  static unsigned kept_bits(std::span<const u8> address, std::span<const Kept> kept);

  HmacSha256 hash_;
  MacPolicy mac_;
  std::vector<Kept> kept_ipv4_, kept_ipv6_;
  Table<4> ipv4_;
  Table<16> ipv6_;
  Table<6> macs_;
};

}  // namespace trawl::inline v0
