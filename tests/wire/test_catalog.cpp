// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "trawl/wire/standard.hpp"

using namespace trawl;
using namespace trawl::wire;

namespace {

TEST(Catalog, finds_each_record_by_each_of_its_numbers) {
  for (ProtocolIndex i = 1; i < standard_catalog.size(); ++i)
    for (const Number& n : standard_catalog[i].record->numbers)
      EXPECT_EQ(standard_catalog.find(n.in->id, n.value), i)
          << standard_catalog[i].record->type_name << " " << n.in->name << " " << n.value;
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
      const auto [at, fresh] = spaces.emplace(n.in->id, n.in->name);
      EXPECT_EQ(at->second, n.in->name);
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
