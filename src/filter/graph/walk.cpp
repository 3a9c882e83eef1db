// SPDX-License-Identifier: Apache-2.0 OR MIT
// Chains of headers, each of which names the next one.
#include "filter/generate/numbers.hpp"
#include "filter/graph/selector.hpp"

namespace trawl::inline v0::filter {

namespace op = bpf::op;

namespace {

constexpr u32 with_options[] = {ip_number::fragment, ip_number::routing, ip_number::destination, ip_number::hop_by_hop};

bool is_extension(const HeaderChain& chain) {
  bool result = chain.number == ip_number::ah;
  for (const u32 header : with_options) result = result || (chain.v6 && chain.number == header);
  return result;
}

// A holds a header's number and X its offset; afterwards those of the next one. Where it leads no further, the code goes on
// behind itself at the jump that is its last instruction. IPv6 options, routing and fragment headers have a length in units
// of eight bytes and one more (RFC 8200 4); AH of four and two more (RFC 4302 2.2).
std::vector<bpf::Instruction> one_step(const HeaderChain& chain, u32 word) {
  using bpf::jump, bpf::statement;
  std::vector<bpf::Instruction> code;
  const auto length = [&](u32 more, u32 shift) {
    code.push_back(statement(op::ld | op::byte | op::ind, chain.start + 1));
    code.push_back(statement(op::alu | op::add | op::k, more));
    code.push_back(statement(op::alu | op::lsh | op::k, shift));
  };
  constexpr u8 ah_code = 4, options_code = 3, advance = 5;
  const auto test = [&](u32 header, size_t taken, size_t not_taken) {
    code.push_back(jump(op::jmp | op::jeq, header, u8(taken), u8(not_taken)));
  };
  const size_t tests = (is_extension(chain) ? 1 : 0) + (chain.v6 ? std::size(with_options) : 0) + 1;
  const size_t ah = tests, options = tests + (chain.v6 ? ah_code : 0), end = options + options_code + advance;
  const auto to = [&](size_t place) { return place - code.size() - 1; };
  if (is_extension(chain)) test(chain.number, to(end), 0);
  if (chain.v6)
    for (const u32 header : with_options) test(header, to(options), 0);
  test(ip_number::ah, to(ah), to(end));
  length(2, 2);
  if (chain.v6) {
    code.push_back(statement(op::jmp | op::ja, options_code));
    length(1, 3);
  }
  code.push_back(statement(op::alu | op::add | op::x));
  code.push_back(statement(op::st, word));
  code.push_back(statement(op::ld | op::byte | op::ind, chain.start));
  code.push_back(statement(op::ldx | op::mem, word));
  return code;
}

}  // namespace

void Selector::walk(ValueId id) {
  const HeaderChain& chain = values_.chain(id);
  into_both(values_[id].b, values_[id].a);
  const u32 word = words_;
  if (word + 1 + kept_.size() > bpf::memory_words) ok_ = false;
  const std::vector<bpf::Instruction> step = one_step(chain, word % bpf::memory_words);
  const bool loops = chain.steps == 0;
  for (unsigned i = 0; i < (loops ? 1u : chain.steps); ++i) {
    out_.insert(out_.end(), step.begin(), step.end());
    if (loops) emit(op::jmp | op::ja, 0 - u32(step.size()) - 1);
    else emit(op::jmp | op::ja, 1);
    // Unrolled, each step is followed by a way out that the next one begins behind.
    if (!loops) emit(op::jmp | op::ja, u32((step.size() + 2) * (chain.steps - 1 - i)));
  }
  if (chain.gives_offset) emit(op::misc | op::txa);
  r_.x = no_value;
}

}  // namespace trawl::inline v0::filter
