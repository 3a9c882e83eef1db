// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Rights that a program gives up once its captures and senders are open: those go on working (docs/privileges.md).
#pragma once
#include <string>

#include "trawl/core/error.hpp"

namespace trawl::inline v0 {

/// What is kept of root's right to the files of others.
enum class FileRights : u8 {
  none,
  read,   ///< CAP_DAC_READ_SEARCH
  write,  ///< CAP_DAC_OVERRIDE: to read as well
};

struct PrivilegeOptions {
  std::string user = {};  ///< become this user, by name or number, with its groups; empty: stay who we are
  FileRights file_rights = FileRights::none;  ///< only where `user` is empty, and as far as they are there
};

/// Takes all capabilities from the calling thread and from the threads and programs that it will start, for good
/// (PR_SET_NO_NEW_PRIVS). Open captures and senders still give packets, statistics and new filters; nothing can be opened
/// any more. What was done is asked of the kernel again.
/// @pre no other thread is running: those that are keep their capabilities, not their user
/// @return Operation::drop_privileges with unknown_name (no such user), no_permission (only root becomes another user)
TRAWL_API Result<void> drop_privileges(const PrivilegeOptions& options = {});

/// A seccomp filter over all threads of the process (seccomp(2), TSYNC): what open captures, senders, files and threads
/// need goes on, all else fails with EPERM, or ENOSYS where a libc knows another way. No program can be started, no memory
/// be made executable, and of new sockets there are only netlink's. It cannot be taken off.
/// @return not_supported where the kernel has no seccomp or this architecture's calls are not known here
TRAWL_API Result<void> restrict_system_calls();

}  // namespace trawl::inline v0
