// SPDX-License-Identifier: Apache-2.0 OR MIT
// Interpreter, optimized program, machine code: one verdict.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "bpf/hosted/jit/translate.hpp"
#include "expressions.hpp"
#include "long_lists.hpp"
#include "trawl/bpf/native.hpp"
#include "trawl/core/switches.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

constexpr LinkType links[] = {LinkType::ethernet, LinkType::linux_sll, LinkType::linux_sll2, LinkType::raw,
                              LinkType::ipv4,     LinkType::ipv6,      LinkType::null,       LinkType::loop};

void compare(int expressions, int packets, unsigned seed) {
  Random random{std::mt19937(seed)};
  int native = 0;
  for (int i = 0; i < expressions; ++i) {
    const LinkType link = links[random() % std::size(links)];
    const std::string text = random_expression(random, link == LinkType::ethernet);
    CompileOptions options = vector_options;
    const auto optimized = Filter::parse(text)->compile(link, bpf::Target::offline, options);
    options.optimize = false;
    const auto plain = Filter::parse(text)->compile(link, bpf::Target::offline, options);
    if (!optimized || !plain) continue;
    const bpf::NativeProgram fast(*optimized), slow(*plain);
    native += fast.is_native();
    for (int p = 0; p < packets; ++p) {
      const Packet packet = random_packet(random, link);
      const Frame frame = frame_of(packet, link);
      const u32 expected = bpf::run(*plain, frame);
      ASSERT_EQ(bpf::run(*optimized, frame), expected) << text;
      ASSERT_EQ(fast.run(frame), expected) << text;
      ASSERT_EQ(slow.run(frame), expected) << text;
    }
  }
#if TRAWL_WITH_JIT && (defined(__x86_64__) || defined(__aarch64__))
  EXPECT_GT(native, expressions / 2);
#endif
}

// Any opcode with any operand, jumps forward, words stored first.
std::vector<bpf::Instruction> random_program(Random& random) {
  namespace op = bpf::op;
  constexpr int alu[] = {op::add, op::sub, op::mul, op::div, op::mod, op::and_, op::or_, op::xor_, op::lsh, op::rsh};
  constexpr int tests[] = {op::jeq, op::jgt, op::jge, op::jset};
  const auto constant = [&] { return random() % 3 ? random() % 40 : random() % 2 ? random() : 0xfffffff0 + random() % 16; };
  const size_t count = 4 + random() % 30;
  std::vector<bpf::Instruction> program;
  for (u32 word = 0; word < 4; ++word) program.push_back(bpf::statement(op::st, word));
  while (program.size() < count) {
    const int source = random() % 2 ? op::x : op::k;
    const u32 left = u32(count - program.size());
    switch (random() % 9) {
      case 0:
      case 1:
        program.push_back(bpf::statement(op::ld | int(random() % 3) * 8 | (random() % 2 ? op::ind : op::abs), constant() % 0xffe00000));
        break;
      case 2: program.push_back(bpf::statement(op::ldx | op::byte | op::msh, random() % 40)); break;
      case 3: program.push_back(bpf::statement((random() % 2 ? op::ld : op::ldx) | (random() % 2 ? op::imm : op::len), constant())); break;
      case 4: program.push_back(bpf::statement((random() % 2 ? op::ld : op::ldx) | op::mem, random() % 4)); break;
      case 5: program.push_back(bpf::statement(random() % 2 ? op::st : op::stx, random() % 4)); break;
      case 6:
        program.push_back(bpf::jump(op::jmp | tests[random() % 4] | source, constant(), u8(random() % left), u8(random() % left)));
        break;
      case 7: program.push_back(bpf::statement(op::misc | (random() % 2 ? op::tax : op::txa))); break;
      default: {
        const int operation = alu[random() % std::size(alu)];
        const bool shift = operation == op::lsh || operation == op::rsh;
        program.push_back(bpf::statement(op::alu | operation | source, shift ? random() % 32 : std::max<u32>(1, constant())));
        if (random() % 8 == 0) program.push_back(bpf::statement(op::alu | op::neg));
      }
    }
  }
  program.push_back(bpf::statement(op::ret | (random() % 2 ? op::a : op::k), random()));
  return program;
}

void compare_programs(int programs, unsigned seed) {
  Random random{std::mt19937(seed)};
  int native = 0;
  for (int i = 0; i < programs; ++i) {
    const auto made = bpf::Program::from(random_program(random), LinkType::raw);
    if (!made) continue;
    const bpf::NativeProgram fast(*made);
    native += fast.is_native();
    for (int p = 0; p < 8; ++p) {
      Packet packet;
      packet.bytes.resize(random() % 48);
      for (u8& byte : packet.bytes) byte = u8(random() % 3 ? random() % 8 : random());
      packet.original_length = u32(packet.bytes.size()) + random() % 100;
      const Frame frame = frame_of(packet, LinkType::raw);
      ASSERT_EQ(fast.run(frame), bpf::run(*made, frame));
    }
  }
#if TRAWL_WITH_JIT && defined(__x86_64__)
  EXPECT_GT(native, programs / 2);
#endif
}

}  // namespace

