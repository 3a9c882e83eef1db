// SPDX-License-Identifier: Apache-2.0 OR MIT
/// TCP, RFC 9293 3.1, with its options.
///
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +-------------------------------+-------------------------------+
///  |          source port          |       destination port        |
///  +-------------------------------+-------------------------------+
///  |                        sequence number                        |
///  +---------------------------------------------------------------+
///  |                     acknowledgment number                     |
///  +-------+-------+---------------+-------------------------------+
///  | offset|  res  |     flags     |            window             |
///  +-------+-------+---------------+-------------------------------+
///  |           checksum            |        urgent pointer         |
///  +-------------------------------+-------------------------------+
#pragma once
#include "trawl/wire/layer.hpp"
#include "trawl/wire/numbers.hpp"

namespace trawl::inline v0::wire {

struct TcpOptionKinds {
  enum Number : u8 { end = 0, nop = 1, mss = 2, window_scale = 3, sack_permitted = 4, sack = 5, timestamps = 8, md5 = 19, user_timeout = 28, authentication = 29 };
};
using TcpOptionKind = TcpOptionKinds::Number;
inline constexpr ValueName tcp_option_kind_names[] = {{0, "End of Option List"}, {1, "No-Operation"}, {2, "Maximum Segment Size"}, {3, "Window Scale"},
    {4, "SACK Permitted"}, {5, "SACK"}, {8, "Timestamps"}, {19, "MD5 Signature"}, {28, "User Timeout"}, {29, "TCP Authentication"}, {30, "Multipath TCP"}, {34, "TCP Fast Open Cookie"}};
template <> inline constexpr Space space<TcpOptionKind>{"TcpOptionKind", tcp_option_kind_names};

/// The length counts kind and length too; kinds 0 and 1 are one byte.
struct TcpOption : Layer<TcpOption, 2> {
  static constexpr auto name = "tcp";
  static constexpr Field<TcpOptionKind, 0> kind   {"option_kind", "RFC 9293 3.1"};
  static constexpr Field<u8, 8>            length {"option_len",  "RFC 9293 3.1"};
  static constexpr auto fields = cover<2>(kind, length);
  static constexpr Rules rules {.total_bytes = length, .next = kind, .lone = {.pad = TcpOptionKind::nop, .end = TcpOptionKind::end}};
  using Layer::Layer;
};
struct Nop : Layer<Nop, 0> {
  static constexpr auto name = "tcp.options.nop";
  static constexpr auto title = "No-Operation";
  static constexpr auto fields = cover<0>();
  static constexpr auto numbers = at(TcpOptionKind::nop);
  using Layer::Layer;
};
struct EndOfOptions : Layer<EndOfOptions, 0> {
  static constexpr auto name = "tcp.options.eol";
  static constexpr auto title = "End of Option List";
  static constexpr auto fields = cover<0>();
  static constexpr auto numbers = at(TcpOptionKind::end);
  using Layer::Layer;
};
/// Maximum segment size, RFC 9293 3.7.1.
struct Mss : Layer<Mss, 2> {
  static constexpr auto name = "tcp.options";
  static constexpr auto title = "Maximum Segment Size";
  static constexpr Field<u16, 0> value {"mss_val", "RFC 9293 3.7.1"};
  static constexpr auto fields = cover<2>(value);
  static constexpr auto numbers = at(TcpOptionKind::mss);
  using Layer::Layer;
};
struct WindowScale : Layer<WindowScale, 1> {
  static constexpr auto name = "tcp.options.wscale";
  static constexpr auto title = "Window Scale";
  static constexpr Field<u8, 0> shift {"shift", "RFC 7323 2.2"};
  static constexpr auto fields = cover<1>(shift);
  static constexpr auto numbers = at(TcpOptionKind::window_scale);
  using Layer::Layer;
};
struct SackPermitted : Layer<SackPermitted, 0> {
  static constexpr auto name = "tcp.options.sack_perm";
  static constexpr auto title = "SACK Permitted";
  static constexpr auto fields = cover<0>();
  static constexpr auto numbers = at(TcpOptionKind::sack_permitted);
  using Layer::Layer;
};
/// One block of a selective acknowledgment.
struct SackBlock : Layer<SackBlock, 8> {
  static constexpr auto name = "tcp.options";
  static constexpr Field<u32, 0>  left  {"sack_le", "RFC 2018 3"};
  static constexpr Field<u32, 32> right {"sack_re", "RFC 2018 3"};
  static constexpr auto fields = cover<8>(left, right);
  using Layer::Layer;
};
/// As many blocks as fit.
struct Sack : Layer<Sack, 0> {
  static constexpr auto name = "tcp.options.sack";
  static constexpr auto title = "SACK";
  static constexpr auto fields = cover<0>();
  static constexpr Part<List<SackBlock>, 0> blocks {"blocks", "RFC 2018 3"};
  static constexpr auto parts = then(blocks);
  static constexpr auto numbers = at(TcpOptionKind::sack);
  using Layer::Layer;
};
struct Timestamps : Layer<Timestamps, 8> {
  static constexpr auto name = "tcp.options.timestamp";
  static constexpr auto title = "Timestamps";
  static constexpr Field<u32, 0>  value {"tsval", "RFC 7323 3.2"};
  static constexpr Field<u32, 32> echo  {"tsecr", "RFC 7323 3.2"};
  static constexpr auto fields = cover<8>(value, echo);
  static constexpr auto numbers = at(TcpOptionKind::timestamps);
  using Layer::Layer;
};
struct Md5Signature : Layer<Md5Signature, 0> {
  static constexpr auto name = "tcp.options.md5";
  static constexpr auto title = "MD5 Signature";
  static constexpr auto fields = cover<0>();
  static constexpr Part<Blob, 0> digest {"digest", "RFC 2385 3.0"};
  static constexpr auto parts = then(digest);
  static constexpr auto numbers = at(TcpOptionKind::md5);
  using Layer::Layer;
};
struct UserTimeout : Layer<UserTimeout, 2> {
  static constexpr auto name = "tcp.options";
  static constexpr auto title = "User Timeout";
  static constexpr Field<bool, 0>    minutes {"user_to_granularity", "RFC 5482 3"};
  static constexpr Field<u16, 1, 15> timeout {"user_to_val", "RFC 5482 3"};
  static constexpr auto fields = cover<2>(minutes, timeout);
  static constexpr auto numbers = at(TcpOptionKind::user_timeout);
  using Layer::Layer;
};
struct TcpAuthentication : Layer<TcpAuthentication, 2> {
  static constexpr auto name = "tcp.options.ao";
  static constexpr auto title = "TCP Authentication";
  static constexpr Field<u8, 0> key_id {"keyid", "RFC 5925 2.2"};
  static constexpr Field<u8, 8> next_key_id {"rnextkeyid", "RFC 5925 2.2"};
  static constexpr auto fields = cover<2>(key_id, next_key_id);
  static constexpr Part<Blob, 0> mac {"mac", "RFC 5925 2.2"};
  static constexpr auto parts = then(mac);
  static constexpr auto numbers = at(TcpOptionKind::authentication);
  using Layer::Layer;
};

struct Tcp : Layer<Tcp, 20> {
  struct Flag {
    static constexpr u16 fin = 1, syn = 2, rst = 4, psh = 8, ack = 16, urg = 32, ece = 64, cwr = 128, ae = 256;
  };
  static constexpr auto name = "tcp";
  static constexpr auto title = "Transmission Control Protocol";
  static constexpr Field<TcpPort, 0>   src_port    {"srcport",     "RFC 9293 3.1"};
  static constexpr Field<TcpPort, 16>  dst_port    {"dstport",     "RFC 9293 3.1"};
  static constexpr Field<u32, 32>      seq         {"seq_raw",     "RFC 9293 3.1"};
  static constexpr Field<u32, 64>      ack         {"ack_raw",     "RFC 9293 3.1"};
  static constexpr Field<u8, 96, 4>    data_offset {"hdr_len",     "RFC 9293 3.1", {.initial = 5, .times = 4}};
  static constexpr Field<u16, 100, 12> flags       {"flags",       "RFC 9293 3.1", {.show = Show::hex}};
  static constexpr Field<bool, 100, 3> reserved    {"flags.res",   "RFC 9293 3.1"};
  static constexpr Field<bool, 103>    ae          {"flags.ae",    "RFC 9768 3.1"};
  static constexpr Field<bool, 104>    cwr         {"flags.cwr",   "RFC 3168 6.1"};
  static constexpr Field<bool, 105>    ece         {"flags.ece",   "RFC 3168 6.1"};
  static constexpr Field<bool, 106>    urg         {"flags.urg",   "RFC 9293 3.1"};
  static constexpr Field<bool, 107>    ack_flag    {"flags.ack",   "RFC 9293 3.1"};
  static constexpr Field<bool, 108>    psh         {"flags.push",  "RFC 9293 3.1"};
  static constexpr Field<bool, 109>    rst         {"flags.reset", "RFC 9293 3.1"};
  static constexpr Field<bool, 110>    syn         {"flags.syn",   "RFC 9293 3.1"};
  static constexpr Field<bool, 111>    fin         {"flags.fin",   "RFC 9293 3.1"};
  static constexpr Field<u16, 112>     window      {"window_size_value", "RFC 9293 3.1", {.initial = 65535}};
  static constexpr Field<u16, 128>     checksum    {"checksum",    "RFC 9293 3.1", {.show = Show::hex}};
  static constexpr Field<u16, 144>     urgent      {"urgent_pointer", "RFC 9293 3.1"};
  static constexpr auto fields = cover<20>(src_port, dst_port, seq, ack, data_offset, flags, reserved, ae, cwr, ece, urg, ack_flag, psh,
                                           rst, syn, fin, window, checksum, urgent);
  static constexpr Part<List<TcpOption>, 0> options {"options", "RFC 9293 3.1"};
  static constexpr auto parts = then(options);
  static constexpr auto aliases = also(alias("port", src_port, dst_port));
  static constexpr auto derived = computed(Derived{"len", "RFC 9293 3.1", [](const LayerContext& c) {
    return Derived::Value{!c.fragment && !c.quoted, c.payload_length};
  }});

  static constexpr auto summary = shown("tcp.flags", "tcp.seq_raw", "tcp.ack_raw", "tcp.window_size_value", "tcp.len");
  static constexpr auto replies = answered(
      when(syn == true && rst == false, ack_flag == true).crossed(src_port, dst_port).covers(seq, ack, syn, fin),
      when(syn == false && rst == false, ack_flag == true && syn == false).crossed(src_port, dst_port).covers(seq, ack, syn, fin),
      when(ack_flag == true && rst == false, ack_flag == false && rst == true).crossed(src_port, dst_port).moved(ack, seq));  // RFC 9293 3.10.7.1
  static constexpr auto numbers = at(IpProtocol::tcp);
  static constexpr Rules rules {.header_bytes = data_offset * 4, .next = dst_port, .or_next = src_port, .may_be_empty = true,
                                .sum = internet(checksum, Over::pseudo_and_all), .shown_when_cut = 4};
  using Layer::Layer;
};

}  // namespace trawl::inline v0::wire
