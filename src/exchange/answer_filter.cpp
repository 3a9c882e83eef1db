// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "exchange/answer_filter.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "exchange/ends.hpp"

namespace trawl::inline v0::exchange_identity {
namespace {

using bpf::Instruction;
using bpf::jump;
using bpf::statement;
using wire::Compared;
using wire::Record;
namespace op = bpf::op;

constexpr u32 ethernet_header = 14, tag = 4, type_at = 12;
constexpr size_t most_addresses = 16;

constexpr int load_word = op::ld | op::word | op::abs, load_half = op::ld | op::half | op::abs, load_byte = op::ld | op::byte | op::abs;
constexpr int jump_equal = op::jmp | op::jeq | op::k, mask_with = op::alu | op::and_ | op::k, always = op::jmp | op::ja,
              give = op::ret | op::k;

/// What is asked of packets with one EtherType.
struct Group {
  const Record* record = nullptr;         ///< null: nothing is known of them
  bool anyone = false;                    ///< some request is answered to another address than its own
  std::vector<std::vector<u32>> to;       ///< addresses, in words
  std::vector<wire::Term> replies;
  std::vector<const Record*> above;
};

template <class T, class Same> void add_once(std::vector<T>& list, const T& value, Same same) {
  if (std::none_of(list.begin(), list.end(), [&](const T& known) { return same(known, value); })) list.push_back(value);
}

void ask_conditions(Group& group, const Part& part) {
  for (const auto& answer : part.record->replies)
    if (wire::holds(answer.request, part.bytes.data, part.bytes.size))
      add_once(group.replies, answer.reply, [](const wire::Term& a, const wire::Term& b) {
        return a.byte == b.byte && a.differs == b.differs && a.mask == b.mask && a.want == b.want;
      });
}

void ask_address(Group& group, const Part& part, const Compared& ends) {
  const auto from = part.value(ends.request);
  if (!from || answered_by_anyone(part) || ends.reply.part >= 0 || ends.reply.bit % 32) {
    group.anyone = true;
    return;
  }
  std::vector<u32> words;
  if (ends.request.width == 128) words = {u32(from->high >> 32), u32(from->high), u32(from->low >> 32), u32(from->low)};
  else words = {u32(from->low)};
  add_once(group.to, words, std::equal_to<>());
}

/// The program, put together from blocks that end in a verdict or fall through.
class Code {
 public:
  void accept() { code_.push_back(statement(give, bpf::keep_all)); }
  void reject() { code_.push_back(statement(give, 0)); }
  void load(int how, u32 at) { code_.push_back(statement(how, at)); }
  void append(const Code& other) { code_.insert(code_.end(), other.code_.begin(), other.code_.end()); }
  /// `block` when A is `value`.
  void when(u32 value, const Code& block) {
    code_.push_back(jump(jump_equal, value, 1, 0));
    code_.push_back(statement(always, u32(block.code_.size())));
    append(block);
  }
  void mask(u32 bits) { code_.push_back(statement(mask_with, bits)); }
  std::span<const Instruction> all() const { return code_; }

 private:
  std::vector<Instruction> code_;
};

Code accepting() {
  Code code;
  code.accept();
  return code;
}
Code rejecting() {
  Code code;
  code.reject();
  return code;
}

/// Numbers of what may be above, but neither speaks to the requests nor quotes them.
std::vector<u32> unwanted(const Group& group, const wire::Catalog& catalog) {
  std::vector<u32> numbers;
  for (wire::ProtocolIndex i = 1; i < catalog.size(); ++i) {
    const Record& record = *catalog[i].record;
    const auto number = wire::number_in(record, group.record->rules->next);
    const auto same = [&](const Record* other) { return other->id == record.id; };
    if (number && !record.replies.empty() && !catalog[i].quotes && std::none_of(group.above.begin(), group.above.end(), same))
      numbers.push_back(*number);
  }
  return numbers;
}

Code ask_network(const Group& group, const Compared& ends, const wire::Catalog& catalog) {
  Code code;
  const auto& next = group.record->rules->next.from;
  if (next.part < 0 && next.width == 8 && next.bit % 8 == 0) {
    code.load(load_byte, ethernet_header + next.bit / 8u);
    for (const u32 number : unwanted(group, catalog)) code.when(number, rejecting());
  }
  if (group.anyone || group.to.size() > most_addresses) {
    code.accept();
    return code;
  }
  for (const auto& address : group.to) {
    Code rest = accepting();
    for (size_t i = address.size(); i-- > 0;) {
      Code longer;
      longer.load(load_word, ethernet_header + ends.reply.bit / 8u + 4u * u32(i));
      longer.when(address[i], rest);
      rest = longer;
    }
    code.append(rest);
  }
  code.reject();
  return code;
}

Code ask(const Group& group, const wire::Catalog& catalog) {
  if (!group.record) return accepting();
  if (const auto* ends = ends_of(*group.record)) return ask_network(group, *ends, catalog);
  Code code;
  for (const auto& term : group.replies) {
    if (!term.mask || term.differs) return accepting();
    code.load(load_word, ethernet_header + term.byte);
    code.mask(term.mask);
    code.when(term.want, accepting());
  }
  code.reject();
  return code;
}

/// Adds what a request asks. @return false when nothing can be said of its answers
bool add_request(std::map<u16, Group>& groups, const Packet& packet) {
  const Bytes bytes = packet.bytes();
  if (bytes.size < ethernet_header) return false;
  // The kernel takes the outermost tag off before a filter sees the packet.
  const u16 outer = load_be<u16>(bytes.data + type_at);
  const bool tagged = outer == wire::EtherType::vlan || outer == wire::EtherType::provider_vlan;
  const u32 at = ethernet_header + (tagged ? tag : 0);
  if (bytes.size < at) return false;
  Group& group = groups[load_be<u16>(bytes.data + at - 2)];
  Parts parts;
  find_parts(parts, packet.layers(), Quoted::no);
  const auto network = std::find_if(parts.all().begin(), parts.all().end(), [&](const Part& p) { return p.bytes.data == bytes.data + at; });
  if (network == parts.all().end()) {
    group.anyone = true;
    return true;
  }
  group.record = network->record;
  for (auto above = network + 1; above != parts.all().end(); ++above) group.above.push_back(above->record);
  if (const auto* ends = ends_of(*network->record)) ask_address(group, *network, *ends);
  else ask_conditions(group, *network);
  return true;
}

}  // namespace

Result<bpf::Program> what_can_answer(std::span<const Packet> requests, LinkType link) {
  const auto everything = bpf::Program::accept_all(link);
  if (link != LinkType::ethernet) return everything;
  std::map<u16, Group> groups;
  for (const Packet& packet : requests)
    if (!add_request(groups, packet)) return everything;
  Code code;
  code.load(load_half, type_at);
  for (const auto& [type, group] : groups) {
    const auto& catalog = *requests[0].layers().catalog;
    code.when(type, group.anyone && !group.record ? accepting() : ask(group, catalog));
  }
  code.reject();
  if (code.all().size() > bpf::max_instructions) return everything;
  return bpf::Program::from(code.all(), link);
}

}  // namespace trawl::inline v0::exchange_identity
