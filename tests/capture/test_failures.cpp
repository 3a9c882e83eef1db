// SPDX-License-Identifier: Apache-2.0 OR MIT
// Every call that opening makes is refused once, by a model of the kernel in front of the real one.
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <malloc.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "capture/linux/packet_capture.hpp"
#include "capture/own_network.hpp"
#include "trawl/capture/sender.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/core/switches.hpp"

using namespace trawl;
using namespace trawl::linux_capture;
using namespace trawl::testing_network;

#if defined(__has_feature)
#  if __has_feature(address_sanitizer)
#    define TRAWL_ASAN 1
#  endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(TRAWL_ASAN)
extern "C" size_t __sanitizer_get_current_allocated_bytes();
#endif

namespace {

/// What the model refuses.
struct Refusal {
  int level = -1, option = -1;  ///< of setsockopt
  const char* call = "";
  int domain = -1;
  int code = 0;
  int times = 1 << 20;
} refusal;

bool refused(const char* call) {
  if (refusal.call != std::string_view(call) || refusal.times-- <= 0) return false;
  errno = refusal.code;
  return true;
}

SystemCalls model() {
  auto calls = real_system_calls();
  calls.socket = [](int domain, int type, int protocol) {
    return domain == refusal.domain && refused("socket") ? -1 : ::socket(domain, type, protocol);
  };
  calls.bind = [](int fd, const sockaddr* address, socklen_t size) {
    return address->sa_family == refusal.domain && refused("bind") ? -1 : ::bind(fd, address, size);
  };
  calls.setsockopt = [](int fd, int level, int option, const void* value, socklen_t size) {
    return level == refusal.level && option == refusal.option && refused("setsockopt") ? -1 : ::setsockopt(fd, level, option, value, size);
  };
  calls.map = [](int fd, size_t size) -> void* { return refused("map") ? nullptr : real_system_calls().map(fd, size); };
  calls.epoll = [] { return refused("epoll") ? -1 : real_system_calls().epoll(); };
  calls.poll = [](pollfd* fds, nfds_t count, const timespec* t) { return refused("poll") ? -1 : real_system_calls().poll(fds, count, t); };
  calls.receive = [](int fd, void* data, size_t size, int flags) -> ssize_t {
    return refused("receive") ? -1 : ::recv(fd, data, size, flags);
  };
  return calls;
}

struct Case {
  Refusal refusal;
  Operation operation;
  Reason reason;
  const char* text;  ///< must be in what describe() says
};

TEST(CaptureFailure, names_operation_reason_and_remedy_for_every_refused_call_and_leaks_nothing) {
  in_own_network([] {
    make_pair("left", "right");
    static const auto calls = model();
    const Case cases[] = {
        {{.call = "socket", .domain = AF_PACKET, .code = EPERM}, Operation::open_interface, Reason::no_permission, "CAP_NET_RAW"},
        {{.call = "socket", .domain = AF_PACKET, .code = EAFNOSUPPORT}, Operation::open_interface, Reason::not_supported, "socket"},
        {{.call = "socket", .domain = AF_PACKET, .code = EMFILE}, Operation::open_interface, Reason::system, "Too many open files"},
        {{.call = "bind", .domain = AF_PACKET, .code = ENODEV}, Operation::open_interface, Reason::unknown_interface, "left"},
        {{.call = "bind", .domain = AF_NETLINK, .code = ENOBUFS}, Operation::list_interfaces, Reason::system, "subscription"},
        {{SOL_PACKET, PACKET_ADD_MEMBERSHIP, "setsockopt", -1, ENOBUFS},
         Operation::open_interface,
         Reason::system,
         "PACKET_ADD_MEMBERSHIP"},
        {{SOL_SOCKET, SO_ATTACH_FILTER, "setsockopt", -1, EINVAL}, Operation::attach_filter, Reason::system, "SO_ATTACH_FILTER"},
        {{SOL_SOCKET, SO_ATTACH_FILTER, "setsockopt", -1, EPERM}, Operation::attach_filter, Reason::no_permission, "right"},
        {{SOL_PACKET, PACKET_VERSION, "setsockopt", -1, EINVAL}, Operation::open_interface, Reason::system, "PACKET_VERSION"},
        {{SOL_PACKET, PACKET_RESERVE, "setsockopt", -1, EINVAL}, Operation::open_interface, Reason::system, "PACKET_RESERVE"},
        {{SOL_PACKET, PACKET_RX_RING, "setsockopt", -1, ENOMEM}, Operation::open_interface, Reason::no_memory, "PACKET_RX_RING"},
        {{SOL_PACKET, PACKET_RX_RING, "setsockopt", -1, EINVAL}, Operation::open_interface, Reason::system, "PACKET_RX_RING"},
        {{.call = "map", .code = ENOMEM}, Operation::open_interface, Reason::no_memory, "mmap"},
        {{.call = "epoll", .code = EMFILE}, Operation::open_interface, Reason::system, "epoll"},
        {{.call = "receive", .code = ENOMEM}, Operation::list_interfaces, Reason::no_memory, "netlink"},
    };
    const size_t before = open_descriptors();
    for (const auto& test : cases) {
      refusal = test.refusal;
      const auto ring = PacketCapture::open(calls, "right", {.method = CaptureMethod::ring});
      refusal = {};
      ASSERT_FALSE(ring) << test.text;
      const auto text = describe(ring.error());
      EXPECT_EQ(ring.error().operation, test.operation) << text;
      EXPECT_EQ(ring.error().reason, test.reason) << text;
      EXPECT_EQ(ring.error().system_error, test.refusal.code) << text;
      if (TRAWL_WITH_ERROR_TEXT) { EXPECT_NE(text.find(test.text), std::string::npos) << text << "\nlacks " << test.text; }
      EXPECT_EQ(open_descriptors(), before) << text;
    }
  });
}

TEST(CaptureFailure, takes_a_smaller_ring_when_memory_is_short_and_says_so) {
  in_own_network([] {
    make_pair("left", "right");
    static const auto calls = model();
    refusal = {.level = SOL_PACKET, .option = PACKET_RX_RING, .call = "setsockopt", .code = ENOMEM, .times = 3};
    auto ring = PacketCapture::open(calls, "right", {});
    refusal = {};
    ASSERT_TRUE(ring) << describe(ring.error());
    ASSERT_EQ((*ring)->warnings().count(), 1u);
    EXPECT_EQ((*ring)->warnings().first()[0].reason, Reason::no_memory);
    EXPECT_NE(describe((*ring)->warnings().first()[0]).find("4096 KiB"), std::string::npos);
    Wire("left").send_numbered(1, 1);
    const auto batch = (*ring)->next();
    ASSERT_TRUE(batch && *batch && (*batch)->size() == 1);
  });
}

TEST(CaptureFailure, reads_the_socket_where_there_is_no_ring_at_all_and_says_so) {
  in_own_network([] {
    make_pair("left", "right");
    static const auto calls = model();
    const Refusal refusals[] = {{.level = SOL_PACKET, .option = PACKET_RX_RING, .call = "setsockopt", .code = ENOMEM},
                                {.level = SOL_PACKET, .option = PACKET_VERSION, .call = "setsockopt", .code = EINVAL},
                                {.call = "map", .code = ENOMEM}};
    for (const auto& each : refusals) {
      refusal = each;
      auto capture = PacketCapture::open(calls, "right", {.buffer_bytes = 64 << 10, .timeout = std::chrono::milliseconds(100)});
      refusal = {};
      ASSERT_TRUE(capture) << describe(capture.error());
      ASSERT_GE((*capture)->warnings().count(), 1u);
      if (TRAWL_WITH_ERROR_TEXT) { EXPECT_NE(describe((*capture)->warnings().first()[0]).find("queue instead"), std::string::npos); }
      Wire("left").send_numbered(0, 10);
      u64 numbers = 0;
      while (numbers < 10) {
        const auto batch = (*capture)->next();
        ASSERT_TRUE(batch && *batch && !(*batch)->empty());
        for (const auto& frame : **batch) EXPECT_EQ(number_of(frame.bytes), numbers++);
      }
    }
  });
}

TEST(CaptureFailure, filters_here_what_the_kernel_has_no_memory_or_no_option_for) {
  in_own_network([] {
    make_pair("left", "right");
    static const auto calls = model();
    const bpf::Instruction code[] = {bpf::statement(bpf::op::ld | bpf::op::byte | bpf::op::abs, 21),
                                     bpf::jump(bpf::op::jmp | bpf::op::jset | bpf::op::k, 1, 0, 1),
                                     bpf::statement(bpf::op::ret | bpf::op::k, 100), bpf::statement(bpf::op::ret | bpf::op::k, 0)};
    refusal = {.level = SOL_SOCKET, .option = SO_ATTACH_FILTER, .call = "setsockopt", .code = ENOMEM, .times = 1};
    auto ring = PacketCapture::open(calls, "right", {.filter = *bpf::Program::from(code, LinkType::ethernet)});
    ASSERT_TRUE(ring) << describe(ring.error());
    refusal = {.level = SOL_PACKET, .option = PACKET_IGNORE_OUTGOING, .call = "setsockopt", .code = ENOPROTOOPT};
    auto in = PacketCapture::open(calls, "right", {.direction = CaptureDirection::in});
    ASSERT_TRUE(in) << describe(in.error());
    refusal = {};
    Wire("left").send_numbered(0, 10, 200);
    Wire("right").send_numbered(100, 1);
    const auto count = [](PacketCapture& from, size_t kept) {
      from.set_timeout(std::chrono::milliseconds(100));
      size_t frames = 0;
      for (;;) {
        const auto batch = from.next();
        if (!batch || !*batch || (*batch)->empty()) return frames;
        frames += (*batch)->size();
        for (const auto& frame : **batch) EXPECT_EQ(frame.bytes.size, kept);
      }
    };
    EXPECT_EQ(count(**ring, 100), 5u);
    EXPECT_EQ((*ring)->statistics().filtered, 6u);
    EXPECT_EQ((*ring)->statistics().captured, 11u);
    EXPECT_EQ(count(**in, 200), 10u);
    EXPECT_EQ((*in)->statistics().received, 10u);
  });
}

TEST(CaptureFailure, ends_a_wait_that_the_kernel_refuses) {
  in_own_network([] {
    make_pair("left", "right");
    static const auto calls = model();
    auto ring = PacketCapture::open(calls, "right", {});
    ASSERT_TRUE(ring);
    refusal = {.call = "poll", .code = ENOMEM};
    auto batch = (*ring)->next();
    ASSERT_FALSE(batch);
    EXPECT_EQ(batch.error().reason, Reason::no_memory);
    batch = (*ring)->next();
    ASSERT_TRUE(batch);
    EXPECT_FALSE(*batch);
  });
}

TEST(CaptureFailure, says_which_capability_is_missing) {
  in_own_network([] {
    make_pair("left", "right");
    __user_cap_header_struct head{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    __user_cap_data_struct none[2] = {};
    ASSERT_EQ(::syscall(SYS_capset, &head, none), 0);
    const auto capture = Capture::open("right");
    ASSERT_FALSE(capture);
    EXPECT_EQ(capture.error().reason, Reason::no_permission);
    EXPECT_EQ(capture.error().system_error, EPERM);
    EXPECT_EQ(capture.error().detail_view(), "right");
    const auto text = describe(capture.error());
    if (TRAWL_WITH_ERROR_TEXT) {
      EXPECT_NE(text.find("CAP_NET_RAW"), std::string::npos) << text;
      EXPECT_NE(text.find("setcap"), std::string::npos) << text;
    }
    const auto sender = Sender::open("right");
    ASSERT_FALSE(sender);
    EXPECT_EQ(sender.error().reason, Reason::no_permission);
    EXPECT_TRUE(interfaces()) << "listing needs no privilege";
    EXPECT_EQ(Capture::open("nosuch0").error().reason, Reason::unknown_interface);
  });
}

TEST(CaptureFailure, has_no_adapter_time_where_there_is_no_such_clock_and_takes_it_where_there_is) {
  in_own_network([] {
    make_pair("left", "right");
    for (const auto method : {CaptureMethod::ring, CaptureMethod::socket}) {
      for (const auto type : {TimeStampType::adapter, TimeStampType::adapter_unsynced}) {
        const auto capture = Capture::open("right", {.method = method, .time_stamps = type});
        ASSERT_FALSE(capture);
        EXPECT_EQ(capture.error().reason, Reason::not_supported) << describe(capture.error());
      }
      static auto calls = model();
      calls.start_clock = [](int, const char*) { return 0; };
      auto capture = PacketCapture::open(calls, "right", {.method = method, .time_stamps = TimeStampType::adapter_unsynced});
      ASSERT_TRUE(capture) << describe(capture.error());
      Wire("left").send_numbered(1, 1);
      const auto batch = (*capture)->next();
      ASSERT_TRUE(batch && *batch && (*batch)->size() == 1);
      EXPECT_GT((**batch)[0].time.nanoseconds, 1'700'000'000'000'000'000) << "what has no such time keeps the kernel's";
    }
  });
}

TEST(CaptureFailure, refuses_options_that_cannot_be) {
  in_own_network([] {
    make_pair("left", "right");
    const auto capture = Capture::open("right", {.buffer_bytes = ~size_t{}});
    ASSERT_FALSE(capture);
    EXPECT_EQ(capture.error().reason, Reason::invalid_option);
    auto smallest = Capture::open("right", {.buffer_bytes = 0});
    EXPECT_TRUE(smallest) << describe(smallest.error());
  });
}

/// What the process has asked for and not given back; 0 where nobody counts.
size_t allocated() {
#if defined(__SANITIZE_ADDRESS__) || defined(TRAWL_ASAN)
  return __sanitizer_get_current_allocated_bytes();
#else
  return ::mallinfo2().uordblks;
#endif
}
size_t mappings() {
  std::ifstream file("/proc/self/maps");
  return size_t(std::count(std::istreambuf_iterator<char>(file), {}, '\n'));
}

void open_and_close(int times) {
  in_own_network(
      [times] {
        make_pair("left", "right");
        size_t descriptors = 0, memory = 0, maps = 0;
        for (int i = -10; i < times; ++i) {
          if (i == 0) descriptors = open_descriptors(), maps = mappings(), memory = allocated();
          auto capture = Capture::open("right", {.buffer_bytes = 1 << 20});
          ASSERT_TRUE(capture) << describe(capture.error());
          auto moved = *std::move(capture);
          if (i % 2) { ASSERT_TRUE(moved.close()); }
        }
        EXPECT_LE(allocated(), memory + 4096);
        EXPECT_LE(mappings(), maps + 16) << "more than the allocator's own, a sanitizer's included";
        EXPECT_EQ(open_descriptors(), descriptors);
      },
      3000);
}
TEST(CaptureDescriptors, stay_as_many_over_300_captures) { open_and_close(300); }
TEST(CaptureDescriptorsFull, stay_as_many_over_10000_captures) { open_and_close(10'000); }

}  // namespace
