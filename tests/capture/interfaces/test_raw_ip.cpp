// SPDX-License-Identifier: Apache-2.0 OR MIT
// Interfaces without a link layer: packets begin with the IP header.
#include <gtest/gtest.h>

#include "capture/back_ends.hpp"
#include "capture/tun.hpp"
#include "trawl/capture/capture.hpp"
#include "trawl/capture/interfaces.hpp"
#include "trawl/capture/sender.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/dissect/dissection.hpp"
#include "trawl/wire/stack.hpp"
#include "trawl/wire/standard.hpp"

using namespace trawl;
using namespace trawl::literals;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

class CaptureRawIp : public BackEnd {};
INSTANTIATE_TEST_SUITE_P(Each, CaptureRawIp, testing::ValuesIn(all_back_ends), back_end_name);

constexpr auto ipv4 = (wire::Ipv4{wire::Ipv4::src = "192.0.2.7"_ip4, wire::Ipv4::dst = "192.0.2.1"_ip4} /
                       wire::Udp{wire::Udp::dst_port = 9} / wire::Payload{"four"})
                          .build();
constexpr auto ipv6 = (wire::Ipv6{wire::Ipv6::src = "2001:db8::7"_ip6, wire::Ipv6::dst = "2001:db8::1"_ip6} /
                       wire::Udp{wire::Udp::dst_port = 9} / wire::Payload{"six"})
                          .build();
constexpr Bytes packets[] = {{ipv4.data, ipv4.size}, {ipv6.data, ipv6.size}};

void expect_raw_ip(const Frame& frame, Bytes sent) {
  EXPECT_EQ(frame.link, LinkType::raw);
  EXPECT_EQ(frame.bytes, sent);
  EXPECT_EQ(frame.original_length, sent.size);
  const Dissection d = dissect(frame);
  EXPECT_FALSE(d.fault);
  const bool four = sent.data == ipv4.data;
  const auto* ip = four ? d.layer<wire::Ipv4>() : d.layer<wire::Ipv6>();
  ASSERT_NE(ip, nullptr);
  EXPECT_EQ(ip->offset, 0u);
  ASSERT_TRUE(d.find<wire::Udp>());
  EXPECT_EQ(d.find<wire::Udp>()[wire::Udp::dst_port], 9);
}

TEST_P(CaptureRawIp, takes_raw_IP_from_an_interface_without_a_link_layer) {
  unlike_libpcap("does not tell the direction");
  if (IsSkipped()) return;
  if (!Tun::available()) GTEST_SKIP() << "this user has no /dev/net/tun";
  in_own_network([] {
    const Tun tun("tun0");
    const auto interface = find_interface("tun0");
    ASSERT_TRUE(interface) << describe(interface.error());
    EXPECT_EQ(interface->info.link_type, LinkType::raw);
    EXPECT_EQ(interface->kind, "tun");
    EXPECT_EQ(hardware_type_name(interface->hardware_type), "none");
    EXPECT_FALSE(interface->info.has_mac);

    auto capture = open_capture("tun0", {.timeout = 200ms});
    ASSERT_TRUE(capture) << describe(capture.error());
    EXPECT_EQ(capture->link_type(), LinkType::raw);
    for (const Bytes packet : packets) {
      tun.send(packet);
      const auto batch = capture->next();
      ASSERT_TRUE(batch && *batch && (*batch)->size() == 1);
      expect_raw_ip((**batch)[0], packet);
      EXPECT_EQ((**batch)[0].info.direction, Direction::inbound);
    }
  });
}

TEST(Sender, sends_raw_IP_through_an_interface_without_a_link_layer) {
  if (!Tun::available()) GTEST_SKIP() << "this user has no /dev/net/tun";
  in_own_network([] {
    const Tun tun("tun0");
    auto capture = open_capture("tun0", {.timeout = 200ms});
    auto sender = Sender::open("tun0");
    ASSERT_TRUE(capture && sender);
    for (const Bytes packet : packets) {
      ASSERT_TRUE(sender->send(packet));
      const auto arrived = tun.receive();
      EXPECT_EQ(Bytes(arrived.data(), arrived.size()), packet);
      const auto batch = capture->next();
      ASSERT_TRUE(batch && *batch && (*batch)->size() == 1);
      expect_raw_ip((**batch)[0], packet);
      EXPECT_EQ((**batch)[0].info.direction, Direction::outbound);
    }
  });
}

}  // namespace
