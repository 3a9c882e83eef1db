// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include "capture/back_ends.hpp"
#include "trawl/capture/capture.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/core/endian.hpp"

using namespace trawl;
using namespace trawl::bpf;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

class CaptureAny : public BackEnd {};
INSTANTIATE_TEST_SUITE_P(Each, CaptureAny, testing::ValuesIn(all_back_ends), back_end_name);

constexpr size_t header = 20;

struct Seen {
  u64 number;
  u32 interface;
  u8 packet_type;
};

std::vector<Seen> read_until_idle(Capture& capture) {
  std::vector<Seen> seen;
  for (;;) {
    const auto batch = capture.next();
    EXPECT_TRUE(batch) << describe(batch.error());
    if (!batch || !*batch || (*batch)->empty()) return seen;
    for (const auto& frame : **batch) {
      EXPECT_EQ(frame.link, LinkType::linux_sll2);
      EXPECT_EQ(load_be<u16>(frame.bytes.data), 0x88b5);
      EXPECT_EQ(load_be<u16>(frame.bytes.data + 2), 0);
      EXPECT_EQ(frame.bytes[11], 6);
      EXPECT_EQ(frame.bytes.size, header + 50);
      EXPECT_EQ(frame.original_length, header + 50);
      seen.push_back({load_be<u64>(frame.bytes.data + header), load_be<u32>(frame.bytes.data + 4), frame.bytes[10]});
    }
  }
}

TEST_P(CaptureAny, sees_all_interfaces_and_says_which_it_was) {
  in_own_network([] {
    set_up("lo", true);
    make_pair("left", "right");
    auto capture = open_capture("any", {.timeout = 100ms});
    ASSERT_TRUE(capture) << describe(capture.error());
    EXPECT_EQ(capture->link_type(), LinkType::linux_sll2);
    Wire("left").send_numbered(1, 1);
    auto seen = read_until_idle(*capture);
    ASSERT_EQ(seen.size(), 2u) << "it leaves one and arrives at the other";
    EXPECT_EQ(seen[0].interface, u32(index_of("left")));
    EXPECT_EQ(seen[0].packet_type, 4);
    EXPECT_EQ(seen[1].interface, u32(index_of("right")));
    EXPECT_EQ(seen[1].number, 1u);
    Wire("lo").send_numbered(2, 1);
    EXPECT_EQ(read_until_idle(*capture).size(), 1u) << "once on loopback";
    delete_link("left");
    EXPECT_TRUE(read_until_idle(*capture).empty()) << "and goes on when one is removed";
  });
}

TEST_P(CaptureAny, runs_programs_for_sll2_in_the_kernel_or_here) {
  unlike_libpcap("filters here");
  if (IsSkipped()) return;
  in_own_network([] {
    make_pair("left", "right");
    const auto index = u32(index_of("right"));
    const auto program = [](std::initializer_list<Instruction> tests, u32 k) {
      std::vector<Instruction> code(tests);
      code.push_back(jump(op::jmp | op::jeq | op::k, k, 0, 1));
      code.push_back(statement(op::ret | op::k, keep_all));
      code.push_back(statement(op::ret | op::k, 0));
      return *Program::from(code, LinkType::linux_sll2);
    };
    struct Case {
      Program program;
      size_t matches;
      bool here;
    };
    const Case cases[] = {
        {program({statement(op::ld | op::word | op::abs, 4)}, index), 3, false},
        {program({statement(op::ld | op::half | op::abs, 0)}, 0x88b5), 6, false},
        {program({statement(op::ld | op::byte | op::abs, 10)}, 4), 3, false},
        {program({statement(op::ld | op::byte | op::abs, header + 7)}, 1), 2, false},
        {program({statement(op::ld | op::byte | op::abs, 11)}, 6), 6, true},
        {program({statement(op::ld | op::len)}, header + 50), 6, true},
    };
    const Wire wire("left");
    for (const auto& test : cases) {
      auto capture = open_capture("any", {.timeout = 100ms, .filter = test.program});
      ASSERT_TRUE(capture) << describe(capture.error());
      wire.send_numbered(0, 3);
      EXPECT_EQ(read_until_idle(*capture).size(), test.matches);
      EXPECT_EQ(capture->statistics().received, test.here ? 6u : test.matches);
    }
  });
}

TEST_P(CaptureAny, keeps_vlan_tags_and_the_snaplen) {
  unlike_libpcap("leaves tags out of cooked packets");
  if (IsSkipped()) return;
  in_own_network([] {
    make_pair("left", "right");
    auto capture = open_capture("any", {.snaplen = 40, .timeout = 100ms, .direction = CaptureDirection::in});
    ASSERT_TRUE(capture) << describe(capture.error());
    auto frame = numbered(9);
    const u8 tag[] = {0x81, 0x00, 0x20, 0x05};
    frame.insert(frame.begin() + 12, tag, tag + 4);
    ASSERT_EQ(Wire("left").send({frame.data(), frame.size()}), 0);
    const auto batch = capture->next();
    ASSERT_TRUE(batch && *batch && (*batch)->size() == 1);
    const auto& got = (**batch)[0];
    EXPECT_EQ(got.bytes.size, 40u);
    EXPECT_EQ(got.original_length, header + 4 + 50);
    EXPECT_EQ(load_be<u16>(got.bytes.data), 0x8100);
    EXPECT_EQ(load_be<u16>(got.bytes.data + header), 0x2005);
    EXPECT_EQ(load_be<u16>(got.bytes.data + header + 2), 0x88b5);
    EXPECT_EQ(load_be<u64>(got.bytes.data + header + 4), 9u);
  });
}

}  // namespace
