// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/text/native_names.hpp"

#include <algorithm>

namespace trawl::inline v0::filter {

namespace {

struct Entry {
  std::string_view name;
  u8 number;
};

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c | 32) : c; }
bool same(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

// IEEE 802.11-2020 table 9-1; the type is 0c of the byte, the subtype f0.
constexpr Entry type_names[] = {{"data", 0x08}, {"mgt", 0x00}, {"management", 0x00}, {"ctl", 0x04}, {"control", 0x04}};
constexpr Entry management[] = {
    {"assocreq", 0x00},       {"assoc-req", 0x00},   {"assocresp", 0x10},      {"assoc-resp", 0x10}, {"reassocreq", 0x20},
    {"reassoc-req", 0x20},    {"reassocresp", 0x30}, {"reassoc-resp", 0x30},   {"probereq", 0x40},   {"probe-req", 0x40},
    {"proberesp", 0x50},      {"probe-resp", 0x50},  {"beacon", 0x80},         {"atim", 0x90},       {"disassoc", 0xa0},
    {"disassociation", 0xa0}, {"auth", 0xb0},        {"authentication", 0xb0}, {"deauth", 0xc0},     {"deauthentication", 0xc0},
};
constexpr Entry control[] = {{"bar", 0x80}, {"ba", 0x90},  {"ps-poll", 0xa0}, {"rts", 0xb0},
                             {"cts", 0xc0}, {"ack", 0xd0}, {"cf-end", 0xe0},  {"cf-end-ack", 0xf0}};
constexpr Entry data[] = {
    {"data", 0x00},     {"data-cf-ack", 0x10},     {"data-cf-poll", 0x20},     {"data-cf-ack-poll", 0x30},
    {"null", 0x40},     {"cf-ack", 0x50},          {"cf-poll", 0x60},          {"cf-ack-poll", 0x70},
    {"qos-data", 0x80}, {"qos-data-cf-ack", 0x90}, {"qos-data-cf-poll", 0xa0}, {"qos-data-cf-ack-poll", 0xb0},
    {"qos", 0xc0},      {"qos-cf-poll", 0xe0},     {"qos-cf-ack-poll", 0xf0},
};
constexpr Entry none[] = {{"", 0}};
constexpr Entry direction_names[] = {{"nods", 0}, {"tods", 1}, {"fromds", 2}, {"dstods", 3}};
// Reasons and actions that are the same on every BSD, net/pfvar.h.
constexpr Entry reason_names[] = {
    {"match", 0},           {"bad-offset", 1},    {"fragment", 2},     {"short", 3},      {"normalize", 4},
    {"memory", 5},          {"bad-timestamp", 6}, {"congestion", 7},   {"ip-option", 8},  {"proto-cksum", 9},
    {"state-mismatch", 10}, {"state-insert", 11}, {"state-limit", 12}, {"src-limit", 13}, {"synproxy", 14},
};
constexpr Entry action_names[] = {
    {"pass", 0},  {"accept", 0}, {"drop", 1},    {"block", 1}, {"scrub", 2}, {"noscrub", 3},        {"nat", 4},
    {"nonat", 5}, {"binat", 6},  {"nobinat", 7}, {"rdr", 8},   {"nordr", 9}, {"synproxy-drop", 10},
};

template <const auto& table> std::optional<u32> find_in(std::string_view name) {
  const auto found = std::ranges::find_if(table, [&](const Entry& entry) { return same(entry.name, name); });
  return found != std::end(table) && !name.empty() ? std::optional<u32>(found->number) : std::nullopt;
}
template <const auto& table> void each_in(void (*each)(void*, std::string_view), void* context) {
  for (const Entry& entry : table) each(context, entry.name);
}
template <const auto& table> constexpr NamedNumbers named = {find_in<table>, each_in<table>};

struct Control {
  std::string_view name;
  LlcControl control;
};
constexpr Control controls[] = {
    {"i", {0x00, 0x01}},     {"s", {0x01, 0x03}},    {"u", {0x03, 0x03}},   {"rr", {0x01, 0x0f}},   {"rnr", {0x05, 0x0f}},
    {"rej", {0x09, 0x0f}},   {"ui", {0x03, 0xef}},   {"ua", {0x63, 0xef}},  {"disc", {0x43, 0xef}}, {"dm", {0x0f, 0xef}},
    {"sabme", {0x6f, 0xef}}, {"test", {0xe3, 0xef}}, {"xid", {0xaf, 0xef}}, {"frmr", {0x87, 0xef}},
};

}  // namespace

const NamedNumbers wlan_types = named<type_names>, wlan_directions = named<direction_names>;
const NamedNumbers firewall_reasons = named<reason_names>, firewall_actions = named<action_names>;
const NamedNumbers wlan_subtypes = {[](std::string_view name) -> std::optional<u32> {
                                      if (const auto found = find_in<management>(name)) return found;
                                      if (const auto found = find_in<control>(name)) return *found | 0x04;
                                      if (const auto found = find_in<data>(name)) return *found | 0x08;
                                      return {};
                                    },
                                    [](void (*each)(void*, std::string_view), void* context) {
                                      each_in<management>(each, context), each_in<control>(each, context), each_in<data>(each, context);
                                    }};

const NamedNumbers* subtypes_of(u32 type) {
  static constexpr const NamedNumbers* tables[] = {&named<management>, &named<control>, &named<data>, &named<none>};
  return tables[type >> 2 & 3];
}

const LlcControl* find_llc_control(std::string_view name) {
  const auto found = std::ranges::find_if(controls, [&](const Control& entry) { return same(entry.name, name); });
  return found != std::end(controls) ? &found->control : nullptr;
}
void each_llc_control(void (*each)(void*, std::string_view), void* context) {
  for (const Control& entry : controls) each(context, entry.name);
}

}  // namespace trawl::inline v0::filter
