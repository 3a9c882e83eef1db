// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/capture/interfaces.hpp"
#include "cli/command.hpp"
#include "cli/output/output.hpp"
#include "trawl/core/address.hpp"
#include "trawl/export/json.hpp"

namespace cli {
namespace {

std::string address_text(const trawl::InterfaceAddress& a) {
  return std::string(a.family == trawl::InterfaceAddress::Family::ipv4 ? trawl::text(a.ipv4).view() : trawl::text(a.ipv6).view());
}

void append_json(std::string& to, const trawl::Interface& i) {
  to += "{\"name\":";
  trawl::append_json_string(to, i.name());
  to += ",\"index\":" + std::to_string(i.index()) + ",\"description\":";
  if (i.info.description.empty()) to += "null";
  else trawl::append_json_string(to, i.info.description);
  to += ",\"flags\":[";
  bool first = true;
  i.flags.each([&](std::string_view flag) {
    to.append(first ? "\"" : ",\"").append(flag).append("\"");
    first = false;
  });
  to += "],\"link_type\":";
  const std::string_view link = trawl::name(i.info.link_type);
  if (link.empty()) to += "null";
  else trawl::append_json_string(to, link);
  to += ",\"link_type_number\":" + std::to_string(trawl::u16(i.info.link_type)) + ",\"hardware_type\":" + std::to_string(i.hardware_type) +
        ",\"mtu\":" + std::to_string(i.mtu) + ",\"mac\":";
  if (i.info.has_mac) to.append("\"").append(trawl::text(i.info.mac).view()).append("\"");
  else to += "null";
  to += ",\"addresses\":[";
  first = true;
  for (const trawl::InterfaceAddress& a : i.info.addresses) {
    to += first ? "{" : ",{";
    first = false;
    to += "\"address\":\"" + address_text(a) + "\",\"prefix\":" + std::to_string(a.prefix_length) + ",\"broadcast\":";
    if (a.has_broadcast) to.append("\"").append(trawl::text(a.broadcast).view()).append("\"");
    else to += "null";
    to += ",\"peer\":";
    if (a.has_peer)
      to.append("\"")
          .append(a.family == trawl::InterfaceAddress::Family::ipv4 ? trawl::text(a.peer_ipv4).view() : trawl::text(a.peer_ipv6).view())
          .append("\"");
    else to += "null";
    to += '}';
  }
  to += "]}\n";
}

void append_text(std::string& to, const trawl::Interface& i) {
  to += std::to_string(i.index()) + ". " + std::string(i.name());
  if (!i.info.description.empty()) to.append(" (").append(i.info.description).append(")");
  to += ':';
  i.flags.each([&](std::string_view flag) { to.append(" ").append(flag); });
  to.append(", ").append(trawl::name(i.info.link_type)).append(", mtu ") += std::to_string(i.mtu);
  if (i.info.has_mac) to.append(", ").append(trawl::text(i.info.mac).view());
  for (const trawl::InterfaceAddress& a : i.info.addresses) to += ", " + address_text(a) + '/' + std::to_string(a.prefix_length);
  to += '\n';
}

}  // namespace

void add_interfaces(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("interfaces", "list the network interfaces");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "one JSON object an interface");
  command->callback([json, &run] {
    run = [json] {
      const auto list = trawl::interfaces();
      if (!list) return report(list.error());
      Output out;
      for (const trawl::Interface& i : *list) *json ? append_json(out.text(), i) : append_text(out.text(), i);
      return Status::done;
    };
  });
}

}  // namespace cli
