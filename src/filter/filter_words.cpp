// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/filter/filter_words.hpp"

#include "filter/text/fields.hpp"
#include "filter/text/native_names.hpp"

namespace trawl::inline v0 {

namespace {

using filter::Word;

constexpr LinkType wireless = LinkType::ieee802_11, pf_log{117}, sun_atm{123}, mtp2{140};
constexpr std::string_view mac = " host 00:00:5e:00:53:01";

// What stands around a keyword in its example; most stand alone, on Ethernet.
struct Around {
  std::string_view before, behind;
  LinkType link = LinkType::ethernet;
};

Around around(Word word) {
  switch (word) {
    case Word::link: return {"", " proto 0x0800"};
    case Word::radio: return {"", "[0] = 0", LinkType::ieee802_11_radiotap};
    case Word::src:
    case Word::dst: return {"", " host 192.0.2.1"};
    case Word::addr1:
    case Word::addr2:
    case Word::addr3:
    case Word::addr4:
    case Word::ra:
    case Word::ta: return {"wlan ", mac, wireless};
    case Word::host: return {"", " 192.0.2.1"};
    case Word::net: return {"", " 192.0.2.0/24"};
    case Word::mask: return {"net 192.0.2.0 ", " 255.255.255.0"};
    case Word::port: return {"tcp ", " 443"};
    case Word::portrange: return {"", " 8000-8080"};
    case Word::proto: return {"ip ", " 6"};
    case Word::protochain: return {"ip6 ", " 6"};
    case Word::less:
    case Word::greater: return {"", " 64"};
    case Word::byte: return {"", " 0 = 1"};
    case Word::broadcast:
    case Word::multicast: return {"ether ", ""};
    case Word::and_:
    case Word::or_: return {"tcp ", " port 80"};
    case Word::not_: return {"", " arp"};
    case Word::len: return {"", " > 64"};
    case Word::inbound:
    case Word::outbound: return {"", "", LinkType::linux_sll};
    case Word::ifindex: return {"", " 1", LinkType::linux_sll2};
    case Word::type: return {"", " mgt", wireless};
    case Word::subtype: return {"", " beacon", wireless};
    case Word::dir: return {"", " tods", wireless};
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
    case Word::metaconnect: return {"", "", sun_atm};
    case Word::vpi:
    case Word::vci: return {"", " 1", sun_atm};
    case Word::ifname: return {"", " eth0", pf_log};
    case Word::rset: return {"", " main", pf_log};
    case Word::rnr:
    case Word::srnr: return {"", " 1", pf_log};
    case Word::reason: return {"", " match", pf_log};
    case Word::action: return {"", " pass", pf_log};
    case Word::fisu:
    case Word::lssu:
    case Word::msu:
    case Word::hfisu:
    case Word::hlssu:
    case Word::hmsu: return {"", "", mtp2};
    case Word::sio:
    case Word::opc:
    case Word::dpc:
    case Word::sls:
    case Word::hsio:
    case Word::hopc:
    case Word::hdpc:
    case Word::hsls: return {"", " 1", mtp2};
    default: return {};
  }
}

void add(std::vector<FilterWord>& list, std::string_view text, FilterWordKind kind, const Around& around) {
  list.push_back({std::string(text), kind, std::string(around.before).append(text).append(around.behind), around.link});
}

void add_values(std::vector<FilterWord>& list, NameList each, const Around& around) {
  struct Context {
    std::vector<FilterWord>& list;
    const Around& around;
  } context{list, around};
  each(
      [](void* to, std::string_view name) {
        auto& [all, how] = *static_cast<Context*>(to);
        if (!name.empty()) add(all, name, FilterWordKind::value, how);
      },
      &context);
}

}  // namespace

std::vector<FilterWord> filter_words() {
  std::vector<FilterWord> list;
  filter::each_word(
      [](void* to, std::string_view name) {
        const Word word = filter::find_word(name);
        const auto kind = filter::is_protocol(word) ? FilterWordKind::protocol : FilterWordKind::keyword;
        auto& all = *static_cast<std::vector<FilterWord>*>(to);
        add(all, name, kind, around(word));
        if (word == Word::gateway) all.back().example.clear();
      },
      &list);
  filter::each_constant(
      [](void* to, std::string_view name) {
        add(*static_cast<std::vector<FilterWord>*>(to), name, FilterWordKind::constant, {"len != ", ""});
      },
      &list);
  add_values(list, filter::wlan_types.each, {"type ", "", wireless});
  add_values(list, filter::wlan_subtypes.each, {"subtype ", "", wireless});
  add_values(list, filter::wlan_directions.each, {"dir ", "", wireless});
  add_values(list, filter::each_llc_control, {"llc ", ""});
  add_values(list, filter::firewall_reasons.each, {"reason ", "", pf_log});
  add_values(list, filter::firewall_actions.each, {"action ", "", pf_log});
  filter::each_field(
      [](void* to, std::string_view name) {
        const bool flag = filter::find_field(name).info->kind == wire::Kind::flag;
        add(*static_cast<std::vector<FilterWord>*>(to), name, FilterWordKind::field, {"", flag ? "" : " >= 0"});
      },
      &list);
  return list;
}

}  // namespace trawl::inline v0
