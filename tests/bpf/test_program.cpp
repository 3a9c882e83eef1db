// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include "trawl/bpf/disassemble.hpp"
#include "trawl/bpf/explain.hpp"
#include "trawl/bpf/program_source.hpp"

using namespace trawl;
using namespace trawl::bpf;

namespace {

constexpr Instruction ip_only[] = {
    statement(op::ld | op::half | op::abs, 12),
    jump(op::jmp | op::jeq, 0x800, 0, 1),
    statement(op::ret | op::k, 262144),
    statement(op::ret | op::k, 0),
};

std::string text(std::span<const Instruction> program, Listing listing) {
  std::string result(program.size() * 64 + 16, '\0');
  TextOut out(result.data(), result.size());
  put(out, program, listing);
  EXPECT_FALSE(out.cut());
  result.resize(out.size());
  return result;
}

Frame ethernet(Bytes bytes) { return {.bytes = bytes, .original_length = u32(bytes.size), .link = LinkType::ethernet}; }

u32 ancillary_of(u32 k, const Frame& frame, const Surroundings& surroundings = {}) {
  const Instruction program[] = {statement(op::ld | op::abs, k), statement(op::ret | op::a)};
  return run(*ProgramView::checked(program, frame.link, Target::live), frame, surroundings);
}

}  // namespace

TEST(Listing, looks_as_tcpdump_writes_it) {
  EXPECT_EQ(text(ip_only, Listing::assembly),
            "(000) ldh      [12]\n"
            "(001) jeq      #0x800           jt 2\tjf 3\n"
            "(002) ret      #262144\n"
            "(003) ret      #0\n");
  EXPECT_EQ(text(ip_only, Listing::c),
            "{ 0x28, 0, 0, 0x0000000c },\n{ 0x15, 0, 1, 0x00000800 },\n{ 0x6, 0, 0, 0x00040000 },\n{ 0x6, 0, 0, 0x00000000 },\n");
  EXPECT_EQ(text(ip_only, Listing::decimal), "4\n40 0 0 12\n21 0 1 2048\n6 0 0 262144\n6 0 0 0\n");
  const Instruction others[] = {statement(op::ldx | op::byte | op::msh, 14),
                                statement(op::ld | op::ind | op::word, 14),
                                statement(op::misc | op::tax),
                                statement(op::alu | op::neg),
                                statement(op::alu | op::and_, 0xf0),
                                statement(op::alu | op::add | op::x),
                                statement(op::st, 3),
                                statement(op::ld | op::len),
                                statement(op::ld | op::abs, ancillary::packet_type),
                                statement(0xff, 7)};
  EXPECT_EQ(
      text(others, Listing::assembly),
      "(000) ldxb     4*([14]&0xf)\n(001) ld       [x + 14]\n(002) tax      \n(003) neg      \n(004) and      #0xf0\n(005) add      x\n"
      "(006) st       M[3]\n(007) ld       #pktlen\n(008) ld       [type]\n(009) tax      \n");
}

TEST(Program, is_run_only_after_it_was_validated) {
  const Instruction endless[] = {{op::jmp, 0, 0, 0xffffffff}, statement(op::ret | op::k, 1)};
  EXPECT_EQ(Program::from(endless, LinkType::ethernet).error().reason, Reason::invalid_jump);
  EXPECT_EQ(Program::from({}, LinkType::ethernet).error().reason, Reason::empty_program);
  const Instruction unset[] = {statement(op::ld | op::mem, 2), statement(op::ret | op::a)};
  const auto error = Program::from(unset, LinkType::ethernet).error();
  EXPECT_EQ(error.reason, Reason::invalid_memory);
  EXPECT_EQ(error.byte, 0u);
  const Instruction no_end[] = {statement(op::ret | op::k, 1), statement(op::ld | op::imm, 1)};
  EXPECT_EQ(Program::from(no_end, LinkType::ethernet).error().reason, Reason::no_return);
}

