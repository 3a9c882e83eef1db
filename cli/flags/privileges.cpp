// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/flags/privileges.hpp"

#include "trawl/core/describe.hpp"

namespace cli {
namespace {

// Sanitizers ask for more at the end than a capture does.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
#  if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
constexpr bool sanitized = true;
#  else
constexpr bool sanitized = false;
#  endif
#else
constexpr bool sanitized = false;
#endif

}  // namespace

void Privileges::declare(CLI::App& command) {
  command.add_option("-Z", user_, "become USER when the interface is open, before files are")->type_name("USER");
}

Status Privileges::drop_before_files() const {
  if (user_.empty()) return Status::done;
  const auto dropped = trawl::drop_privileges({.user = user_});
  return dropped ? Status::done : report(dropped.error());
}

Status Privileges::drop_the_rest(trawl::FileRights rights, StartsPrograms starts) const {
  if (starts == StartsPrograms::yes) return Status::done;
  if (user_.empty())
    if (const auto dropped = trawl::drop_privileges({.file_rights = rights}); !dropped) return report(dropped.error());
  if (sanitized) return Status::done;
  const auto restricted = trawl::restrict_system_calls();
  if (restricted) return Status::done;
  if (restricted.error().reason != trawl::Reason::not_supported) return report(restricted.error());
  if (!user_.empty()) say("warning: " + trawl::describe(restricted.error()));
  return Status::done;
}

}  // namespace cli
