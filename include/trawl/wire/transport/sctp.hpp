// SPDX-License-Identifier: Apache-2.0 OR MIT
/// SCTP, RFC 9260: a common header and a bundle of chunks, with their parameters and error causes.
#pragma once
#include "trawl/wire/layer.hpp"
#include "trawl/wire/numbers.hpp"

namespace trawl::inline v0::wire {

struct SctpPorts { enum Number : u16 { none = 0 }; };
using SctpPort = SctpPorts::Number;
template <> inline constexpr Space space<SctpPort>{"SctpPort"};

struct SctpChunkTypes {
  enum Number : u8 { data = 0, init = 1, init_ack = 2, sack = 3, heartbeat = 4, heartbeat_ack = 5, abort = 6, shutdown = 7, shutdown_ack = 8, error = 9, cookie_echo = 10, cookie_ack = 11, ecne = 12, cwr = 13, shutdown_complete = 14 };
};
using SctpChunkType = SctpChunkTypes::Number;
inline constexpr ValueName sctp_chunk_type_names[] = {{0, "DATA"}, {1, "INIT"}, {2, "INIT_ACK"}, {3, "SACK"}, {4, "HEARTBEAT"}, {5, "HEARTBEAT_ACK"}, {6, "ABORT"},
    {7, "SHUTDOWN"}, {8, "SHUTDOWN_ACK"}, {9, "ERROR"}, {10, "COOKIE_ECHO"}, {11, "COOKIE_ACK"}, {12, "ECNE"}, {13, "CWR"}, {14, "SHUTDOWN_COMPLETE"}};
template <> inline constexpr Space space<SctpChunkType>{"SctpChunkType", sctp_chunk_type_names};
struct SctpParameterTypes { enum Number : u16 { heartbeat = 1, ipv4_address = 5, ipv6_address = 6, cookie = 7, cookie_preservative = 9, supported_addresses = 12 }; };
using SctpParameterType = SctpParameterTypes::Number;
inline constexpr ValueName sctp_parameter_type_names[] = {{1, "Heartbeat info"}, {5, "IPv4 address"}, {6, "IPv6 address"}, {7, "State cookie"}, {8, "Unrecognized parameter"},
    {9, "Cookie preservative"}, {11, "Hostname address"}, {12, "Supported address types"}, {0x8000, "ECN"}, {0xc000, "Forward TSN supported"}};
template <> inline constexpr Space space<SctpParameterType>{"SctpParameterType", sctp_parameter_type_names};

/// Length counts head and value, not the padding to 4 bytes behind it.
struct SctpChunk : Layer<SctpChunk, 4> {
  static constexpr auto name = "sctp";
  static constexpr Field<SctpChunkType, 0> type   {"chunk_type",   "RFC 9260 3.2"};
  static constexpr Field<u8, 8>            flags  {"chunk_flags",  "RFC 9260 3.2", {.show = Show::hex}};
  static constexpr Field<u16, 16>          length {"chunk_length", "RFC 9260 3.2"};
  static constexpr auto fields = cover<4>(type, flags, length);
  static constexpr Rules rules {.total_bytes = length, .next = type, .align = 4, .pads_last = true};
  using Layer::Layer;
};
/// Padded between, but not after the last: the chunk's length does not count that.
struct SctpParameter : Layer<SctpParameter, 4> {
  static constexpr auto name = "sctp";
  static constexpr Field<SctpParameterType, 0> type   {"parameter_type",   "RFC 9260 3.2.1", {.show = Show::hex}};
  static constexpr Field<u16, 16>              length {"parameter_length", "RFC 9260 3.2.1"};
  static constexpr auto fields = cover<4>(type, length);
  static constexpr Rules rules {.total_bytes = length, .next = type, .align = 4};
  using Layer::Layer;
};
struct SctpIpv4Address : Layer<SctpIpv4Address, 4> {
  static constexpr auto name = "sctp";
  static constexpr auto title = "IPv4 address";
  static constexpr Field<Ipv4Address, 0> address {"parameter_ipv4_address", "RFC 9260 3.3.2.1"};
  static constexpr auto fields = cover<4>(address);
  static constexpr auto numbers = at(SctpParameterType::ipv4_address);
  using Layer::Layer;
};
struct SctpIpv6Address : Layer<SctpIpv6Address, 16> {
  static constexpr auto name = "sctp";
  static constexpr auto title = "IPv6 address";
  static constexpr Field<Ipv6Address, 0> address {"parameter_ipv6_address", "RFC 9260 3.3.2.1"};
  static constexpr auto fields = cover<16>(address);
  static constexpr auto numbers = at(SctpParameterType::ipv6_address);
  using Layer::Layer;
};
struct SctpStateCookie : Layer<SctpStateCookie, 0> {
  static constexpr auto name = "sctp";
  static constexpr auto title = "State cookie";
  static constexpr auto fields = cover<0>();
  static constexpr Part<Blob, 0> cookie {"parameter_state_cookie", "RFC 9260 3.3.3.1"};
  static constexpr auto parts = then(cookie);
  static constexpr auto numbers = at(SctpParameterType::cookie);
  using Layer::Layer;
};
struct SctpHeartbeatInfo : Layer<SctpHeartbeatInfo, 0> {
  static constexpr auto name = "sctp";
  static constexpr auto title = "Heartbeat info";
  static constexpr auto fields = cover<0>();
  static constexpr Part<Blob, 0> info {"parameter_heartbeat_information", "RFC 9260 3.3.5"};
  static constexpr auto parts = then(info);
  static constexpr auto numbers = at(SctpParameterType::heartbeat);
  using Layer::Layer;
};

/// RFC 9260 3.3.1. The flags B, E, U and I are bits of the chunk's flags.
struct SctpData : Layer<SctpData, 12> {
  static constexpr auto name = "sctp";
  static constexpr auto title = "DATA";
  static constexpr Field<u32, 0>  tsn      {"data_tsn_raw", "RFC 9260 3.3.1"};
  static constexpr Field<u16, 32> stream   {"data_sid",     "RFC 9260 3.3.1", {.show = Show::hex}};
  static constexpr Field<u16, 48> sequence {"data_ssn",     "RFC 9260 3.3.1"};
  static constexpr Field<u32, 64> ppid     {"data_payload_proto_id", "RFC 9260 3.3.1"};
  static constexpr auto fields = cover<12>(tsn, stream, sequence, ppid);
  static constexpr Part<Blob, 0> data {"data_bytes", "RFC 9260 3.3.1"};
  static constexpr auto parts = then(data);
  static constexpr auto numbers = at(SctpChunkType::data);
  using Layer::Layer;
};
struct SctpInit : Layer<SctpInit, 16> {
  static constexpr auto name = "sctp";
  static constexpr auto title = "INIT";
  static constexpr Field<u32, 0>  tag      {"init_initiate_tag",   "RFC 9260 3.3.2", {.show = Show::hex}};
  static constexpr Field<u32, 32> window   {"init_credit",         "RFC 9260 3.3.2", {.initial = 65535}};
  static constexpr Field<u16, 64> outbound {"init_nr_out_streams", "RFC 9260 3.3.2", {.initial = 10}};
  static constexpr Field<u16, 80> inbound  {"init_nr_in_streams",  "RFC 9260 3.3.2", {.initial = 10}};
  static constexpr Field<u32, 96> tsn      {"init_initial_tsn",    "RFC 9260 3.3.2"};
  static constexpr auto fields = cover<16>(tag, window, outbound, inbound, tsn);
  static constexpr Part<List<SctpParameter>, 0> parameters {"init_parameters", "RFC 9260 3.3.2.1"};
  static constexpr auto parts = then(parameters);
  static constexpr auto numbers = at(SctpChunkType::init);
  using Layer::Layer;
};
struct SctpInitAck : Layer<SctpInitAck, 16> {
  static constexpr auto name = "sctp";
  static constexpr auto title = "INIT_ACK";
  static constexpr Field<u32, 0>  tag      {"initack_initiate_tag",   "RFC 9260 3.3.3", {.show = Show::hex}};
  static constexpr Field<u32, 32> window   {"initack_credit",         "RFC 9260 3.3.3", {.initial = 65535}};
  static constexpr Field<u16, 64> outbound {"initack_nr_out_streams", "RFC 9260 3.3.3", {.initial = 10}};
  static constexpr Field<u16, 80> inbound  {"initack_nr_in_streams",  "RFC 9260 3.3.3", {.initial = 10}};
  static constexpr Field<u32, 96> tsn      {"initack_initial_tsn",    "RFC 9260 3.3.3"};
  static constexpr auto fields = cover<16>(tag, window, outbound, inbound, tsn);
  static constexpr Part<List<SctpParameter>, 0> parameters {"initack_parameters", "RFC 9260 3.3.3.1"};
  static constexpr auto parts = then(parameters);
  static constexpr auto numbers = at(SctpChunkType::init_ack);
  using Layer::Layer;
};
struct SctpGapBlock : Layer<SctpGapBlock, 4> {
  static constexpr auto name = "sctp";
  static constexpr Field<u16, 0>  start {"sack_gap_block_start", "RFC 9260 3.3.4"};
  static constexpr Field<u16, 16> last  {"sack_gap_block_end",   "RFC 9260 3.3.4"};
  static constexpr auto fields = cover<4>(start, last);
  using Layer::Layer;
};
struct SctpDuplicate : Layer<SctpDuplicate, 4> {
  static constexpr auto name = "sctp";
  static constexpr Field<u32, 0> tsn {"sack_duplicate_tsn", "RFC 9260 3.3.4"};
  static constexpr auto fields = cover<4>(tsn);
  using Layer::Layer;
};
struct SctpSack : Layer<SctpSack, 12> {
  static constexpr auto name = "sctp";
  static constexpr auto title = "SACK";
  static constexpr Field<u32, 0>  cumulative {"sack_cumulative_tsn_ack_raw", "RFC 9260 3.3.4"};
  static constexpr Field<u32, 32> window     {"sack_a_rwnd", "RFC 9260 3.3.4"};
  static constexpr Field<u16, 64> gap_count  {"sack_number_of_gap_blocks", "RFC 9260 3.3.4"};
  static constexpr Field<u16, 80> duplicate_count {"sack_number_of_duplicated_tsns", "RFC 9260 3.3.4"};
  static constexpr auto fields = cover<12>(cumulative, window, gap_count, duplicate_count);
  static constexpr Part<List<SctpGapBlock>, 0>  gaps       {"sack_gaps", "RFC 9260 3.3.4", {.count = gap_count}};
  static constexpr Part<List<SctpDuplicate>, 1> duplicates {"sack_duplicates", "RFC 9260 3.3.4", {.count = duplicate_count}};
  static constexpr auto parts = then(gaps, duplicates);
  static constexpr auto numbers = at(SctpChunkType::sack);
  using Layer::Layer;
};
/// HEARTBEAT and HEARTBEAT ACK carry one parameter.
struct SctpHeartbeat : Layer<SctpHeartbeat, 0> {
  static constexpr auto name = "sctp";
  static constexpr auto title = "HEARTBEAT";
  static constexpr auto fields = cover<0>();
  static constexpr Part<List<SctpParameter>, 0> parameters {"heartbeat_parameters", "RFC 9260 3.3.5"};
  static constexpr auto parts = then(parameters);
  static constexpr auto numbers = at(SctpChunkType::heartbeat, SctpChunkType::heartbeat_ack);
  using Layer::Layer;
};
/// RFC 9260 3.3.10.
struct SctpCause : Layer<SctpCause, 4> {
  static constexpr auto name = "sctp";
  static constexpr Field<u16, 0>  code   {"cause_code",   "RFC 9260 3.3.10", {.show = Show::hex}};
  static constexpr Field<u16, 16> length {"cause_length", "RFC 9260 3.3.10"};
  static constexpr auto fields = cover<4>(code, length);
  static constexpr Rules rules {.total_bytes = length, .align = 4};
  using Layer::Layer;
};
/// ABORT and ERROR carry causes.
struct SctpAbort : Layer<SctpAbort, 0> {
  static constexpr auto name = "sctp";
  static constexpr auto title = "ABORT";
  static constexpr auto fields = cover<0>();
  static constexpr Part<List<SctpCause>, 0> causes {"causes", "RFC 9260 3.3.7"};
  static constexpr auto parts = then(causes);
  static constexpr auto numbers = at(SctpChunkType::abort, SctpChunkType::error);
  using Layer::Layer;
};
struct SctpShutdown : Layer<SctpShutdown, 4> {
  static constexpr auto name = "sctp";
  static constexpr auto title = "SHUTDOWN";
  static constexpr Field<u32, 0> cumulative {"shutdown_cumulative_tsn_ack", "RFC 9260 3.3.8"};
  static constexpr auto fields = cover<4>(cumulative);
  static constexpr auto numbers = at(SctpChunkType::shutdown);
  using Layer::Layer;
};
struct SctpCookieEcho : Layer<SctpCookieEcho, 0> {
  static constexpr auto name = "sctp";
  static constexpr auto title = "COOKIE_ECHO";
  static constexpr auto fields = cover<0>();
  static constexpr Part<Blob, 0> cookie {"cookie", "RFC 9260 3.3.11"};
  static constexpr auto parts = then(cookie);
  static constexpr auto numbers = at(SctpChunkType::cookie_echo);
  using Layer::Layer;
};

struct Sctp : Layer<Sctp, 12> {
  static constexpr auto name = "sctp";
  static constexpr auto title = "Stream Control Transmission Protocol";
  static constexpr Field<SctpPort, 0>  src_port {"srcport",          "RFC 9260 3.1"};
  static constexpr Field<SctpPort, 16> dst_port {"dstport",          "RFC 9260 3.1"};
  static constexpr Field<u32, 32>      tag      {"verification_tag", "RFC 9260 3.1", {.show = Show::hex}};
  static constexpr Field<u32, 64>      checksum {"checksum",         "RFC 9260 6.8, appendix A", {.show = Show::hex}};
  static constexpr auto fields = cover<12>(src_port, dst_port, tag, checksum);
  static constexpr Part<List<SctpChunk>, 0> chunks {"chunks", "RFC 9260 3.2"};
  static constexpr auto parts = then(chunks);
  static constexpr auto aliases = also(alias("port", src_port, dst_port));

  static constexpr auto summary = shown("sctp.chunk_type");
  static constexpr auto replies = answered(crossed(src_port, dst_port));
  static constexpr auto numbers = at(IpProtocol::sctp);
  static constexpr Rules rules {.takes_all = true, .sum = crc32c_of(checksum)};
  using Layer::Layer;
};

}  // namespace trawl::inline v0::wire
