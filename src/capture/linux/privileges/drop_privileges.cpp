// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <vector>

#include "capture/linux/system_error.hpp"
#include "trawl/capture/privileges.hpp"

namespace trawl::inline v0 {
namespace {

struct User {
  std::string name;
  uid_t uid;
  gid_t gid;
};

Result<void> failed(std::string_view call) { return fail(linux_capture::system_error(Operation::drop_privileges, {}, call, errno)); }

Result<User> find_user(const std::string& wanted) {
  passwd entry{}, *found = nullptr;
  std::vector<char> texts(1024);
  uid_t number = 0;
  const char* const end = wanted.data() + wanted.size();
  const auto parsed = std::from_chars(wanted.data(), end, number);
  const bool by_number = parsed.ec == std::errc() && parsed.ptr == end;
  for (;;) {
    const int code = by_number ? ::getpwuid_r(number, &entry, texts.data(), texts.size(), &found)
                               : ::getpwnam_r(wanted.c_str(), &entry, texts.data(), texts.size(), &found);
    if (code != ERANGE || texts.size() > (1u << 20)) break;
    texts.resize(2 * texts.size());
  }
  if (!found) return fail(Operation::drop_privileges, Reason::unknown_name, "for user " + wanted);
  return User{found->pw_name, found->pw_uid, found->pw_gid};
}

bool is_user(const User& user) {
  uid_t real, effective, saved;
  gid_t real_group, effective_group, saved_group;
  ::getresuid(&real, &effective, &saved);
  ::getresgid(&real_group, &effective_group, &saved_group);
  return real == user.uid && effective == user.uid && saved == user.uid && real_group == user.gid && effective_group == user.gid &&
         saved_group == user.gid;
}

Result<void> become(const User& user) {
  if (is_user(user) && user.uid != 0) return {};
  if (::initgroups(user.name.c_str(), user.gid) < 0) return failed("initgroups");
  if (::setresgid(user.gid, user.gid, user.gid) < 0) return failed("setresgid");
  if (::setresuid(user.uid, user.uid, user.uid) < 0) return failed("setresuid");
  const bool back = user.uid != 0 && ::setuid(0) == 0;
  if (back || !is_user(user)) return fail(Operation::drop_privileges, Reason::system, "the kernel left root's user");
  return {};
}

/// In all sets of the thread.
Result<void> keep_only(u64 wanted) {
  __user_cap_header_struct head{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  __user_cap_data_struct sets[2] = {};
  if (::syscall(SYS_capget, &head, sets) < 0) return failed("capget");
  for (u32 i = 0; i < 2; ++i) {
    const u32 kept = sets[i].permitted & u32(wanted >> 32 * i);
    sets[i] = {.effective = kept, .permitted = kept, .inheritable = 0};
  }
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);  // before Linux 4.3 there are none
  if (::syscall(SYS_capset, &head, sets) < 0) return failed("capset");
  __user_cap_data_struct now[2] = {};
  if (::syscall(SYS_capget, &head, now) < 0) return failed("capget");
  if (now[0].permitted != sets[0].permitted || now[1].permitted != sets[1].permitted)
    return fail(Operation::drop_privileges, Reason::system, "the kernel left capabilities");
  return {};
}

u64 bit(u32 capability) { return u64{1} << capability; }

}  // namespace

Result<void> drop_privileges(const PrivilegeOptions& options) {
  u64 kept = 0;
  if (options.user.empty()) {
    if (options.file_rights == FileRights::read) kept = bit(CAP_DAC_READ_SEARCH);
    if (options.file_rights == FileRights::write) kept = bit(CAP_DAC_OVERRIDE);
  } else {
    const auto user = find_user(options.user);
    if (!user) return fail(user.error());
    if (auto become_it = become(*user); !become_it) return become_it;
  }
  if (auto dropped = keep_only(kept); !dropped) return dropped;
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return failed("PR_SET_NO_NEW_PRIVS");
  return {};
}

}  // namespace trawl::inline v0
