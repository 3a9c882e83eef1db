// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <sstream>

#include "kernel.hpp"
#include "trawl/bpf/disassemble.hpp"
#include "trawl/bpf/program.hpp"

#if defined(__linux__)
using namespace trawl;
using namespace trawl::bpf;
using namespace trawl::test;

namespace {

struct Random {
  std::mt19937 engine;
  u32 operator()() { return u32(engine()); }
  u32 below(u32 limit) { return (*this)() % limit; }
};

std::vector<u16> known_opcodes() {
  std::vector<u16> result;
  for (u32 code = 0; code < 256; ++code) {
    Instruction program[] = {{u16(code), 0, 0, 1}, statement(op::ret | op::k)};
    if (class_of(u16(code)) <= op::ldx && mode_of(u16(code)) == op::mem) {
      const Instruction with_store[] = {statement(op::st, 1), program[0], program[1]};
      if (validate(with_store)) result.push_back(u16(code));
    } else if (code == op::jmp ? (program[0].k = 0, validate(program).has_value()) : validate(program).has_value()) {
      result.push_back(u16(code));
    }
  }
  return result;
}

u32 random_k(Random& random) {
  switch (random.below(8)) {
    case 0: return random();
    case 1: return 0;
    case 2: return random.below(40);
    case 3: return ancillary::base + random.below(80);
    case 4: return ancillary::base - random.below(8);
    default: return random.below(16);
  }
}

// Mostly right, so that both answers are frequent.
std::vector<Instruction> random_program(Random& random, const std::vector<u16>& opcodes, bool wild) {
  std::vector<Instruction> program(1 + random.below(random.below(10) ? 12 : 60));
  for (size_t i = 0; i < program.size(); ++i) {
    Instruction& in = program[i];
    const u32 left = u32(program.size() - i - 1);
    in.code = opcodes[random.below(u32(opcodes.size()))];
    in.k = wild ? random_k(random) : random.below(24);
    if (class_of(in.code) == op::jmp) {
      in.jt = u8(left ? random.below(left) : 0), in.jf = u8(left ? random.below(left) : 0);
      if (in.code == op::jmp) in.k = left ? random.below(left) : 0;
    }
    if (class_of(in.code) == op::st || class_of(in.code) == op::stx || (class_of(in.code) <= op::ldx && mode_of(in.code) == op::mem))
      in.k %= 4;
  }
  program.back() = statement(op::ret | (random.below(4) ? op::k : op::a), random.below(3) ? 0xffff : 0);
  if (random.below(2) && program.size() > 2)
    program.insert(program.begin(), {statement(op::st, 0), statement(op::st, 1), statement(op::stx, 2), statement(op::st, 3)});
  if (!wild) return program;
  for (u32 n = random.below(3); n > 0; --n) {
    Instruction& in = program[random.below(u32(program.size()))];
    switch (random.below(4)) {
      case 0: in.code = u16(random.below(300)); break;
      case 1: in.jt = u8(random.below(20)); break;
      case 2: in.jf = u8(random.below(20)); break;
      default: in.k = random_k(random);
    }
  }
  return program;
}

std::string listing(std::span<const Instruction> program) {
  std::string text(program.size() * 64, '\0');
  TextOut out(text.data(), text.size());
  put(out, program, Listing::assembly);
  text.resize(out.size());
  return text;
}

void compare_validators(int rounds, unsigned seed) {
  Kernel kernel;
  if (!kernel.usable()) GTEST_SKIP() << "no socket filters here";
  Random random{std::mt19937(seed)};
  const std::vector<u16> opcodes = known_opcodes();
  ASSERT_EQ(opcodes.size(), 49u + 0u);
  int accepted = 0;
  for (int round = 0; round < rounds; ++round) {
    const auto program = random_program(random, opcodes, true);
    const int error = kernel.attach(program);
    if (error == ENOMEM) continue;
    const auto ours = validate(program);
    ASSERT_EQ(error == 0, ours.has_value()) << "errno " << error << '\n' << listing(program);
    accepted += error == 0;
  }
  EXPECT_GT(accepted, rounds / 20);
  EXPECT_LT(accepted, rounds - rounds / 20);
}

void compare_verdicts(int rounds, unsigned seed) {
  Kernel kernel;
  if (!kernel.usable()) GTEST_SKIP() << "no socket filters here";
  Random random{std::mt19937(seed)};
  const std::vector<u16> opcodes = known_opcodes();
  int accepted = 0;
  for (int round = 0; round < rounds; ++round) {
    const auto instructions = random_program(random, opcodes, false);
    const auto program = Program::from(instructions, LinkType::raw);
    if (!program) continue;
    ASSERT_EQ(kernel.attach(instructions), 0) << listing(instructions);
    for (int i = 0; i < 4; ++i) {
      std::vector<u8> packet(1 + random.below(40));
      for (u8& byte : packet) byte = u8(random.below(2) ? random() : random.below(4));
      const Bytes bytes(packet.data(), packet.size());
      const auto expected = kernel.verdict(bytes);
      if (!expected) continue;
      const u32 ours =
          std::min(run(*program, {.bytes = bytes, .original_length = u32(bytes.size), .link = LinkType::raw}), u32(bytes.size));
      ASSERT_EQ(ours, *expected) << listing(instructions);
      accepted += ours > 0;
    }
  }
  EXPECT_GT(accepted, rounds / 20);
}

}  // namespace

TEST(Kernel, accepts_the_programs_that_validate_accepts) { compare_validators(100'000, 1); }
TEST(Kernel, accepts_the_programs_that_validate_accepts_Full) { compare_validators(1'000'000, 2); }
TEST(Kernel, comes_to_the_verdicts_that_run_comes_to) { compare_verdicts(30'000, 3); }
TEST(Kernel, comes_to_the_verdicts_that_run_comes_to_Full) { compare_verdicts(1'000'000, 4); }

TEST(Kernel, draws_the_same_line_at_4096_instructions) {
  Kernel kernel;
  if (!kernel.usable()) GTEST_SKIP() << "no socket filters here";
  std::vector<Instruction> program(4097, statement(op::ret | op::k, 1));
  EXPECT_EQ(kernel.attach(program), EINVAL);
  EXPECT_EQ(validate(program).error().reason, Reason::too_large);
  program.pop_back();
  EXPECT_TRUE(validate(program));
  EXPECT_NE(kernel.attach(program), EINVAL);
}
#endif
