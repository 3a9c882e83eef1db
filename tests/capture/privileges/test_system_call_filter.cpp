// SPDX-License-Identifier: Apache-2.0 OR MIT
// The seccomp program, run by the library's own machine over what the kernel would show it.
#include <gtest/gtest.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <array>
#include <bit>
#include <cerrno>

#include "capture/linux/privileges/allowed_calls.hpp"
#include "capture/linux/privileges/system_call_filter.hpp"
#include "trawl/bpf/program.hpp"
#include "trawl/bpf/run.hpp"
#include "trawl/core/endian.hpp"

using namespace trawl;
using namespace trawl::linux_capture;

namespace {

constexpr u32 architecture = 0xc000'003e, refused = SECCOMP_RET_ERRNO | EPERM, unknown = SECCOMP_RET_ERRNO | ENOSYS;

u32 verdict(u32 call, std::array<u32, 6> arguments = {}, u32 of = architecture) {
  u8 data[64] = {};
  store_be<u32>(data, call);
  store_be<u32>(data + 4, of);
  for (size_t i = 0; i < 6; ++i) store_be<u32>(data + 16 + 8 * i + (std::endian::native == std::endian::big ? 4 : 0), arguments[i]);
  static const auto program = *bpf::Program::from(system_call_filter(architecture), LinkType::raw);
  return bpf::run(program.view(), Frame{.bytes = {data, sizeof data}, .original_length = sizeof data, .link = LinkType::raw});
}

TEST(SystemCallFilter, kills_calls_of_another_architecture) { EXPECT_EQ(verdict(SYS_write, {}, 0x4000'0003), SECCOMP_RET_KILL_PROCESS); }

TEST(SystemCallFilter, allows_what_is_on_its_list) {
  for (const u32 call : allowed_calls) EXPECT_EQ(verdict(call), SECCOMP_RET_ALLOW) << call;
}

TEST(SystemCallFilter, refuses_what_changes_the_machine_or_starts_programs) {
  for (const int call : {SYS_execve, SYS_ptrace, SYS_mount, SYS_setns, SYS_unshare, SYS_bpf, SYS_connect, SYS_accept4, SYS_kill,
                         SYS_init_module, SYS_process_vm_writev, SYS_keyctl, SYS_fchmodat, SYS_setuid})
    EXPECT_EQ(verdict(u32(call)), refused) << call;
}

TEST(SystemCallFilter, allows_some_uses_only) {
  std::array<u32, 6> thread{}, process{};
  thread[clone_flags_argument] = CLONE_THREAD | CLONE_VM | CLONE_SIGHAND;
  process[clone_flags_argument] = CLONE_VM | CLONE_VFORK;
  EXPECT_EQ(verdict(SYS_clone, thread), SECCOMP_RET_ALLOW);
  EXPECT_EQ(verdict(SYS_clone, process), refused);
  EXPECT_EQ(verdict(SYS_socket, {AF_NETLINK}), SECCOMP_RET_ALLOW);
  for (const int family : {AF_INET, AF_INET6, AF_PACKET, AF_UNIX, AF_XDP}) EXPECT_EQ(verdict(SYS_socket, {u32(family)}), refused) << family;
  EXPECT_EQ(verdict(SYS_ioctl, {1, TCGETS}), SECCOMP_RET_ALLOW);
  EXPECT_EQ(verdict(SYS_ioctl, {0, TIOCSTI}), refused);
  EXPECT_EQ(verdict(SYS_mprotect, {0, 4096, PROT_READ | PROT_WRITE}), SECCOMP_RET_ALLOW);
  EXPECT_EQ(verdict(SYS_mprotect, {0, 4096, PROT_READ | PROT_EXEC}), refused);
}

TEST(SystemCallFilter, answers_newer_calls_as_an_older_kernel_does) {
  EXPECT_EQ(verdict(SYS_clone3), unknown);
  EXPECT_EQ(verdict(451), unknown);
  EXPECT_EQ(verdict(0x4000'0001), unknown);
}

}  // namespace
