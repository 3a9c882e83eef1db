// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Every option of the draft, declared once: reading, writing, printing and changing byte order follow from this list.
/// To add one: a line here, and its name in the list in src/file/pcapng/option_table.cpp.
#pragma once
#include <span>

#include "trawl/file/pcapng/block.hpp"
#include "trawl/file/pcapng/option_values.hpp"

namespace trawl::inline v0 {

/// `block` BlockType{}: any block may have it.
struct OptionSpec {
  BlockType block;
  u16 code;
  std::string_view name;   ///< the draft's: "epb_flags"
  OptionKind kind;
  bool repeats = false;    ///< may stand more than once
};
/// An option whose value is a T.
template <class T> struct OptionOf : OptionSpec {};

namespace any_option {
inline constexpr BlockType in{};
inline constexpr OptionOf<std::string_view> comment{{in, 1, "opt_comment", OptionKind::text, true}};
inline constexpr OptionOf<CustomValue> custom_text{{in, 2988, "opt_custom_text", OptionKind::enterprise, true}};
inline constexpr OptionOf<CustomValue> custom_bytes{{in, 2989, "opt_custom_bytes", OptionKind::enterprise, true}};
inline constexpr OptionOf<CustomValue> custom_text_no_copy{{in, 19372, "opt_custom_text_no_copy", OptionKind::enterprise, true}};
inline constexpr OptionOf<CustomValue> custom_bytes_no_copy{{in, 19373, "opt_custom_bytes_no_copy", OptionKind::enterprise, true}};
}  // namespace any_option

namespace section_option {
inline constexpr auto in = BlockType::section_header;
inline constexpr OptionOf<std::string_view> hardware{{in, 2, "shb_hardware", OptionKind::text}};
inline constexpr OptionOf<std::string_view> operating_system{{in, 3, "shb_os", OptionKind::text}};
inline constexpr OptionOf<std::string_view> application{{in, 4, "shb_userappl", OptionKind::text}};
}  // namespace section_option

namespace interface_option {
inline constexpr auto in = BlockType::interface_description;
inline constexpr OptionOf<std::string_view> name{{in, 2, "if_name", OptionKind::text}};
inline constexpr OptionOf<std::string_view> description{{in, 3, "if_description", OptionKind::text}};
inline constexpr OptionOf<Ipv4Net> ipv4{{in, 4, "if_IPv4addr", OptionKind::ipv4_net, true}};
inline constexpr OptionOf<Ipv6Net> ipv6{{in, 5, "if_IPv6addr", OptionKind::ipv6_net, true}};
inline constexpr OptionOf<MacAddress> mac{{in, 6, "if_MACaddr", OptionKind::mac}};
inline constexpr OptionOf<Eui64> eui{{in, 7, "if_EUIaddr", OptionKind::eui64}};
inline constexpr OptionOf<u64> speed{{in, 8, "if_speed", OptionKind::number}};                     ///< bits a second, both ways
inline constexpr OptionOf<Resolution> resolution{{in, 9, "if_tsresol", OptionKind::byte}};
inline constexpr OptionOf<u32> time_zone{{in, 10, "if_tzone", OptionKind::word}};                  ///< obsolete
inline constexpr OptionOf<CaptureFilter> filter{{in, 11, "if_filter", OptionKind::filter}};
inline constexpr OptionOf<std::string_view> operating_system{{in, 12, "if_os", OptionKind::text}};
inline constexpr OptionOf<u8> fcs_length{{in, 13, "if_fcslen", OptionKind::byte}};                 ///< bits
inline constexpr OptionOf<i64> time_offset{{in, 14, "if_tsoffset", OptionKind::signed_number}};    ///< seconds
inline constexpr OptionOf<std::string_view> hardware{{in, 15, "if_hardware", OptionKind::text}};
inline constexpr OptionOf<u64> transmit_speed{{in, 16, "if_txspeed", OptionKind::number}};
inline constexpr OptionOf<u64> receive_speed{{in, 17, "if_rxspeed", OptionKind::number}};
inline constexpr OptionOf<std::string_view> time_zone_name{{in, 18, "if_iana_tzname", OptionKind::text}};
}  // namespace interface_option

/// Of enhanced packet blocks; the obsolete packet block has the first two.
namespace packet_option {
inline constexpr auto in = BlockType::enhanced_packet;
inline constexpr OptionOf<PacketFlags> flags{{in, 2, "epb_flags", OptionKind::word}};
inline constexpr OptionOf<HashOption> hash{{in, 3, "epb_hash", OptionKind::tagged, true}};
inline constexpr OptionOf<u64> drops{{in, 4, "epb_dropcount", OptionKind::number}};
inline constexpr OptionOf<u64> id{{in, 5, "epb_packetid", OptionKind::number}};
inline constexpr OptionOf<u32> queue{{in, 6, "epb_queue", OptionKind::word}};
inline constexpr OptionOf<VerdictOption> verdict{{in, 7, "epb_verdict", OptionKind::verdict, true}};
inline constexpr OptionOf<ProcessThread> process_thread{{in, 8, "epb_processid_threadid", OptionKind::words}};
inline constexpr OptionOf<u32> process_index{{in, 0x8001, "darwin_dpeb_id", OptionKind::word}};   ///< of process information blocks
inline constexpr OptionOf<u32> effective_process_index{{in, 0x8003, "darwin_edpeb_id", OptionKind::word}};
}  // namespace packet_option

namespace names_option {
inline constexpr auto in = BlockType::name_resolution;
inline constexpr OptionOf<std::string_view> server{{in, 2, "ns_dnsname", OptionKind::text}};
inline constexpr OptionOf<Ipv4Address> server_ipv4{{in, 3, "ns_dnsIP4addr", OptionKind::ipv4}};
inline constexpr OptionOf<Ipv6Address> server_ipv6{{in, 4, "ns_dnsIP6addr", OptionKind::ipv6}};
}  // namespace names_option

namespace statistics_option {
inline constexpr auto in = BlockType::interface_statistics;
inline constexpr OptionOf<HalfTicks> start_time{{in, 2, "isb_starttime", OptionKind::halves}};
inline constexpr OptionOf<HalfTicks> end_time{{in, 3, "isb_endtime", OptionKind::halves}};
inline constexpr OptionOf<u64> received{{in, 4, "isb_ifrecv", OptionKind::number}};
inline constexpr OptionOf<u64> dropped{{in, 5, "isb_ifdrop", OptionKind::number}};
inline constexpr OptionOf<u64> filter_accepted{{in, 6, "isb_filteraccept", OptionKind::number}};
inline constexpr OptionOf<u64> os_dropped{{in, 7, "isb_osdrop", OptionKind::number}};
inline constexpr OptionOf<u64> delivered{{in, 8, "isb_usrdeliv", OptionKind::number}};
}  // namespace statistics_option

namespace process_option {
inline constexpr auto in = BlockType::process_information;
inline constexpr OptionOf<std::string_view> name{{in, 2, "dpeb_name", OptionKind::text}};
inline constexpr OptionOf<Uuid> uuid{{in, 4, "dpeb_uuid", OptionKind::uuid}};
}  // namespace process_option

TRAWL_API std::span<const OptionSpec* const> option_specs();
/// Null: not known, in that block. Costs a binary search.
TRAWL_API const OptionSpec* find_option(BlockType block, u16 code);
/// "epb_flags: 0x00000005", "opt_comment: hello", "option 4711: 0102"; control characters are escaped.
TRAWL_API void put(TextOut& out, const Option& option, BlockType block, Order order);

/// Nothing when the value's size is not that of the option's kind.
template <class T> std::optional<T> read(const Option& option, Order order, const OptionOf<T>& which) {
  const auto value = read_value(which.kind, option.value, order);
  return value ? std::optional<T>(from_value<T>(*value)) : std::nullopt;
}
/// The first such option with a value of the right size.
template <class T> std::optional<T> find(Bytes options, Order order, const OptionOf<T>& which) {
  OptionWalk walk(options, order);
  while (const auto option = walk.next())
    if (option->code == which.code)
      if (const auto value = read(*option, order, which)) return value;
  return {};
}

}  // namespace trawl::inline v0
