// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "capture/linux/privileges/system_call_filter.hpp"
#include "capture/linux/system_error.hpp"
#include "trawl/capture/privileges.hpp"

namespace trawl::inline v0 {

Result<void> restrict_system_calls() {
  const auto architecture = linux_capture::system_call_architecture();
  if (!architecture) return fail(Operation::drop_privileges, Reason::not_supported, "seccomp on this architecture");
  auto filter = linux_capture::system_call_filter(*architecture);
  static_assert(sizeof(sock_filter) == sizeof(bpf::Instruction));
  const sock_fprog program{.len = u16(filter.size()), .filter = reinterpret_cast<sock_filter*>(filter.data())};
  const auto failed = [](std::string_view call, int code) {
    auto error = linux_capture::system_error(Operation::drop_privileges, {}, call, code);
    if (code == ENOSYS || code == EINVAL) error.reason = Reason::not_supported;
    return fail(error);
  };
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return failed("PR_SET_NO_NEW_PRIVS", errno);
  const long answer = ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
  if (answer > 0) return failed("a thread has a seccomp filter of its own", EBUSY);
  if (answer < 0) return failed("seccomp", errno);
  return {};
}

}  // namespace trawl::inline v0
