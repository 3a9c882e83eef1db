// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/bpf/explain.hpp"

#include <charconv>
#include <optional>

namespace trawl::inline v0::bpf {

namespace {

// What is known to stand at a place, and of some values of it.
struct Known {
  LinkType link;
  u32 offset, size;
  std::string_view name;
};
constexpr Known places[] = {
    {LinkType::ethernet, 12, 2, "the EtherType"},
    {LinkType::ethernet, 0, 1, "the first byte of the destination MAC address"},
    {LinkType::ethernet, 23, 1, "the IPv4 protocol"},
    {LinkType::ethernet, 20, 1, "the IPv6 next header"},
    {LinkType::ethernet, 20, 2, "the IPv4 fragment field"},
    {LinkType::ethernet, 26, 4, "the IPv4 source"},
    {LinkType::ethernet, 30, 4, "the IPv4 destination"},
    {LinkType::ethernet, 28, 4, "the ARP sender"},
    {LinkType::ethernet, 38, 4, "the ARP target"},
    {LinkType::ethernet, 54, 2, "the IPv6 source port"},
    {LinkType::ethernet, 56, 2, "the IPv6 destination port"},
    {LinkType::raw, 9, 1, "the IPv4 protocol"},
    {LinkType::raw, 12, 4, "the IPv4 source"},
    {LinkType::raw, 16, 4, "the IPv4 destination"},
    {LinkType::raw, 6, 1, "the IPv6 next header"},
    {LinkType::linux_sll, 14, 2, "the EtherType"},
    {LinkType::linux_sll2, 0, 2, "the EtherType"},
};
constexpr struct {
  std::string_view of;
  u32 value;
  std::string_view name;
} values[] = {
    {"the EtherType", 0x0800, "IPv4"},     {"the EtherType", 0x86dd, "IPv6"},          {"the EtherType", 0x0806, "ARP"},
    {"the EtherType", 0x8035, "RARP"},     {"the EtherType", 0x8100, "VLAN"},          {"the EtherType", 0x88a8, "service VLAN"},
    {"the EtherType", 0x8847, "MPLS"},     {"the IPv4 protocol", 1, "ICMP"},           {"the IPv4 protocol", 6, "TCP"},
    {"the IPv4 protocol", 17, "UDP"},      {"the IPv4 protocol", 132, "SCTP"},         {"the IPv6 next header", 6, "TCP"},
    {"the IPv6 next header", 17, "UDP"},   {"the IPv6 next header", 44, "a fragment"}, {"the IPv6 next header", 58, "ICMPv6"},
    {"the IPv6 next header", 132, "SCTP"},
};
constexpr std::string_view beside[] = {"the protocol that the kernel saw",
                                       "the packet type",
                                       "the interface index",
                                       "a netlink attribute",
                                       "a nested netlink attribute",
                                       "the mark",
                                       "the queue",
                                       "the hardware type",
                                       "the receive hash",
                                       "the processor",
                                       "A ^ X",
                                       "the VLAN tag that was taken off",
                                       "whether a VLAN tag was taken off",
                                       "the payload offset",
                                       "a random number",
                                       "the VLAN protocol"};

std::string number(u32 value, int base = 10) {
  char text[16];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value, base);
  return (base == 16 ? "0x" : "") + std::string(text, end);
}
std::string address(u32 value) {
  return number(value >> 24) + '.' + number(value >> 16 & 255) + '.' + number(value >> 8 & 255) + '.' + number(value & 255);
}

// What the machine holds, in words; the same words on every way to a place, or none.
struct State {
  std::string a = "nothing", x = "nothing", memory[memory_words];
  bool reached = false;
};

class Explainer {
 public:
  explicit Explainer(const Program& program) : program_(program), states_(program.instructions().size() + 1) { states_[0].reached = true; }

  std::string run() {
    const auto code = program_.instructions();
    for (size_t pc = 0; pc < code.size(); ++pc)
      if (states_[pc].reached) step(pc);
    return std::move(out_);
  }

 private:
  void step(size_t pc) {
    const Instruction& in = program_.instructions()[pc];
    State now = states_[pc];
    switch (class_of(in.code)) {
      case op::ld: now.a = loaded(in, now); break;
      case op::ldx: now.x = loaded(in, now); break;
      case op::st: now.memory[in.k % memory_words] = now.a; break;
      case op::stx: now.memory[in.k % memory_words] = now.x; break;
      case op::alu: now.a = computed(in, now); break;
      case op::misc: (in.code & 0xf8) == op::txa ? now.a = now.x : now.x = now.a; break;
      case op::ret: return line(pc, (in.code & 0x18) == op::a ? "keep as many bytes as " + now.a : in.k ? "match" : "no match");
      default: return jump(pc, in, now);
    }
    arrive(pc + 1, now);
  }