TEST(Program, recognises_those_that_take_all_or_nothing) {
  EXPECT_TRUE(Program::accept_all(LinkType::ethernet).accepts_all());
  EXPECT_TRUE(Program::reject_all(LinkType::ethernet).rejects_all());
  const auto some = *Program::from(ip_only, LinkType::ethernet);
  EXPECT_FALSE(some.accepts_all());
  EXPECT_FALSE(some.rejects_all());
  const Instruction loads[] = {statement(op::ld | op::byte | op::abs, 100), statement(op::ret | op::k, 1)};
  EXPECT_FALSE(Program::from(loads, LinkType::ethernet)->accepts_all());
}

TEST(Program, is_a_source_for_its_own_link_type_only) {
  const auto program = *Program::from(ip_only, LinkType::ethernet, Target::offline);
  const ProgramSource source = program;
  EXPECT_EQ(*source(LinkType::ethernet, Target::offline), program);
  EXPECT_EQ(source(LinkType::raw, Target::offline).error().reason, Reason::wrong_link_type);
  EXPECT_EQ(source(LinkType::ethernet, Target::live).error().reason, Reason::needs_live_capture);
  const ProgramSource none;
  EXPECT_FALSE(none);
  EXPECT_TRUE(none(LinkType::raw, Target::live)->accepts_all());
}

TEST(Run, rejects_when_a_load_leaves_the_captured_bytes) {
  const auto program = *Program::from(ip_only, LinkType::ethernet);
  const u8 bytes[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0};
  EXPECT_EQ(run(program, ethernet(Bytes(bytes, 14))), 262144u);
  Frame cut = ethernet(Bytes(bytes, 13));
  cut.original_length = 1500;
  EXPECT_EQ(run(program, cut), 0u);
  EXPECT_TRUE(program.matches(ethernet(Bytes(bytes, 14))));
  Frame other = ethernet(Bytes(bytes, 14));
  other.link = LinkType::raw;
  EXPECT_FALSE(program.matches(other));
}

TEST(Run, serves_ancillary_loads_from_the_frame) {
  const u8 bytes[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x86, 0xdd};
  Frame frame = ethernet(Bytes(bytes, 14));
  frame.info.packet_type = PacketType::outgoing;
  frame.info.has_vlan = true, frame.info.vlan_tci = 0xa00a, frame.info.vlan_tpid = 0x8100;
  frame.info.has_hash = true, frame.info.hash = 77;
  frame.info.has_queue = true, frame.info.queue = 3;
  EXPECT_EQ(ancillary_of(ancillary::packet_type, frame), 4u);
  EXPECT_EQ(ancillary_of(ancillary::protocol, frame), 0x86ddu);
  EXPECT_EQ(ancillary_of(ancillary::interface_index, frame, {.interface_index = 9}), 9u);
  EXPECT_EQ(ancillary_of(ancillary::vlan_tag, frame), 0xa00au);
  EXPECT_EQ(ancillary_of(ancillary::vlan_tag_present, frame), 1u);
  EXPECT_EQ(ancillary_of(ancillary::vlan_protocol, frame), 0x8100u);
  EXPECT_EQ(ancillary_of(ancillary::hash, frame), 77u);
  EXPECT_EQ(ancillary_of(ancillary::queue, frame), 3u);
  EXPECT_EQ(ancillary_of(ancillary::link_base + 12, frame), 0x86dd0000u & 0);  // four bytes at 12 of 14: out of range
}

TEST(Explain, says_what_is_compared_and_where_it_goes_on) {
  EXPECT_EQ(explain(*Program::from(ip_only, LinkType::ethernet)),
            "1: if the EtherType is IPv4 (0x800): match, else no match\n2: match\n3: no match\n");
  EXPECT_EQ(explain(Program::accept_all(LinkType::raw)), "every packet matches\n");
  const Instruction port[] = {statement(op::ldx | op::byte | op::msh, 14), statement(op::ld | op::half | op::ind, 16),
                              jump(op::jmp | op::jeq, 443, 0, 1), statement(op::ret | op::k, 1), statement(op::ret | op::k, 0)};
  EXPECT_EQ(explain(*Program::from(port, LinkType::ethernet)),
            "2: if the 2 bytes at the IPv4 header length at 14 + 16 is 443: match, else no match\n3: match\n4: no match\n");
}
