// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/capture/privileges.hpp"

#include <grp.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <thread>

#include "capture/own_network.hpp"
#include "trawl/capture/sender.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/core/switches.hpp"

using namespace trawl;
using namespace trawl::testing_network;

namespace {

/// A line of /proc/self/status.
std::string status(std::string_view name) {
  std::ifstream file("/proc/thread-self/status");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(name) && line[name.size()] == ':') return line.substr(line.find_first_not_of(" \t", name.size() + 1));
  return {};
}

/// Not in a user namespace that knows one user.
bool may_set_groups() { return ::setgroups(0, nullptr) == 0; }

void expect_that_packets_flow(Capture& capture, Sender& sender, const Wire& wire) {
  capture.set_timeout(std::chrono::milliseconds(150));
  wire.send_numbered(0, 100);
  EXPECT_EQ(numbers_until_idle(capture).size(), 100u);
  const bpf::Instruction code[] = {bpf::statement(bpf::op::ret | bpf::op::k, 0)};
  EXPECT_TRUE(capture.set_filter(*bpf::Program::from(code, LinkType::ethernet)));
  wire.send_numbered(100, 10);
  EXPECT_TRUE(numbers_until_idle(capture).empty());
  const auto frame = numbered(7);
  EXPECT_TRUE(sender.send(Bytes{frame.data(), frame.size()}));
  EXPECT_EQ(capture.statistics().captured, 100u);
  EXPECT_EQ(sender.statistics().packets, 1u);
  capture.stop();
  while (auto batch = capture.drain())
    if (!*batch) break;
  capture.rearm();
  EXPECT_TRUE(capture.close());
  EXPECT_TRUE(sender.close());
}

/// In a network of its own: opens a capture and a sender, has `give_up` take rights away, and expects that they do all they
/// could before.
void expect_that_packets_flow_after(const std::function<void()>& give_up) {
  in_own_network([&] {
    make_pair("left", "right");
    auto capture = Capture::open("right");
    auto sender = Sender::open("right");
    ASSERT_TRUE(capture && sender);
    const Wire wire("left");
    give_up();
    if (!testing::Test::HasFatalFailure()) expect_that_packets_flow(*capture, *sender, wire);
  });
}

TEST(Privileges, nothing_that_is_open_needs_them) {
  expect_that_packets_flow_after([] {
    const auto dropped = drop_privileges();
    ASSERT_TRUE(dropped) << describe(dropped.error());
    for (const auto* set : {"CapEff", "CapPrm", "CapInh", "CapAmb"}) EXPECT_EQ(status(set), "0000000000000000") << set;
    EXPECT_EQ(status("NoNewPrivs"), "1");
    EXPECT_EQ(Capture::open("right").error().reason, Reason::no_permission);
  });
}

TEST(Privileges, files_of_others_can_stay_open_to_root) {
  in_own_network([] {
    ASSERT_TRUE(drop_privileges({.file_rights = FileRights::write}));
    EXPECT_EQ(status("CapEff"), "0000000000000002");
    ASSERT_TRUE(drop_privileges({.file_rights = FileRights::read}));
    EXPECT_EQ(status("CapEff"), "0000000000000000") << "what is gone does not come back";
  });
}

TEST(Privileges, another_user_has_its_groups_and_cannot_come_back) {
  expect_that_packets_flow_after([] {
    if (!may_set_groups()) skip_here();
    const auto dropped = drop_privileges({.user = "nobody"});
    ASSERT_TRUE(dropped) << describe(dropped.error());
    EXPECT_NE(::getuid(), 0u);
    EXPECT_NE(::getgid(), 0u);
    EXPECT_LT(::setuid(0), 0);
    EXPECT_LT(::setgid(0), 0);
    EXPECT_EQ(status("CapEff"), "0000000000000000");
    EXPECT_TRUE(drop_privileges({.user = std::to_string(::getuid())})) << "it is that user already";
  });
}

TEST(Privileges, says_that_a_user_is_unknown_or_another_one_not_allowed) {
  const auto unknown = drop_privileges({.user = "no such user"});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().operation, Operation::drop_privileges);
  EXPECT_EQ(unknown.error().reason, Reason::unknown_name);
  in_own_network([] {
    ASSERT_TRUE(drop_privileges());
    const auto refused = drop_privileges({.user = "nobody"});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, Reason::no_permission);
    if (TRAWL_WITH_ERROR_TEXT) { EXPECT_NE(describe(refused.error()).find("only root"), std::string::npos) << describe(refused.error()); }
  });
}

#if defined(__has_feature)
#  if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#    define TRAWL_SANITIZED 1
#  endif
#endif
#if defined(TRAWL_SANITIZED) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

TEST(SystemCallRestriction, leaves_what_captures_files_and_threads_need_and_refuses_the_rest) {
  if (sanitized) GTEST_SKIP() << "sanitizers look at memory by system calls";
  expect_that_packets_flow_after([] {
    const auto restricted = restrict_system_calls();
    if (!restricted && restricted.error().reason == Reason::not_supported) skip_here();
    ASSERT_TRUE(restricted) << describe(restricted.error());
    EXPECT_EQ(status("Seccomp"), "2");
    bool ran = false;
    std::thread([&] { ran = status("Seccomp") == "2"; }).join();
    EXPECT_TRUE(ran);
    EXPECT_LT(::fork(), 0);
    EXPECT_EQ(errno, EPERM);
    EXPECT_LT(::execl("/bin/true", "true", nullptr), 0);
    EXPECT_EQ(errno, EPERM);
    EXPECT_LT(::socket(AF_INET, SOCK_STREAM, 0), 0);
    EXPECT_EQ(errno, EPERM);
    EXPECT_EQ(::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), MAP_FAILED);
  });
}

}  // namespace
