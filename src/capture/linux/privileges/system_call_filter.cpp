// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/privileges/system_call_filter.hpp"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <bit>
#include <cerrno>
#include <cstddef>

#include "capture/linux/privileges/allowed_calls.hpp"

namespace trawl::inline v0::linux_capture {
namespace {

using namespace bpf;

/// Numbers up to here are answered with EPERM when they are not allowed. Newer ones, the same on every architecture, are
/// answered as by a kernel without them, so that a newer libc takes the older way.
constexpr u32 newest_refused = 450;

constexpr u32 number_at = offsetof(seccomp_data, nr), architecture_at = offsetof(seccomp_data, arch);
constexpr u32 low_half = std::endian::native == std::endian::big ? 4 : 0;
constexpr u32 argument_at(u32 index) { return u32(offsetof(seccomp_data, args)) + 8 * index + low_half; }

class Builder {
 public:
  void load(u32 offset) { code.push_back(statement(op::ld | op::word | op::abs, offset)); }
  void answer(u32 verdict) { code.push_back(statement(op::ret | op::k, verdict)); }
  /// The instructions that `body` makes run only if A compares so with `value`; they do not come back.
  template <class Body> void when(u16 comparison, u32 value, Body body) {
    const size_t at = code.size();
    code.push_back(jump(op::jmp | comparison | op::k, value, 0, 0));
    body();
    code[at].jf = u8(code.size() - at - 1);
  }
  void allow_all_of(std::span<const u32> values) {
    for (const u32 value : values) when(op::jeq, value, [&] { answer(SECCOMP_RET_ALLOW); });
    answer(refusal);
  }

  static constexpr u32 refusal = SECCOMP_RET_ERRNO | EPERM, unknown = SECCOMP_RET_ERRNO | ENOSYS;
  std::vector<Instruction> code;
};

/// Calls of which only some uses are allowed.
void add_conditions(Builder& to) {
  to.when(op::jeq, SYS_socket, [&] {
    to.load(argument_at(0));
    to.allow_all_of(std::array{u32{AF_NETLINK}});
  });
  to.when(op::jeq, SYS_ioctl, [&] {  // whether it is a terminal, and how wide
    to.load(argument_at(1));
    to.allow_all_of(std::array{u32(TCGETS), u32(TIOCGWINSZ)});
  });
  const auto unless_set = [&](u32 argument, u32 bits) {
    to.load(argument_at(argument));
    to.when(op::jset, bits, [&] { to.answer(Builder::refusal); });
    to.answer(SECCOMP_RET_ALLOW);
  };
  to.when(op::jeq, SYS_mprotect, [&] { unless_set(2, PROT_EXEC); });
  if (map_call) to.when(op::jeq, *map_call, [&] { unless_set(2, PROT_EXEC); });
  to.when(op::jeq, SYS_clone, [&] {  // threads only
    to.load(argument_at(clone_flags_argument));
    to.when(op::jset, CLONE_THREAD, [&] { to.answer(SECCOMP_RET_ALLOW); });
    to.answer(Builder::refusal);
  });
  to.when(op::jeq, SYS_clone3, [&] { to.answer(Builder::unknown); });  // its flags lie in memory: clone(2) is the other way
}

}  // namespace

std::optional<u32> system_call_architecture() { return audit_architecture; }

std::vector<Instruction> system_call_filter(u32 architecture) {
  Builder filter;
  filter.load(architecture_at);
  filter.when(op::jeq, architecture, [&] {
    filter.load(number_at);
    filter.code.push_back(jump(op::jmp | op::ja, 1, 0, 0));
  });
  filter.answer(SECCOMP_RET_KILL_PROCESS);  // its numbers mean other calls
  for (const u32 call : allowed_calls) filter.when(op::jeq, call, [&] { filter.answer(SECCOMP_RET_ALLOW); });
  add_conditions(filter);
  filter.when(op::jgt, newest_refused, [&] { filter.answer(Builder::unknown); });
  filter.answer(Builder::refusal);
  return std::move(filter.code);
}

}  // namespace trawl::inline v0::linux_capture
