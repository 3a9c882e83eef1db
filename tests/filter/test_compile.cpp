// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "bpf/kernel.hpp"
#include "expressions.hpp"
#include "trawl/bpf/disassemble.hpp"
#include "trawl/bpf/program_source.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

// Those that all the everyday expressions work on.
constexpr LinkType links[] = {LinkType::ethernet, LinkType::linux_sll, LinkType::linux_sll2, LinkType::raw,
                              LinkType::ipv4,     LinkType::ipv6,      LinkType::null,       LinkType::loop};

std::optional<bpf::Program> compile(const std::string& text, LinkType link, bool optimize, bpf::Target target = bpf::Target::offline) {
  const auto filter = Filter::parse(text);
  if (!filter) return ADD_FAILURE() << text << ": " << say(filter.error()), std::nullopt;
  CompileOptions options = vector_options;
  options.optimize = optimize;
  const auto program = filter->compile(link, target, options);
  if (!program) {
    if (program.error().reason != Reason::too_complex) ADD_FAILURE() << text << ": " << say(program.error());
    return std::nullopt;
  }
  return *program;
}

std::string listing(const bpf::Program& program) {
  std::string text(program.instructions().size() * 64, '\0');
  TextOut out(text.data(), text.size());
  put(out, program.instructions(), bpf::Listing::assembly);
  text.resize(out.size());
  return text;
}

std::string hex(const Packet& packet) {
  std::ostringstream out;
  for (const u8 byte : packet.bytes) out << "0123456789abcdef"[byte >> 4] << "0123456789abcdef"[byte & 15];
  return out.str();
}

// Optimizing may not change a verdict, truncated packets included.
void compare(const std::string& text, LinkType link, Random& random, int packets) {
  const auto optimized = compile(text, link, true), plain = compile(text, link, false);
  if (!optimized || !plain) return;
  EXPECT_LE(optimized->instructions().size(), plain->instructions().size()) << text;
  for (int i = 0; i < packets; ++i) {
    const Packet packet = random_packet(random, link);
    const Frame frame = frame_of(packet, link);
    ASSERT_EQ(bpf::run(*optimized, frame), bpf::run(*plain, frame)) << name(link) << ' ' << text << '\n'
                                                                    << hex(packet) << '\n'
                                                                    << listing(*optimized) << listing(*plain);
  }
}

void compare_random(int expressions, int packets, unsigned seed) {
  Random random{std::mt19937(seed)};
  for (int i = 0; i < expressions && !testing::Test::HasFailure(); ++i) {
    const LinkType link = links[random() % std::size(links)];
    compare(random_expression(random, link == LinkType::ethernet), link, random, packets);
  }
}

}  // namespace

