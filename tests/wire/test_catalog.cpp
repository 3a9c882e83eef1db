// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "trawl/wire/stack.hpp"
#include "trawl/wire/standard.hpp"

using namespace trawl;
using namespace trawl::wire;

namespace {

TEST(Catalog, finds_each_record_by_each_of_its_numbers) {
  for (ProtocolIndex i = 1; i < standard_catalog.size(); ++i)
    for (const Number& n : standard_catalog[i].record->numbers)
      EXPECT_EQ(standard_catalog.find(n.in, n.value), i) << standard_catalog[i].record->type_name << " " << n.space->name << " " << n.value;
}

TEST(Catalog, knows_nothing_of_numbers_that_nobody_has) {
  EXPECT_EQ(standard_catalog.find(space<EtherType>.id, 0xffff), unknown_protocol);
  EXPECT_EQ(standard_catalog.find(space<IpProtocol>.id, 0x0800), unknown_protocol);
}

TEST(Catalog, has_unique_ids_for_records_and_for_spaces) {
  std::set<u32> ids;
  std::map<u32, std::string> spaces;
  for (ProtocolIndex i = 1; i < standard_catalog.size(); ++i) {
    EXPECT_TRUE(ids.insert(standard_catalog[i].id).second) << standard_catalog[i].record->type_name;
    for (const Number& n : standard_catalog[i].record->numbers) {
      const auto [at, fresh] = spaces.emplace(n.in, n.space->name);
      EXPECT_EQ(at->second, n.space->name);
    }
  }
}

TEST(Catalog, is_a_value_that_users_add_to) {
  Catalog mine = standard_catalog;
  EXPECT_FALSE(mine.rebound());
  ASSERT_TRUE(mine.bind(space<UdpPort>, 8472, record<Vxlan>));
  EXPECT_TRUE(mine.rebound());
  EXPECT_EQ(mine.find(space<UdpPort>, 8472), &record<Vxlan>);
  EXPECT_EQ(standard_catalog.find(space<UdpPort>, 8472), nullptr);
}

TEST(Catalog, refuses_to_bind_what_it_does_not_hold) {
  Catalog small = Catalog::of<Ethernet, Ipv4>();
  EXPECT_FALSE(small.bind(space<UdpPort>, 8472, record<Vxlan>));
}

/// A header with numbers of its own for what other spaces know already.
struct AcmeProtocols {
  enum Number : u8 { ipv4 = 1, ipv6 = 2 };
};
using AcmeProtocol = AcmeProtocols::Number;
constexpr Same acme_same[] = {same(AcmeProtocol::ipv4, EtherType::ipv4), same(AcmeProtocol::ipv6, EtherType::ipv6)};

}  // namespace
namespace trawl::inline v0::wire {
template <> inline constexpr Space space<AcmeProtocol>{"AcmeProtocol", {}, acme_same};
}
namespace {

struct Acme : Layer<Acme, 1> {
  static constexpr auto name = "acme";
  static constexpr Field<AcmeProtocol, 0> next{"next", "here"};
  static constexpr auto fields = cover<1>(next);
  static constexpr auto numbers = at(UdpPort{7007});
  static constexpr Rules rules{.next = next};
  using Layer::Layer;
};

TEST(Catalog, finds_protocols_by_numbers_that_mean_the_same_as_theirs_in_any_order_of_adding) {
  constexpr Catalog before = Catalog::of<Acme, Ipv4, Ipv6>(), after = Catalog::of<Ipv4, Ipv6, Acme>();
  for (const Catalog* catalog : {&before, &after}) {
    EXPECT_EQ(catalog->find(space<AcmeProtocol>, 1), &record<Ipv4>);
    EXPECT_EQ(catalog->find(space<AcmeProtocol>, 2), &record<Ipv6>);
    EXPECT_EQ(catalog->find(space<AcmeProtocol>, 3), nullptr);
  }
}

TEST(Catalog, lets_a_sender_name_what_follows_by_such_a_number) {
  constexpr auto packet = (Udp{} / Acme{} / Ipv6{}).build();
  static_assert(packet.data[8] == 2);
  EXPECT_EQ(load_be<u16>(packet.data + 2), 7007);
}

TEST(Declarations, name_each_field_once_within_a_record) {
  for (ProtocolIndex i = 1; i < standard_catalog.size(); ++i) {
    const Record& r = *standard_catalog[i].record;
    std::set<std::string_view> names;
    for (const FieldInfo& f : r.fields) EXPECT_TRUE(names.insert(f.name).second) << r.name << "." << f.name;
    for (const PartInfo& f : r.parts) EXPECT_TRUE(names.insert(f.name).second) << r.name << "." << f.name;
    for (const FieldInfo& f : r.bits) EXPECT_TRUE(names.insert(f.name).second) << r.name << "." << f.name;
    for (const Alias& f : r.aliases) EXPECT_TRUE(names.insert(f.name).second) << r.name << "." << f.name;
    for (const Derived& f : r.derived) EXPECT_TRUE(names.insert(f.name).second) << r.name << "." << f.name;
  }
}

TEST(Declarations, say_where_each_field_is_specified) {
  for (ProtocolIndex i = 1; i < standard_catalog.size(); ++i) {
    for (const FieldInfo& f : standard_catalog[i].record->fields)
      EXPECT_FALSE(f.spec.empty()) << standard_catalog[i].record->name << "." << f.name;
    for (const PartInfo& f : standard_catalog[i].record->parts)
      EXPECT_FALSE(f.spec.empty()) << standard_catalog[i].record->name << "." << f.name;
  }
}

}  // namespace
