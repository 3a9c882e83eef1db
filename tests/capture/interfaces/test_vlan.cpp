// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <algorithm>

#include <gtest/gtest.h>

#include "capture/back_ends.hpp"
#include "trawl/capture/capture.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/core/endian.hpp"

using namespace trawl;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

class CaptureVlan : public BackEnd {};
INSTANTIATE_TEST_SUITE_P(Each, CaptureVlan, testing::ValuesIn(all_back_ends), back_end_name);

struct Tag {
  u16 tpid, tci;
};

std::vector<u8> tagged(std::initializer_list<Tag> tags, size_t size = 64) {
  auto frame = numbered(1, size);
  size_t at = 12;
  for (const auto& tag : tags) {
    u8 bytes[4];
    store_be<u16>(bytes, tag.tpid);
    store_be<u16>(bytes + 2, tag.tci);
    frame.insert(frame.begin() + ptrdiff_t(at), bytes, bytes + 4);
    at += 4;
  }
  return frame;
}

struct TagCase {
  const char* what;
  std::initializer_list<Tag> tags;
  u16 tpid, tci;
};

TEST_P(CaptureVlan, puts_vlan_tags_back_byte_for_byte) {
  unlike_libpcap("does not tell that a tag was put back");
  if (IsSkipped()) return;
  with_capture({.timeout = 100ms}, [](Capture& capture, const Wire& wire) {
    const TagCase cases[] = {
        {"802.1Q", {{0x8100, 5}}, 0x8100, 5},
        {"priority tag, VLAN 0", {{0x8100, 0x6000}}, 0x8100, 0x6000},
        {"all bits", {{0x8100, 0xffff}}, 0x8100, 0xffff},
        {"nothing but zeros", {{0x8100, 0}}, 0x8100, 0},
        {"802.1ad", {{0x88a8, 100}}, 0x88a8, 100},
        {"QinQ", {{0x88a8, 0x2064}, {0x8100, 0x4005}}, 0x88a8, 0x2064},
        {"two 802.1Q tags", {{0x8100, 7}, {0x8100, 8}}, 0x8100, 7},
    };
    for (const auto& test : cases) {
      SCOPED_TRACE(test.what);
      const auto sent = tagged(test.tags);
      ASSERT_EQ(wire.send({sent.data(), sent.size()}), 0);
      const auto batch = capture.next();
      ASSERT_TRUE(batch && *batch && (*batch)->size() == 1);
      const auto& frame = (**batch)[0];
      EXPECT_EQ(std::vector<u8>(frame.bytes.begin(), frame.bytes.end()), sent);
      EXPECT_EQ(frame.original_length, sent.size());
      EXPECT_TRUE(frame.info.has_vlan);
      EXPECT_TRUE(frame.info.vlan_in_bytes);
      EXPECT_EQ(frame.info.vlan_tpid, test.tpid);
      EXPECT_EQ(frame.info.vlan_tci, test.tci);
    }
  });
}

TEST_P(CaptureVlan, keeps_tags_within_the_snaplen) {
  in_own_network([] {
    make_pair("left", "right");
    const Wire wire("left");
    const auto sent = tagged({{0x8100, 5}});
    for (const u32 snaplen : {6u, 12u, 13u, 15u, 16u, 40u, 67u, 68u, 69u}) {
      auto capture = open_capture("right", {.snaplen = snaplen, .timeout = 200ms});
      ASSERT_TRUE(capture) << describe(capture.error());
      ASSERT_EQ(wire.send({sent.data(), sent.size()}), 0);
      const auto batch = capture->next();
      ASSERT_TRUE(batch && *batch && (*batch)->size() == 1);
      const auto& frame = (**batch)[0];
      EXPECT_EQ(frame.original_length, 68u);
      ASSERT_EQ(frame.bytes.size, std::min(snaplen, 68u));
      EXPECT_TRUE(std::equal(frame.bytes.begin(), frame.bytes.end(), sent.begin())) << "snaplen " << snaplen;
    }
  });
}

TEST_P(CaptureVlan, leaves_untagged_frames_alone_among_tagged_ones) {
  unlike_libpcap("does not tell that a tag was put back");
  if (IsSkipped()) return;
  with_capture({.timeout = 100ms}, [](Capture& capture, const Wire& wire) {
    std::vector<std::vector<u8>> sent;
    for (size_t i = 0; i < 600; ++i) {
      sent.push_back(i % 3 ? numbered(i, 60 + i) : tagged({{0x8100, u16(i)}}, 60 + i));
      ASSERT_EQ(wire.send({sent.back().data(), sent.back().size()}), 0);
    }
    size_t at = 0;
    while (at < sent.size()) {
      const auto batch = capture.next();
      ASSERT_TRUE(batch && *batch && !(*batch)->empty());
      for (const auto& frame : **batch) {
        ASSERT_EQ(frame.bytes, Bytes(sent[at].data(), sent[at].size())) << "frame " << at;
        ASSERT_EQ(frame.info.has_vlan, at % 3 == 0);
        ++at;
      }
    }
  });
}

}  // namespace