  void jump(size_t pc, const Instruction& in, const State& now) {
    if (in.code == op::jmp) {
      const size_t to = size_t(u32(pc + 1 + in.k));
      if (in.k >> 31) line(pc, "go back to " + number(u32(to)));
      return arrive(to, now);
    }
    const size_t yes = pc + 1 + in.jt, no = pc + 1 + in.jf;
    line(pc, "if " + condition(in, now) + ": " + place(yes) + ", else " + place(no));
    arrive(yes, now), arrive(no, now);
  }

  std::string place(size_t to) const {
    const auto code = program_.instructions();
    const auto decides = [&] {
      return class_of(code[to].code) == op::ret || (class_of(code[to].code) == op::jmp && (code[to].code != op::jmp || code[to].k >> 31));
    };
    while (!decides()) to += 1 + (code[to].code == op::jmp ? code[to].k : 0);
    const Instruction& in = code[to];
    if (in.code == (op::ret | op::k)) return in.k ? "match" : "no match";
    return "go on at " + number(u32(to));
  }

  std::string condition(const Instruction& in, const State& now) const {
    if (operation_of(in.code) == op::jin) return (uses_x(in.code) ? "the address at " + now.a : now.a) + " is in " + set(in.k, now.a);
    const std::string value = uses_x(in.code) ? now.x : constant(now.a, in.k);
    switch (operation_of(in.code)) {
      case op::jeq: return now.a + " is " + value;
      case op::jgt: return now.a + " is more than " + value;
      case op::jge: return now.a + " is at least " + value;
      default: return now.a + " has any bit of " + (uses_x(in.code) ? now.x : number(in.k, 16));
    }
  }
  // How many members, and the lowest.
  std::string set(u32 index, const std::string& of) const {
    const Set& set = program_.sets().view()[index];
    std::string result = "set " + number(index) + " of ";
    if (set.words != 1) return result + number((set.count + 1) / 2) + " ranges of IPv6 addresses";
    u64 members = set.count % 2 ? u64{1} << 32 : 0;
    for (u32 i = 0; i < set.count; ++i) members += i % 2 ? set.bounds[i] : u64{} - set.bounds[i];
    return result + std::to_string(members) + (members == 1 ? " number" : " numbers") + ", the lowest " + constant(of, set.bounds[0]);
  }
  static std::string constant(const std::string& of, u32 k) {
    for (const auto& value : values)
      if (value.value == k && value.of == of) return std::string(value.name) + " (" + number(k, 16) + ')';
    if (of.starts_with("the IPv4 source") || of.starts_with("the IPv4 destination") || of.starts_with("the ARP")) return address(k);
    return k > 0xffff ? number(k, 16) : number(k);
  }

  std::string loaded(const Instruction& in, const State& now) const {
    switch (mode_of(in.code)) {
      case op::imm: return number(in.k);
      case op::len: return "the packet's length";
      case op::mem: return now.memory[in.k % memory_words];
      case op::msh: return "the IPv4 header length at " + number(in.k);
      case op::ind: return bytes(width_of(in.code)) + " at " + now.x + " + " + number(in.k);
      default: break;
    }
    if (in.k >= ancillary::base && in.k <= ancillary::last && in.k % 4 == 0) return std::string(beside[(in.k - ancillary::base) / 4]);
    for (const Known& known : places)
      if (known.link == program_.link_type() && known.offset == in.k && known.size == width_of(in.code)) return std::string(known.name);
    return bytes(width_of(in.code)) + " at " + number(in.k);
  }
  static std::string bytes(u32 width) { return width == 1 ? "the byte" : "the " + number(width) + " bytes"; }

  static std::string computed(const Instruction& in, const State& now) {
    constexpr std::string_view signs[] = {" + ", " - ", " * ", " / ", " | ", " & ", " << ", " >> ", "", " % ", " ^ "};
    if (operation_of(in.code) == op::neg) return "-(" + now.a + ')';
    const bool is_mask = operation_of(in.code) == op::and_ || operation_of(in.code) == op::or_ || operation_of(in.code) == op::xor_;
    const std::string right = uses_x(in.code) ? now.x : number(in.k, is_mask ? 16 : 10);
    std::string result = '(' + now.a;
    result += signs[operation_of(in.code) >> 4];
    result += right;
    return result.size() > 200 ? "a sum" : result + ')';
  }

  void arrive(size_t to, const State& now) {
    State& there = states_[to];
    if (!there.reached) {
      there = now;
      return;
    }
    const auto meet = [](std::string& mine, const std::string& other) {
      if (mine != other) mine = "what was computed before";
    };
    meet(there.a, now.a), meet(there.x, now.x);
    for (u32 word = 0; word < memory_words; ++word) meet(there.memory[word], now.memory[word]);
  }

  void line(size_t pc, const std::string& text) { out_ += number(u32(pc)) + ": " + text + '\n'; }

  const Program& program_;
  std::vector<State> states_;
  std::string out_;
};

}  // namespace

std::string explain(const Program& program) {
  if (program.accepts_all()) return "every packet matches\n";
  if (program.rejects_all()) return "no packet matches\n";
  return Explainer(program).run();
}

}  // namespace trawl::inline v0::bpf
