// SPDX-License-Identifier: Apache-2.0 OR MIT
// ext.tsv: programs of libpcap for live captures, netmasks and files of the other byte order, as listings. Ours come to the
// same verdicts.
#include <gtest/gtest.h>

#include <cstdio>
#include <map>

#include "vectors.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

namespace op = bpf::op;

// One line of a listing, without its number: what the vectors use of it.
bpf::Instruction assemble(const std::string& line, size_t at) {
  char word[16] = {};
  int length = 0;
  std::sscanf(line.c_str(), "(%*d) %15s %n", word, &length);
  const std::string mnemonic = word, operand = line.substr(size_t(length));
  const static std::map<std::string, u32> beside = {{"[type]", bpf::ancillary::packet_type},
                                                    {"[ifidx]", bpf::ancillary::interface_index},
                                                    {"[vlanp]", bpf::ancillary::vlan_tag_present},
                                                    {"[vlan_tci]", bpf::ancillary::vlan_tag}};
  const auto number = [](const std::string& text) { return u32(std::stoul(text, nullptr, 0)); };
  const int size = mnemonic == "ldh" ? op::half : mnemonic == "ldb" ? op::byte : op::word;
  if (mnemonic == "ret") return bpf::statement(op::ret | op::k, number(operand.substr(1)));
  if (mnemonic == "ja") return bpf::statement(op::jmp | op::ja, number(operand) - u32(at) - 1);
  if (mnemonic == "and") return bpf::statement(op::alu | op::and_ | op::k, number(operand.substr(1)));
  if (mnemonic == "st") return bpf::statement(op::st, number(operand.substr(2)));
  if (mnemonic == "ldx") return bpf::statement(op::ldx | op::mem, number(operand.substr(2)));
  if (mnemonic == "jeq" || mnemonic == "jset") {
    unsigned k = 0, yes = 0, no = 0;
    std::sscanf(operand.c_str(), "#%x jt %u jf %u", &k, &yes, &no);
    return bpf::jump(op::jmp | (mnemonic == "jeq" ? op::jeq : op::jset), k, u8(yes - at - 1), u8(no - at - 1));
  }
  if (operand[0] == '#') return bpf::statement(op::ld | op::imm, number(operand.substr(1)));
  if (operand.starts_with("[x + ")) return bpf::statement(op::ld | op::ind | size, number(operand.substr(5)));
  for (const auto& [name, k] : beside)  // their sizes do not matter, and kernels want words
    if (operand.starts_with(name)) return bpf::statement(op::ld | op::abs | op::word, k);
  return bpf::statement(op::ld | op::abs | size, number(operand.substr(1)));
}

std::vector<bpf::Instruction> assemble_all(const std::string& json) {
  std::vector<bpf::Instruction> program;
  for (size_t at = json.find("\"("); at != json.npos; at = json.find("\"(", at + 1)) {
    std::string line = json.substr(at + 1, json.find('"', at + 1) - at - 1);
    for (size_t tab = line.find("\\t"); tab != line.npos; tab = line.find("\\t")) line.replace(tab, 2, " ");
    program.push_back(assemble(line, program.size()));
  }
  return program;
}

}  // namespace

TEST(FilterVectors, do_what_extensions_netmasks_and_byte_orders_ask) {
  const auto rows = filter_rows("ext.tsv");
  if (rows.empty()) GTEST_SKIP() << "no captures/filter";
  Random random;
  for (const auto& row : rows) {
    const LinkType link = *parse_link_type(row[0]);
    CompileOptions options;
    const bool live = row[2] == "linuxext";
    if (row[2].starts_with("netmask=")) options.netmask = parse_ipv4(row[2].substr(8));
    options.swapped = row[2] == "offline=swapped";
    const auto ours = Filter::parse(row[1])->compile(link, live ? bpf::Target::live : bpf::Target::offline, options);
    ASSERT_TRUE(ours) << row[5] << ' ' << say(ours.error());
    const auto theirs = bpf::Program::from(assemble_all(row[4]), link);
    ASSERT_TRUE(theirs) << row[5];
    EXPECT_LE(ours->instructions().size(), theirs->instructions().size()) << row[5];
    int matched = 0;
    for (int i = 0; i < 3000; ++i) {
      Packet packet = random_packet(random, link == LinkType{281} || link == LinkType{284} ? LinkType::ethernet : link);
      if (link == LinkType{281} || link == LinkType{284})
        packet.bytes.insert(packet.bytes.begin() + i64(std::min<size_t>(12, packet.bytes.size())), 4, 0);
      if (link == LinkType{117}) packet.bytes.insert(packet.bytes.begin(), {61, u8(random() % 4 ? 2 : 30)});
      Frame frame = frame_of(packet, link);
      frame.info.has_vlan = random() % 2, frame.info.vlan_tci = u16(random() % 2 ? 0x600a : random());
      frame.info.packet_type = random() % 2 ? PacketType::outgoing : PacketType::to_us;
      const bpf::Surroundings surroundings{.interface_index = 9 + random() % 3};
      const bool expected = theirs->matches(frame, surroundings);
      matched += expected;
      ASSERT_EQ(ours->matches(frame, surroundings), expected) << row[5];
    }
    (void)matched;
  }
}
