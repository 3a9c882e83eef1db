// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/text/fields.hpp"

#include <string>

#include "trawl/wire/link/ethernet.hpp"
#include "trawl/wire/net/arp.hpp"
#include "trawl/wire/net/icmp.hpp"
#include "trawl/wire/net/icmpv6.hpp"
#include "trawl/wire/net/ipv4.hpp"
#include "trawl/wire/net/ipv6.hpp"
#include "trawl/wire/transport/sctp.hpp"
#include "trawl/wire/transport/tcp.hpp"
#include "trawl/wire/transport/udp.hpp"

namespace trawl::inline v0::filter {

namespace {
constexpr struct {
  const wire::Record* record;
  Word protocol;
} headers[] = {
    {&wire::record<wire::Ethernet>, Word::link}, {&wire::record<wire::Ipv4>, Word::ip},   {&wire::record<wire::Ipv6>, Word::ip6},
    {&wire::record<wire::Arp>, Word::arp},       {&wire::record<wire::Tcp>, Word::tcp},   {&wire::record<wire::Udp>, Word::udp},
    {&wire::record<wire::Sctp>, Word::sctp},     {&wire::record<wire::Icmp>, Word::icmp}, {&wire::record<wire::Icmpv6>, Word::icmp6},
};
bool is_usable(const wire::FieldInfo& field) { return field.width <= 32 && field.order == Order::big; }

}  // namespace

NamedField find_field(std::string_view name) {
  for (const auto& header : headers) {
    const std::string_view prefix = header.record->name;
    if (!name.starts_with(prefix) || name.size() <= prefix.size() || name[prefix.size()] != '.') continue;
    for (const wire::FieldInfo& field : header.record->fields)
      if (field.name == name.substr(prefix.size() + 1) && is_usable(field)) return {header.protocol, &field};
  }
  return {};
}

void each_field(void (*each)(void*, std::string_view), void* context) {
  for (const auto& header : headers)
    for (const wire::FieldInfo& field : header.record->fields)
      if (is_usable(field) && !field.name.empty()) each(context, std::string(header.record->name) + '.' + std::string(field.name));
}

}  // namespace trawl::inline v0::filter
