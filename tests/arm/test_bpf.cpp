// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "harness.hpp"

#include "trawl/bpf/disassemble.hpp"
#include "trawl/bpf/run.hpp"

using namespace trawl;
using namespace trawl::bpf;

namespace {

// `udp dst port 53` over raw IPv4 without options.
constexpr Instruction dns[] = {
    statement(op::ld | op::byte | op::abs, 9),
    jump(op::jmp | op::jeq | op::k, 17, 0, 4),
    statement(op::ldx | op::byte | op::msh, 0),
    statement(op::ld | op::half | op::ind, 2),
    jump(op::jmp | op::jeq | op::k, 53, 0, 1),
    statement(op::ret | op::k, keep_all),
    statement(op::ret | op::k, 0),
};

u8 packet[28] = {0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 7, 192, 0, 2, 1, 0x9c, 0x40, 0, 53, 0, 8, 0, 0};

Frame frame() {
  Frame result;
  result.bytes = {packet, sizeof packet};
  result.original_length = sizeof packet;
  result.link = LinkType::raw;
  return result;
}

}  // namespace

TRAWL_ARM_TEST(a_program_is_validated_and_runs_over_a_packet) {
  const auto program = ProgramView::checked(dns, LinkType::raw, Target::offline);
  TRAWL_ARM_CHECK(program.has_value());
  TRAWL_ARM_CHECK(run(*program, frame()) == keep_all);
  packet[23] = 54;
  TRAWL_ARM_CHECK(run(*program, frame()) == 0);
  packet[23] = 53;
  Frame cut = frame();
  cut.bytes = cut.bytes.first(23);
  TRAWL_ARM_CHECK(run(*program, cut) == 0);
}

TRAWL_ARM_TEST(a_program_that_jumps_behind_its_end_is_refused_at_that_instruction) {
  Instruction bad[std::size(dns)];
  for (size_t i = 0; i < std::size(dns); ++i) bad[i] = dns[i];
  bad[4].jf = 2;
  const auto refused = validate(bad);
  TRAWL_ARM_CHECK(!refused && refused.error().byte == 4 * sizeof(Instruction));
}

TRAWL_ARM_TEST(a_program_is_listed_as_tcpdump_does) {
  char text[std::size(dns) * 64];
  TextOut line(text);
  put(line, dns[3], 3);
  TRAWL_ARM_CHECK(line.view() == "(003) ldh      [x + 2]");
  TextOut all(text);
  put(all, dns, Listing::decimal);
  TRAWL_ARM_CHECK(all.view().substr(0, 11) == "7\n48 0 0 9\n");
}