TEST(NativeProgram, comes_to_the_verdicts_of_the_interpreter) { compare(400, 100, 11); }
TEST(NativeProgram, comes_to_the_verdicts_of_the_interpreter_Full) { compare(20'000, 500, 12); }
TEST(NativeProgram, does_what_every_opcode_does) { compare_programs(4'000, 13); }
TEST(NativeProgram, does_what_every_opcode_does_Full) { compare_programs(500'000, 14); }

#if TRAWL_WITH_JIT
// Under qemu, where it and a cross compiler are installed.
TEST(NativeProgram, is_the_same_on_aarch64) {
  const std::string folder = testing::TempDir(), runner = folder + "trawl-aarch64", data = folder + "trawl-aarch64.data";
  const std::string build =
      "aarch64-linux-gnu-gcc -static -O1 -o '" + runner + "' '" + TRAWL_SOURCE_DIR + "/tests/filter/aarch64/runner.c' 2>/dev/null";
  if (std::system("command -v qemu-aarch64 >/dev/null") != 0 || std::system(build.c_str()) != 0)
    GTEST_SKIP() << "no qemu-aarch64 or no compiler for it";
  std::ofstream file(data, std::ios::binary);
  const auto put = [&](u32 value) { file.write(reinterpret_cast<const char*>(&value), sizeof value); };
  const auto put_bytes = [&](const std::vector<u8>& bytes) {
    file.write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
  };
  Random random;
  const auto add = [&](const bpf::Program& program, auto make_packet) {
    const auto code = bpf::jit::translate(program.instructions(), bpf::jit::Machine::aarch64);
    if (!code) return;
    put(u32(code->size())), put_bytes(*code), put(u32(program.sets().view().size()));
    for (const bpf::Set& set : program.sets().view()) {
      const u32 starts = set.words == 1 ? (set.last >> set.shift) + 2 : 0;
      put(set.count), put(set.last), put(set.shift), put(set.words), put(starts);
      for (u32 i = 0; i < set.count * set.words; ++i) put(set.bounds[i]);
      for (u32 i = 0; i < starts; ++i) put(set.start[i]);
    }
    put(20);
    for (int i = 0; i < 20; ++i) {
      const Packet packet = make_packet();
      put(u32(packet.bytes.size())), put(packet.original_length), put(bpf::run(program, frame_of(packet, program.link_type())));
      put_bytes(packet.bytes);
    }
  };
  for (int i = 0; i < 3000; ++i) {
    if (const auto raw = bpf::Program::from(random_program(random), LinkType::raw))
      add(*raw, [&] {
        Packet packet;
        packet.bytes.resize(random() % 48);
        for (u8& byte : packet.bytes) byte = u8(random() % 3 ? random() % 8 : random());
        packet.original_length = u32(packet.bytes.size()) + random() % 100;
        return packet;
      });
    const LinkType link = links[random() % std::size(links)];
    const auto program =
        Filter::parse(random_expression(random, link == LinkType::ethernet))->compile(link, bpf::Target::offline, vector_options);
    if (program) add(*program, [&] { return random_packet(random, link); });
  }
  for (const Long& list : {Long::hosts(random), Long::addresses(random), Long::ports(random)})
    for (int i = 0; i < 50; ++i) add(list.program, [&] { return list.packet(random); });
  file.close();
  EXPECT_EQ(std::system(("qemu-aarch64 '" + runner + "' '" + data + "'").c_str()), 0);
}
#endif

TEST(NativeProgram, leaves_to_the_interpreter_what_it_cannot_do) {
  const auto live = *Filter::parse("inbound and ip")->compile(LinkType::ethernet, bpf::Target::live);
  const auto loop = *Filter::parse("ip6 protochain 6")->compile(LinkType::ethernet, bpf::Target::offline);
  for (const auto& program : {live, loop}) {
    const bpf::NativeProgram native(program);
    EXPECT_FALSE(native.is_native());
    EXPECT_EQ(native.run({.bytes = {}, .link = LinkType::ethernet}), 0u);
  }
}

TEST(NativeProgram, runs_batches) {
  const bpf::NativeProgram program(*Filter::parse("ip")->compile(LinkType::raw, bpf::Target::offline));
  const u8 v4[] = {0x45}, v6[] = {0x60};
  std::vector<Frame> frames(20, {.bytes = Bytes(v4, 1), .original_length = 1, .link = LinkType::raw});
  frames[7].bytes = Bytes(v6, 1);
  std::vector<u32> verdicts(frames.size());
  program.run(frames, verdicts);
  for (size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(verdicts[i] != 0, i != 7) << i;
}
