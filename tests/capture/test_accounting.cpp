// SPDX-License-Identifier: Apache-2.0 OR MIT
// Packets in the files and packets reported as dropped are together those that were sent, when there was no room for all.
#include <gtest/gtest.h>

#include "capture/own_network.hpp"
#include "support/captures.hpp"
#include "trawl/capture/fanout.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/core/switches.hpp"
#include "trawl/file/file_reader.hpp"
#include "trawl/file/file_writer.hpp"

using namespace trawl;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

constexpr u64 before_reading = 2000, while_reading = 2000, sent = before_reading + while_reading;
const CaptureOptions small{.buffer_bytes = 256 << 10, .timeout = 100ms};

u64 packets_in(const std::string& path) {
  auto reader = FileReader::open(path);
  if (!reader) ADD_FAILURE() << describe(reader.error());
  u64 count = 0;
  for (;;) {
    const auto batch = reader->next();
    EXPECT_TRUE(batch) << describe(batch.error());
    if (!batch || !*batch) return count;
    count += (*batch)->size();
  }
}

/// As interface number `index` of `interfaces`.
void write_until_idle(Capture& capture, FileWriter& writer, std::span<const InterfaceInfo> interfaces, u32 index = 0) {
  for (;;) {
    const auto batch = capture.next();
    ASSERT_TRUE(batch && *batch);
    if ((*batch)->empty()) return;
    for (Frame frame : **batch) {
      frame.interface = index;
      ASSERT_TRUE(writer.write(frame, interfaces));
    }
  }
}

void expect_sums(const CaptureStatistics& s, u64 all) {
  EXPECT_EQ(s.received, all);
  EXPECT_EQ(s.received, s.captured + s.dropped_kernel + s.discarded);
  EXPECT_EQ(s.captured, s.delivered + s.filtered);
  EXPECT_GT(s.dropped_kernel, 0u) << "it was meant to be too much";
}

/// Sends, first while nobody reads; `read` then reads until idle, in parallel to the rest.
void overrun(const std::vector<std::string>& from, const std::function<void()>& read) {
  for (const auto& name : from) Wire(name).send_numbered(0, before_reading, 1000);
  std::thread rest([&] {
    for (const auto& name : from) Wire(name).send_numbered(before_reading, while_reading, 1000);
  });
  read();
  rest.join();
  read();
}

void account_for_one(int runs) {
  for (int i = 0; i < runs; ++i) {
    const test::ScratchFolder folder;
    with_capture(small, [&](Capture& capture, const Wire&) {
      auto writer = FileWriter::create(folder / "one.pcap", {.format = FileFormat::pcap});
      ASSERT_TRUE(writer);
      overrun({"left"}, [&] { write_until_idle(capture, *writer, capture.interfaces()); });
      ASSERT_TRUE(writer->close());
      expect_sums(capture.statistics(), sent);
      EXPECT_EQ(packets_in(folder / "one.pcap") + capture.statistics().dropped_kernel, sent);
    });
  }
}

void account_for_a_group(int runs) {
  for (int i = 0; i < runs; ++i) {
    const test::ScratchFolder folder;
    in_own_network([&] {
      make_pair("left", "right");
      auto options = small;
      options.fanout = Fanout{.mode = FanoutMode::load_balance};
      auto group = FanoutCapture::open("right", 2, options);
      ASSERT_TRUE(group) << describe(group.error());
      auto first = FileWriter::create(folder / "0.pcap"), second = FileWriter::create(folder / "1.pcap");
      ASSERT_TRUE(first && second);
      overrun({"left"}, [&] {
        std::thread other([&] { write_until_idle(group->members()[0], *first, group->members()[0].interfaces()); });
        write_until_idle(group->members()[1], *second, group->members()[1].interfaces());
        other.join();
      });
      ASSERT_TRUE(first->close() && second->close());
      expect_sums(group->statistics(), sent);
      EXPECT_EQ(packets_in(folder / "0.pcap") + packets_in(folder / "1.pcap") + group->statistics().dropped_kernel, sent);
    });
  }
}

void account_for_interfaces(int runs) {
  for (int i = 0; i < runs; ++i) {
    const test::ScratchFolder folder;
    in_own_network([&] {
      make_pair("left", "right");
      make_pair("west", "east");
      auto first = Capture::open("right", small), second = Capture::open("east", small);
      ASSERT_TRUE(first && second);
      auto writer = FileWriter::create(folder / "both.pcapng");
      ASSERT_TRUE(writer);
      const InterfaceInfo both[] = {first->interfaces()[0], second->interfaces()[0]};
      const auto read = [&] { write_until_idle(*first, *writer, both, 0), write_until_idle(*second, *writer, both, 1); };
      overrun({"left", "west"}, read);
      ASSERT_TRUE(writer->close());
      expect_sums(first->statistics(), sent);
      expect_sums(second->statistics(), sent);
      EXPECT_EQ(packets_in(folder / "both.pcapng") + first->statistics().dropped_kernel + second->statistics().dropped_kernel, 2 * sent);
    });
  }
}

TEST(Accounting, is_exact_with_a_ring_of_256_KiB) { account_for_one(2); }
TEST(Accounting, is_exact_with_two_members_of_a_group) { account_for_a_group(2); }
TEST(Accounting, is_exact_with_several_interfaces_in_one_file) {
  if (!TRAWL_WITH_PCAPNG) GTEST_SKIP() << "pcapng is switched off";
  account_for_interfaces(2);
}
TEST(AccountingFull, is_exact_20_times_with_a_ring_of_256_KiB) { account_for_one(20); }
TEST(AccountingFull, is_exact_20_times_with_two_members_of_a_group) { account_for_a_group(20); }
TEST(AccountingFull, is_exact_20_times_with_several_interfaces_in_one_file) { account_for_interfaces(20); }

}  // namespace
