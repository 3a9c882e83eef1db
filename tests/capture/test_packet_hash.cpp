// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <map>

#include "capture/back_ends.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/core/endian.hpp"

using namespace trawl;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

/// The hash of each flow; a packet of a flow with another hash, or one without, is a failure.
std::map<u16, u32> hashes(Capture& capture, PacketHash wanted) {
  std::map<u16, u32> all;
  for (;;) {
    const auto batch = capture.next();
    EXPECT_TRUE(batch) << describe(batch.error());
    if (!batch || !*batch || (*batch)->empty()) return all;
    for (const auto& frame : **batch) {
      EXPECT_EQ(frame.info.has_hash, wanted == PacketHash::on);
      const u16 flow = load_be<u16>(frame.bytes.data + 34);
      EXPECT_EQ(all.emplace(flow, frame.info.hash).first->second, frame.info.hash) << flow;
    }
  }
}

void send_flows(const Wire& wire) {
  for (u16 i = 0; i < 40; ++i) {
    const auto frame = flow_packet(i % 8, i);
    wire.send({frame.data(), frame.size()});
  }
}

class CapturePacketHash : public BackEnd {};
INSTANTIATE_TEST_SUITE_P(Each, CapturePacketHash, testing::ValuesIn(all_back_ends), back_end_name);

TEST_P(CapturePacketHash, is_the_same_within_a_flow_or_there_is_a_warning_that_it_is_not_to_be_had) {
  with_capture({.timeout = 200ms, .packet_hash = PacketHash::on}, [](Capture& capture, const Wire& wire) {
    send_flows(wire);
    if (GetParam() != CaptureMethod::ring) {
      EXPECT_EQ(hashes(capture, PacketHash::off).size(), 8u);
      ASSERT_EQ(capture.warnings().count(), 1u);
      EXPECT_EQ(capture.warnings().first()[0].reason, Reason::not_supported);
      return;
    }
    const auto of_flows = hashes(capture, PacketHash::on);
    EXPECT_EQ(of_flows.size(), 8u);
    std::map<u32, int> values;
    for (const auto& [flow, hash] : of_flows) ++values[hash];
    EXPECT_GT(values.size(), 4u);
    EXPECT_EQ(capture.warnings().count(), 0u);
  });
}

TEST_P(CapturePacketHash, is_not_there_unless_it_is_asked_for) {
  with_capture({.timeout = 200ms}, [](Capture& capture, const Wire& wire) {
    send_flows(wire);
    EXPECT_EQ(hashes(capture, PacketHash::off).size(), 8u);
    EXPECT_EQ(capture.warnings().count(), 0u);
  });
}

}  // namespace