TEST(FilterCompile, keeps_the_verdict_of_every_packet_when_it_optimizes) {
  Random random;
  for (const LinkType link : links)
    for (const char* text : everyday_expressions) compare(text, link, random, 200);
  for (const char* text : ethernet_expressions) compare(text, LinkType::ethernet, random, 1000);
}
TEST(FilterCompile, keeps_the_verdict_of_random_expressions) { compare_random(1'500, 100, 7); }
TEST(FilterCompile, keeps_the_verdict_of_random_expressions_Full) { compare_random(50'000, 200, 8); }

#if defined(__linux__)
TEST(FilterCompile, gives_programs_that_the_kernel_takes_and_judges_alike) {
  Kernel kernel;
  if (!kernel.usable()) GTEST_SKIP() << "no socket filters here";
  Random random;
  for (int round = 0; round < 1'500; ++round) {
    const LinkType link = links[random() % std::size(links)];
    const auto program = compile(random_expression(random, link == LinkType::ethernet), link, random() % 4 > 0,
                                 round % 2 ? bpf::Target::live : bpf::Target::offline);
    if (!program) continue;
    const int error = kernel.attach(program->instructions());
    ASSERT_TRUE(error == 0 || error == ENOMEM) << error << listing(*program);
    for (int i = 0; error == 0 && i < 20; ++i) {
      Packet packet = random_packet(random, link);
      packet.original_length = u32(packet.bytes.size());  // the kernel has no other
      if (packet.bytes.empty()) continue;
      const auto verdict = kernel.verdict(Bytes(packet.bytes.data(), packet.bytes.size()));
      if (!verdict) continue;
      ASSERT_EQ(*verdict > 0, program->matches(frame_of(packet, link))) << hex(packet) << '\n' << listing(*program);
    }
  }
}
#endif

TEST(FilterCompile, keeps_long_jumps_within_reach) {
  std::string text = "tcp and (";
  for (int i = 0; i < 600; ++i)
    text += (i ? " or " : "") + std::string("(src host 10.0.") + std::to_string(i / 250) + '.' + std::to_string(i % 250) +
            " and dst port " + std::to_string(1000 + 3 * i) + ')';
  text += ')';
  Random random;
  compare(text, LinkType::ethernet, random, 500);
  EXPECT_GT(compile(text, LinkType::ethernet, true)->instructions().size(), 1000u);
}

TEST(FilterCompile, joins_lists_of_hosts_and_ports) {
  std::string nets = "net 10.0.0.0/24", hosts = "src host 10.0.0.1";
  for (int i = 1; i < 200; ++i)
    nets += " or net 10.0." + std::to_string(i) + ".0/24", hosts += " or src host 10." + std::to_string(i) + ".0." + std::to_string(i % 7);
  EXPECT_LT(compile("ip and (" + nets + ')', LinkType::ethernet, true)->instructions().size(), 20u);
  EXPECT_LT(compile("ip and (" + hosts + ')', LinkType::ethernet, true)->instructions().size(), 230u);
  Random random;
  compare(nets, LinkType::ethernet, random, 300);
  compare(hosts, LinkType::ethernet, random, 300);
}

TEST(FilterCompile, makes_a_contradiction_reject_everything) {
  for (const char* text : {"tcp and udp", "1 = 2", "not (1 = 1)", "ip and ip6", "tcp port 80 and udp port 80"})
    EXPECT_TRUE(compile(text, LinkType::ethernet, true)->rejects_all()) << text;
  EXPECT_TRUE(compile("", LinkType::ethernet, true)->accepts_all());
  EXPECT_TRUE(compile("ip", LinkType::ipv4, true)->accepts_all());
  EXPECT_TRUE(compile("arp", LinkType::raw, true)->rejects_all());
  EXPECT_FALSE(compile("ip or not ip", LinkType::ethernet, true)->accepts_all());  // not packets of less than 14 bytes
}

TEST(FilterCompile, needs_what_it_needs) {
  const auto reason = [](const char* text, LinkType link, bpf::Target target) {
    return Filter::parse(text)->compile(link, target).error();
  };
  EXPECT_EQ(reason("ip broadcast", LinkType::ethernet, bpf::Target::offline).reason, Reason::needs_netmask);
  EXPECT_EQ(reason("tcp and inbound", LinkType::ethernet, bpf::Target::offline).reason, Reason::needs_live_capture);
  EXPECT_EQ(reason("tcp and inbound", LinkType::ethernet, bpf::Target::offline).column, 9u);
  EXPECT_EQ(reason("ip or vlan 5", LinkType::raw, bpf::Target::offline).reason, Reason::not_supported);
  EXPECT_EQ(reason("ip", LinkType{147}, bpf::Target::offline).reason, Reason::not_supported);
  EXPECT_TRUE(Filter::parse("inbound")->compile(LinkType::ethernet, bpf::Target::live));
  EXPECT_TRUE(Filter::parse("len > 5")->compile(LinkType{147}, bpf::Target::offline));
}

TEST(FilterCompile, finds_a_tag_that_the_kernel_took_off) {
  const auto program = *Filter::parse("vlan 10 and ip")->compile(LinkType::ethernet, bpf::Target::live);
  std::array<u8, 34> untagged{};
  untagged[12] = 8, untagged[14] = 0x45;
  Frame frame{.bytes = Bytes(untagged.data(), untagged.size()), .original_length = 34, .link = LinkType::ethernet};
  EXPECT_FALSE(program.matches(frame));
  frame.info.has_vlan = true, frame.info.vlan_tci = 0x600a;
  EXPECT_TRUE(program.matches(frame));
  frame.info.vlan_tci = 11;
  EXPECT_FALSE(program.matches(frame));
  std::array<u8, 38> tagged{};
  tagged[12] = 0x81, tagged[15] = 10, tagged[16] = 8, tagged[18] = 0x45;
  EXPECT_TRUE(program.matches({.bytes = Bytes(tagged.data(), tagged.size()), .original_length = 38, .link = LinkType::ethernet}));
}

TEST(FilterCompile, serves_as_a_program_source_and_gives_its_text_back) {
  const bpf::ProgramSource source = *Filter::parse(" tcp port  80");
  EXPECT_EQ(source(LinkType::raw, bpf::Target::live)->link_type(), LinkType::raw);
  EXPECT_EQ(Filter::parse(" tcp port  80")->text(), " tcp port  80");
  FilterMatcher matcher(*Filter::parse("ip"));
  const u8 bytes[] = {0x45};
  EXPECT_TRUE(*matcher.matches({.bytes = Bytes(bytes, 1), .original_length = 1, .link = LinkType::raw}));
  EXPECT_FALSE(*matcher.matches({.bytes = Bytes(bytes, 1), .original_length = 1, .link = LinkType::ethernet}));
  EXPECT_FALSE(matcher.matches({.bytes = Bytes(bytes, 1), .original_length = 1, .link = LinkType{147}}));
}

// The kernel's check lets what a `ret` knows run on into the code behind it.
TEST(FilterCompile, loads_no_memory_behind_a_return_without_a_jump_between) {
  for (const LinkType link : {LinkType::ieee802_11, LinkType::ieee802_11_radiotap, LinkType(119), LinkType(192)})
    for (const bpf::Target target : {bpf::Target::offline, bpf::Target::live}) {
      const auto program = Filter::parse("tcp port 80 or ip[2:2] & 4 != 5")->compile(link, target);
      EXPECT_TRUE(program.has_value()) << name(link);
    }
}
