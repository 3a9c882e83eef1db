// SPDX-License-Identifier: Apache-2.0 OR MIT
// Lists that are too long for tests become sets beside the program.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "long_lists.hpp"
#include "trawl/bpf/disassemble.hpp"
#include "trawl/bpf/explain.hpp"
#include "trawl/bpf/native.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

std::vector<Long> all_kinds() {
  Random random;
  return {Long::hosts(random), Long::addresses(random), Long::ports(random)};
}

}  // namespace

TEST(LongLists, match_what_is_among_their_values) {
  Random random;
  for (const Long& list : all_kinds()) {
    ASSERT_FALSE(list.program.sets().empty());
    EXPECT_LT(list.program.instructions().size(), 40u);
    const bpf::NativeProgram native(list.program);
    int matched = 0;
    for (int i = 0; i < 20'000; ++i) {
      const Packet packet = list.packet(random);
      const Frame frame = frame_of(packet, LinkType::ethernet);
      const bool expected = list.matches(packet);
      matched += expected;
      ASSERT_EQ(list.program.matches(frame), expected) << int(list.kind) << ' ' << i;
      ASSERT_EQ(native.matches(frame), expected) << int(list.kind) << ' ' << i;
    }
    EXPECT_GT(matched, 5000);
    EXPECT_LT(matched, 18'000);
  }
}

TEST(LongLists, come_to_the_same_without_the_optimizer_and_under_not) {
  Random random;
  for (const Long& list : all_kinds()) {
    const auto plain = *Filter::parse(list.text)->compile(LinkType::ethernet, bpf::Target::offline, {.optimize = false});
    const auto none = *Filter::parse("not " + list.text)->compile(LinkType::ethernet, bpf::Target::offline);
    for (int i = 0; i < 5'000; ++i) {
      const Packet packet = list.packet(random);
      const Frame frame = frame_of(packet, LinkType::ethernet);
      ASSERT_EQ(plain.matches(frame), list.matches(packet));
      ASSERT_EQ(none.matches(frame), packet.bytes.size() >= list.looked_at() && !list.matches(packet)) << i;
    }
  }
}

TEST(LongLists, of_both_families_may_stand_in_one_file) {
  const std::string path = testing::TempDir() + "trawl-both.txt";
  std::ofstream file(path);
  for (int i = 0; i < 3000; ++i)
    file << "10.0." << i / 125 << '.' << i % 125 * 2 << "\n2001:db8::" << std::hex << i << std::dec << ":0/112\n";
  file.close();
  const auto program = *Filter::parse("host in {\"" + path + "\"}", {.files = true})->compile(LinkType::ethernet, bpf::Target::offline);
  EXPECT_EQ(program.sets().view().size(), 2u);
  EXPECT_LT(program.instructions().size(), 40u);
  std::remove(path.c_str());
  std::vector<u8> bytes(60);
  const auto matches = [&] { return program.matches({.bytes = Bytes(bytes.data(), bytes.size()), .original_length = 60}); };
  store_be<u16>(&bytes[12], 0x0800), store_be<u32>(&bytes[30], 0x0a000b06);
  EXPECT_TRUE(matches());
  store_be<u32>(&bytes[30], 0x0a000b05);
  EXPECT_FALSE(matches());
  store_be<u32>(&bytes[30], 0);
  store_be<u16>(&bytes[12], 0x86dd), store_be<u32>(&bytes[22], 0x20010db8), store_be<u32>(&bytes[34], 0x0bb7abcd);
  EXPECT_TRUE(matches());
  store_be<u32>(&bytes[34], 0x0bb80000);
  EXPECT_FALSE(matches());
}

TEST(LongLists, are_not_for_kernels) {
  const Long list = all_kinds()[0];
  const auto live = Filter::parse(list.text)->compile(LinkType::ethernet, bpf::Target::live);
  ASSERT_FALSE(live);
  EXPECT_EQ(live.error().reason, Reason::too_complex);
  EXPECT_EQ(list.program(LinkType::ethernet, bpf::Target::live).error().reason, Reason::not_in_kernel);
  EXPECT_EQ(bpf::validate(list.program.instructions()).error().reason, Reason::invalid_opcode);
}

TEST(LongLists, show_what_they_ask) {
  const Long list = all_kinds()[0];
  char text[4096];
  TextOut out(text, sizeof text);
  put(out, list.program.instructions(), bpf::Listing::assembly);
  EXPECT_NE(out.view().find("(003) jin      @0               jt 12\tjf 4"), out.view().npos) << out.view();
  EXPECT_NE(bpf::explain(list.program).find("if the IPv4 source is in set 0 of 6000 numbers, the lowest 0.0.0.0: match"), std::string::npos)
      << bpf::explain(list.program);
}

TEST(SetTable, knows_both_ends_of_what_it_holds) {
  bpf::SetTable table;
  EXPECT_EQ(table.add({0, 1, 5, 6, 0xfffffffe}), 0u);
  EXPECT_EQ(table.add({80, 81}), 1u);
  const bpf::Set &wide = table.view()[0], &one = table.view()[1];
  for (const u32 in : {0u, 5u, 0xfffffffeu, 0xffffffffu}) EXPECT_TRUE(wide.contains(in)) << in;
  for (const u32 out : {1u, 4u, 6u, 0xfffffffdu}) EXPECT_FALSE(wide.contains(out)) << out;
  EXPECT_TRUE(one.contains(80));
  for (const u32 out : {0u, 79u, 81u, 0xffffffffu}) EXPECT_FALSE(one.contains(out)) << out;
  bpf::SetTable same = table;
  EXPECT_EQ(same, table);
  same.add({1, 2});
  EXPECT_NE(same, table);
  EXPECT_EQ(table.view().size(), 2u);
}

TEST(SetTable, is_asked_by_programs_that_have_it) {
  namespace op = bpf::op;
  bpf::SetTable table;
  table.add({0x45, 0x46});
  table.add_addresses({0, 0, 0, 1, 0, 0, 0, 2});
  const auto program = [&](u16 code, u32 set) {
    const bpf::Instruction all[] = {bpf::statement(op::ld | op::byte | op::abs, 0), bpf::jump(code, set, 0, 1),
                                    bpf::statement(op::ret | op::k, 1), bpf::statement(op::ret | op::k, 0)};
    return bpf::Program::from(all, table, LinkType::raw);
  };
  const auto number = program(op::jmp | op::jin, 0), address = program(op::jmp | op::jin | op::x, 1);
  ASSERT_TRUE(number && address);
  EXPECT_FALSE(program(op::jmp | op::jin, 1));
  EXPECT_FALSE(program(op::jmp | op::jin | op::x, 0));
  EXPECT_FALSE(program(op::jmp | op::jin, 2));
  u8 bytes[17] = {1};
  bytes[16] = 1;
  const auto runs = [&](const bpf::Program& asked, size_t size) {
    const Frame frame{.bytes = Bytes(bytes, size), .original_length = 17, .link = LinkType::raw};
    EXPECT_EQ(bpf::NativeProgram(asked).run(frame), bpf::run(asked, frame));
    return bpf::run(asked, frame) != 0;
  };
  EXPECT_TRUE(runs(*address, 17));
  EXPECT_FALSE(runs(*address, 16));
  EXPECT_FALSE(runs(*number, 17));
  bytes[0] = 0x45;
  EXPECT_TRUE(runs(*number, 1));
  EXPECT_FALSE(runs(*address, 17));
}
