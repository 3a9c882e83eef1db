// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What the options of pcapng say, as types. Each is made of an OptionValue and gives one.
#pragma once
#include "trawl/file/pcapng/option.hpp"

namespace trawl::inline v0 {

/// epb_flags: what the capturing side knew of the packet (draft 4.3.1).
struct PacketFlags {
  enum class Reception : u8 { unspecified, unicast, multicast, broadcast, promiscuous };
  u32 bits = 0;

  static constexpr u32 inbound = 1, outbound = 2, checksum_not_ready = 1u << 9, checksum_valid = 1u << 10, segmentation = 1u << 11;
  static constexpr u32 crc_error = 1u << 24, too_long = 1u << 25, too_short = 1u << 26, wrong_gap = 1u << 27, unaligned = 1u << 28,
                       start_frame_error = 1u << 29, preamble_error = 1u << 30, symbol_error = 1u << 31;
  constexpr bool has(u32 flag) const { return bits & flag; }
  constexpr u32 direction() const { return bits & 3; }
  constexpr Reception reception() const { return Reception(bits >> 2 & 7); }
  /// Of the frame check sequence; 0: not said.
  constexpr unsigned fcs_octets() const { return bits >> 5 & 15; }
  static constexpr u32 with(Reception reception) { return u32(reception) << 2; }
};

enum class HashAlgorithm : u8 { twos_complement, exclusive_or, crc32, md5, sha1, toeplitz };
struct HashOption {
  HashAlgorithm algorithm = HashAlgorithm::crc32;
  Bytes value;
};

enum class VerdictKind : u8 { hardware, linux_tc, linux_xdp };
/// linux_tc: an i64, linux_xdp: a u64, both in `number`; hardware: octets of the hardware's own in `value`.
struct VerdictOption {
  VerdictKind kind = VerdictKind::linux_xdp;
  u64 number = 0;
  Bytes value;
};

struct ProcessThread {
  u32 process = 0, thread = 0;
};

/// if_filter. Kind 0: text, kind 1: BPF instructions of 8 bytes.
struct CaptureFilter {
  u8 kind = 0;
  Bytes value;
};

/// opt_custom: what a vendor (IANA private enterprise number) keeps there.
struct CustomValue {
  u32 enterprise = 0;
  Bytes value;
};

struct Ipv4Net {
  Ipv4Address address, mask;
};
struct Ipv6Net {
  Ipv6Address address;
  u8 prefix_length = 0;
};
struct Uuid : Octets<16> {};
/// A time as two words, in units of the block's interface.
struct HalfTicks {
  u64 ticks = 0;
};

/// The typed value; its kind is that of the option.
template <class T> constexpr T from_value(const OptionValue& v) {
  if constexpr (std::is_same_v<T, std::string_view>) return v.bytes.text().substr(0, v.bytes.text().find('\0'));
  else if constexpr (std::is_same_v<T, Bytes>) return v.bytes;
  else if constexpr (std::is_integral_v<T>) return T(v.number);
  else if constexpr (std::is_same_v<T, Resolution>) return {u8(v.number)};
  else if constexpr (std::is_same_v<T, PacketFlags>) return {u32(v.number)};
  else if constexpr (std::is_same_v<T, HalfTicks>) return {v.number};
  else if constexpr (std::is_same_v<T, ProcessThread>) return {u32(v.number), u32(v.second)};
  else if constexpr (std::is_same_v<T, HashOption>) return {HashAlgorithm(v.number), v.bytes};
  else if constexpr (std::is_same_v<T, VerdictOption>) return {VerdictKind(v.number), v.second, v.bytes};
  else if constexpr (std::is_same_v<T, CaptureFilter>) return {u8(v.number), v.bytes};
  else if constexpr (std::is_same_v<T, CustomValue>) return {u32(v.number), v.bytes};
  else if constexpr (std::is_same_v<T, Ipv4Net> || std::is_same_v<T, Ipv6Net>) {
    T net;
    copy_bytes(net.address.octet, v.bytes.data, sizeof net.address.octet);
    if constexpr (requires { net.mask; }) copy_bytes(net.mask.octet, v.bytes.data + 4, 4);
    else net.prefix_length = v.bytes[16];
    return net;
  } else {
    T address;
    copy_bytes(address.octet, v.bytes.data, sizeof address.octet);
    return address;
  }
}

/// The inverse. `value` must outlive what is given.
template <class T> constexpr OptionValue to_value(const T& value) {
  if constexpr (std::is_same_v<T, std::string_view>) return {0, 0, Bytes::of(value)};
  else if constexpr (std::is_same_v<T, Bytes>) return {0, 0, value};
  else if constexpr (std::is_integral_v<T>) return {u64(value), 0, {}};
  else if constexpr (std::is_same_v<T, Resolution>) return {value.code, 0, {}};
  else if constexpr (std::is_same_v<T, PacketFlags>) return {value.bits, 0, {}};
  else if constexpr (std::is_same_v<T, HalfTicks>) return {value.ticks, 0, {}};
  else if constexpr (std::is_same_v<T, ProcessThread>) return {value.process, value.thread, {}};
  else if constexpr (std::is_same_v<T, HashOption>) return {u64(value.algorithm), 0, value.value};
  else if constexpr (std::is_same_v<T, VerdictOption>) return {u64(value.kind), value.number, value.value};
  else if constexpr (std::is_same_v<T, CaptureFilter>) return {value.kind, 0, value.value};
  else if constexpr (std::is_same_v<T, CustomValue>) return {value.enterprise, 0, value.value};
  else if constexpr (std::is_same_v<T, Ipv4Net>) return {load_be<u32>(value.mask.octet), 0, value.address.bytes()};
  else if constexpr (std::is_same_v<T, Ipv6Net>) return {value.prefix_length, 0, value.address.bytes()};
  else return {0, 0, value.bytes()};
}

}  // namespace trawl::inline v0
