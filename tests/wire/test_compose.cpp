// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <algorithm>

#include <gtest/gtest.h>

#include "trawl/core/checksum.hpp"
#include "trawl/wire/stack.hpp"
#include "trawl/wire/standard.hpp"

using namespace trawl;
using namespace trawl::wire;
using namespace trawl::literals;

namespace {

constexpr auto syn =
    (Ethernet{} / Ipv4{Ipv4::src = "192.0.2.7"_ip4, Ipv4::dst = "192.0.2.1"_ip4} / Tcp{Tcp::dst_port = 80, Tcp::flags = Tcp::Flag::syn})
        .build();
static_assert(syn.size == 54);
static_assert(internet_checksum(syn.bytes().slice(14, 20)) == 0);

template <class L> std::vector<u8> bytes_of(const L& layers) {
  std::vector<u8> buffer(size_of(layers));
  EXPECT_TRUE(compose(layers, buffer).has_value());
  return buffer;
}

TEST(Compose, makes_a_packet_at_compile_time_with_its_sums) {
  EXPECT_EQ(load_be<u16>(syn.data + 12), 0x0800);
  EXPECT_EQ(load_be<u16>(syn.data + 16), 40);
  EXPECT_EQ(syn.data[23], 6);
  EXPECT_EQ(syn.data[46] >> 4, 5);
  u64 pseudo = sum16(syn.bytes().slice(26, 8), 6 + 20);
  EXPECT_EQ(folded(sum16(syn.bytes().from(34), pseudo)), 0);
}

TEST(Compose, gives_equal_bytes_at_run_time) {
  const auto buffer = bytes_of(Ethernet{} / Ipv4{Ipv4::src = "192.0.2.7"_ip4, Ipv4::dst = "192.0.2.1"_ip4} /
                               Tcp{Tcp::dst_port = 80, Tcp::flags = Tcp::Flag::syn});
  EXPECT_TRUE(Bytes(std::span<const u8>(buffer)) == syn.bytes());
}

TEST(Compose, keeps_what_the_sender_set_right_or_wrong) {
  const auto b = bytes_of(Ipv4{Ipv4::length = 7, Ipv4::checksum = 0xdead, Ipv4::ihl = 9, Ipv4::protocol = 99} /
                          Udp{Udp::length = 1, Udp::checksum = 0} / Payload{"x"});
  EXPECT_EQ(load_be<u16>(b.data() + 2), 7);
  EXPECT_EQ(load_be<u16>(b.data() + 10), 0xdead);
  EXPECT_EQ(b[0], 0x49);
  EXPECT_EQ(b[9], 99);
  EXPECT_EQ(load_be<u16>(b.data() + 24), 1);
  EXPECT_EQ(load_be<u16>(b.data() + 26), 0);
}

TEST(Compose, pads_tcp_options_to_whole_words_and_counts_them_in_the_data_offset) {
  const auto b = bytes_of(Tcp{}.with(Tcp::options(Mss{Mss::value = 1460}, Nop{}, WindowScale{WindowScale::shift = 7}, SackPermitted{})));
  ASSERT_EQ(b.size(), 32u);
  EXPECT_EQ(b[12] >> 4, 8);
  const u8 want[] = {2, 4, 5, 0xb4, 1, 3, 3, 7, 4, 2, 0, 0};
  EXPECT_TRUE(std::equal(std::begin(want), std::end(want), b.begin() + 20));
  const auto view = View<Tcp>::of(std::span<const u8>(b));
  ASSERT_TRUE(view);
  ASSERT_TRUE(find<Mss>(view[Tcp::options]));
  EXPECT_EQ(find<Mss>(view[Tcp::options])[Mss::value], 1460);
  EXPECT_FALSE(find<Timestamps>(view[Tcp::options]));
}

TEST(Compose, sets_the_flag_of_a_conditional_field_that_is_given) {
  const auto b = bytes_of(Gre{}.with(Gre::key = 7u, Gre::sequence = 9u) / Ipv4{});
  EXPECT_EQ(b[0], 0x30);
  EXPECT_EQ(load_be<u16>(b.data() + 2), 0x0800);
  EXPECT_EQ(load_be<u32>(b.data() + 4), 7u);
  EXPECT_EQ(load_be<u32>(b.data() + 8), 9u);
  EXPECT_EQ(b[12], 0x45);
}

TEST(Compose, writes_names_and_counts_of_a_dns_message) {
  const auto b =
      bytes_of(Udp{} / Dns{Dns::id = 0x1234}.with(Dns::questions(DnsQuestion{}.with(
                           DnsQuestion::owner = "www.example.org", DnsQuestion::type = DnsType::aaaa, DnsQuestion::dns_class = 1))));
  EXPECT_EQ(load_be<u16>(b.data() + 2), 53);
  EXPECT_EQ(load_be<u16>(b.data() + 8 + 4), 1);
  EXPECT_EQ(b[20], 3);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(b.data()) + 21, 3), "www");
  EXPECT_EQ(b[20 + 16], 0);
  EXPECT_EQ(load_be<u16>(b.data() + 37), 28);
  EXPECT_EQ(b.size(), 8u + 12 + 17 + 4);
}

TEST(Compose, gives_an_802_3_frame_its_length) {
  const auto b = bytes_of(Ethernet{} / Llc{Llc::dsap = 0x42, Llc::ssap = 0x42} / Payload{"abcd"});
  EXPECT_EQ(load_be<u16>(b.data() + 12), 7);
}

TEST(Compose, sums_sctp_with_crc32c_in_its_byte_order) {
  const auto b = bytes_of(Sctp{Sctp::tag = 5u}.with(Sctp::chunks(SctpInit{SctpInit::tag = 1u}, SctpData{}.with(SctpData::data = "abcde"))));
  ASSERT_EQ(b.size(), 12u + 20 + 24);
  auto zeroed = b;
  store_be<u32>(zeroed.data() + 8, 0);
  EXPECT_EQ(load_le<u32>(b.data() + 8), crc32c(std::span<const u8>(zeroed)));
  EXPECT_EQ(load_be<u16>(b.data() + 34), 21);   // the DATA chunk: its padding does not count
}

TEST(Compose, writes_nothing_into_a_buffer_that_is_too_small) {
  u8 small[20] = {};
  const auto result = compose(Ipv4{} / Udp{}, small);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().reason, Reason::does_not_fit);
  EXPECT_TRUE(std::all_of(std::begin(small), std::end(small), [](u8 b) { return b == 0; }));
}

TEST(Compose, sends_a_udp_sum_of_zero_as_ones) {
  for (unsigned guess = 0; guess < 65536; ++guess) {
    const auto packet = (Ipv4{} / Udp{Udp::src_port = u16(guess)}).build();
    ASSERT_NE(load_be<u16>(packet.data + 26), 0);
  }
}

TEST(Edit, writes_one_field_and_nothing_else) {
  auto packet = syn;
  Edit<Tcp> tcp = Edit<Tcp>::of(std::span<u8>(packet.data).subspan(34));
  ASSERT_TRUE(tcp);
  tcp[Tcp::dst_port] = 443;
  tcp[Tcp::syn] = false;
  EXPECT_EQ(TcpPort(tcp[Tcp::dst_port]), 443);
  for (size_t i = 0; i < packet.size; ++i) {
    if (i == 36 || i == 37 || i == 47) continue;
    EXPECT_EQ(packet.data[i], syn.data[i]) << i;
  }
  EXPECT_EQ(packet.data[47], 0);
}

}  // namespace
