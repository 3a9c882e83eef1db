// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/text/words.hpp"

#include <algorithm>
#include <array>

namespace trawl::inline v0::filter {

namespace {

struct Spelling {
  std::string_view text;
  Word word;
};
struct Constant {
  std::string_view text;
  u32 value;
};

// In the order of the enumeration.
constexpr auto spellings = std::to_array<Spelling>({
    {"ether", Word::link},
    {"link", Word::link},
    {"ppp", Word::link},
    {"slip", Word::link},
    {"fddi", Word::link},
    {"tr", Word::link},
    {"wlan", Word::link},
    {"ip", Word::ip},
    {"arp", Word::arp},
    {"rarp", Word::rarp},
    {"tcp", Word::tcp},
    {"udp", Word::udp},
    {"sctp", Word::sctp},
    {"icmp", Word::icmp},
    {"igmp", Word::igmp},
    {"igrp", Word::igrp},
    {"pim", Word::pim},
    {"vrrp", Word::vrrp},
    {"carp", Word::carp},
    {"ip6", Word::ip6},
    {"icmp6", Word::icmp6},
    {"ah", Word::ah},
    {"esp", Word::esp},
    {"atalk", Word::atalk},
    {"aarp", Word::aarp},
    {"decnet", Word::decnet},
    {"lat", Word::lat},
    {"sca", Word::sca},
    {"moprc", Word::moprc},
    {"mopdl", Word::mopdl},
    {"iso", Word::iso},
    {"esis", Word::esis},
    {"es-is", Word::esis},
    {"isis", Word::isis},
    {"is-is", Word::isis},
    {"clnp", Word::clnp},
    {"l1", Word::l1},
    {"l2", Word::l2},
    {"iih", Word::iih},
    {"lsp", Word::lsp},
    {"snp", Word::snp},
    {"csnp", Word::csnp},
    {"psnp", Word::psnp},
    {"stp", Word::stp},
    {"ipx", Word::ipx},
    {"netbeui", Word::netbeui},
    {"radio", Word::radio},
    {"src", Word::src},
    {"dst", Word::dst},
    {"addr1", Word::addr1},
    {"address1", Word::addr1},
    {"addr2", Word::addr2},
    {"address2", Word::addr2},
    {"addr3", Word::addr3},
    {"address3", Word::addr3},
    {"addr4", Word::addr4},
    {"address4", Word::addr4},
    {"ra", Word::ra},
    {"ta", Word::ta},
    {"host", Word::host},
    {"net", Word::net},
    {"mask", Word::mask},
    {"port", Word::port},
    {"portrange", Word::portrange},
    {"proto", Word::proto},
    {"protochain", Word::protochain},
    {"gateway", Word::gateway},
    {"less", Word::less},
    {"greater", Word::greater},
    {"byte", Word::byte},
    {"broadcast", Word::broadcast},
    {"multicast", Word::multicast},
    {"and", Word::and_},
    {"or", Word::or_},
    {"not", Word::not_},
    {"len", Word::len},
    {"length", Word::len},
    {"inbound", Word::inbound},
    {"outbound", Word::outbound},
    {"ifindex", Word::ifindex},
    {"vlan", Word::vlan},
    {"mpls", Word::mpls},
    {"pppoed", Word::pppoed},
    {"pppoes", Word::pppoes},
    {"geneve", Word::geneve},
    {"vxlan", Word::vxlan},
    {"type", Word::type},
    {"subtype", Word::subtype},
    {"dir", Word::dir},
    {"direction", Word::dir},
    {"llc", Word::llc},
    {"lane", Word::lane},
    {"metac", Word::metac},
    {"bcc", Word::bcc},
    {"oamf4ec", Word::oamf4ec},
    {"oamf4sc", Word::oamf4sc},
    {"sc", Word::sc},
    {"ilmic", Word::ilmic},
    {"oam", Word::oam},
    {"oamf4", Word::oamf4},
    {"connectmsg", Word::connectmsg},
    {"metaconnect", Word::metaconnect},
    {"vpi", Word::vpi},
    {"vci", Word::vci},
    {"ifname", Word::ifname},
    {"on", Word::ifname},
    {"rset", Word::rset},
    {"ruleset", Word::rset},
    {"rnr", Word::rnr},
    {"rulenum", Word::rnr},
    {"srnr", Word::srnr},
    {"subrulenum", Word::srnr},
    {"reason", Word::reason},
    {"action", Word::action},
    {"fisu", Word::fisu},
    {"lssu", Word::lssu},
    {"lsu", Word::lssu},
    {"msu", Word::msu},
    {"hfisu", Word::hfisu},
    {"hlssu", Word::hlssu},
    {"hmsu", Word::hmsu},
    {"sio", Word::sio},
    {"opc", Word::opc},
    {"dpc", Word::dpc},
    {"sls", Word::sls},
    {"hsio", Word::hsio},
    {"hopc", Word::hopc},
    {"hdpc", Word::hdpc},
    {"hsls", Word::hsls},
});
// ICMP and ICMPv6 types (IANA icmp-parameters, icmpv6-parameters), TCP flags (RFC 9293 3.1).
constexpr auto constants = std::to_array<Constant>({
    {"icmptype", 0},
    {"icmpcode", 1},
    {"icmp-echoreply", 0},
    {"icmp-unreach", 3},
    {"icmp-sourcequench", 4},
    {"icmp-redirect", 5},
    {"icmp-echo", 8},
    {"icmp-routeradvert", 9},
    {"icmp-routersolicit", 10},
    {"icmp-timxceed", 11},
    {"icmp-paramprob", 12},
    {"icmp-tstamp", 13},
    {"icmp-tstampreply", 14},
    {"icmp-ireq", 15},
    {"icmp-ireqreply", 16},
    {"icmp-maskreq", 17},
    {"icmp-maskreply", 18},
    {"icmp6type", 0},
    {"icmp6code", 1},
    {"icmp6-destinationunreach", 1},
    {"icmp6-packettoobig", 2},
    {"icmp6-timeexceeded", 3},
    {"icmp6-parameterproblem", 4},
    {"icmp6-echo", 128},
    {"icmp6-echoreply", 129},
    {"icmp6-multicastlistenerquery", 130},
    {"icmp6-multicastlistenerreportv1", 131},
    {"icmp6-multicastlistenerdone", 132},
    {"icmp6-routersolicit", 133},
    {"icmp6-routeradvert", 134},
    {"icmp6-neighborsolicit", 135},
    {"icmp6-neighboradvert", 136},
    {"icmp6-redirect", 137},
    {"icmp6-routerrenum", 138},
    {"icmp6-nodeinformationquery", 139},
    {"icmp6-nodeinformationresponse", 140},
    {"icmp6-ineighbordiscoverysolicit", 141},
    {"icmp6-ineighbordiscoveryadvert", 142},
    {"icmp6-multicastlistenerreportv2", 143},
    {"icmp6-homeagentdiscoveryrequest", 144},
    {"icmp6-homeagentdiscoveryreply", 145},
    {"icmp6-mobileprefixsolicit", 146},
    {"icmp6-mobileprefixadvert", 147},
    {"icmp6-certpathsolicit", 148},
    {"icmp6-certpathadvert", 149},
    {"icmp6-multicastrouteradvert", 151},
    {"icmp6-multicastroutersolicit", 152},
    {"icmp6-multicastrouterterm", 153},
    {"icmp6-multicastroutertermination", 153},
    {"tcpflags", 13},
    {"tcp-fin", 1},
    {"tcp-syn", 2},
    {"tcp-rst", 4},
    {"tcp-push", 8},
    {"tcp-ack", 16},
    {"tcp-urg", 32},
    {"tcp-ece", 64},
    {"tcp-cwr", 128},
});

template <class T, size_t N> constexpr std::array<T, N> sorted(std::array<T, N> table) {
  std::ranges::sort(table, {}, &T::text);
  return table;
}
constexpr auto by_text = sorted(spellings);
constexpr auto constants_by_text = sorted(constants);

template <class Table> auto find(const Table& table, std::string_view text) {
  const auto found = std::ranges::lower_bound(table, text, {}, [](const auto& entry) { return entry.text; });
  return found != table.end() && found->text == text ? &*found : nullptr;
}

}  // namespace

Word find_word(std::string_view text) {
  const Spelling* found = find(by_text, text);
  return found ? found->word : Word::none;
}
std::string_view name(Word word) {
  const auto found = std::ranges::find(spellings, word, &Spelling::word);
  return found == spellings.end() ? std::string_view() : found->text;
}
std::optional<u32> find_constant(std::string_view text) {
  const Constant* found = find(constants_by_text, text);
  return found ? std::optional(found->value) : std::nullopt;
}

void each_word(void (*each)(void*, std::string_view), void* context) {
  for (const Spelling& spelling : spellings) each(context, spelling.text);
}
void each_protocol_word(void (*each)(void*, std::string_view), void* context) {
  for (const Spelling& spelling : spellings)
    if (is_protocol(spelling.word)) each(context, spelling.text);
}
void each_constant(void (*each)(void*, std::string_view), void* context) {
  for (const Constant& constant : constants) each(context, constant.text);
}

}  // namespace trawl::inline v0::filter
