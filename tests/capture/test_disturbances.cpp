// SPDX-License-Identifier: Apache-2.0 OR MIT
// What happens to a capture from outside: its process is stopped, its interface or the clock goes elsewhere, its file fills up.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/if_packet.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "capture/back_ends.hpp"
#include "capture/linux/packet_capture.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/file/file_writer.hpp"

using namespace trawl;
using namespace trawl::linux_capture;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

/// Reads until the number `last` came. @return whether all numbers from 0 on came in order, and none was dropped
bool reads_all(Capture& capture, u64 last) {
  for (u64 expected = 0; expected <= last;) {
    const auto batch = capture.next();
    if (!batch || !*batch) return false;
    for (const auto& frame : **batch)
      if (number_of(frame.bytes) != expected++) return false;
  }
  return capture.statistics().dropped_kernel == 0;
}

TEST(CaptureDisturbed, loses_nothing_while_its_process_is_stopped_for_a_second) {
  in_own_network([] {
    make_pair("left", "right");
    constexpr u64 before = 1000, meanwhile = 30'000, after = 100;
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    const pid_t reader = ::fork();
    ASSERT_GE(reader, 0);
    if (reader == 0) {
      auto capture = Capture::open("right");
      const char byte = capture ? 'y' : 'n';
      if (::write(ready[1], &byte, 1) != 1 || !capture) ::_exit(2);
      ::_exit(reads_all(*capture, before + meanwhile + after - 1) ? 0 : 1);
    }
    char byte = 0;
    ASSERT_EQ(::read(ready[0], &byte, 1), 1);
    ASSERT_EQ(byte, 'y');
    const Wire wire("left");
    wire.send_numbered(0, before);
    ASSERT_EQ(::kill(reader, SIGSTOP), 0);
    const auto start = std::chrono::steady_clock::now();
    for (u64 i = 0; i < 100; ++i) {
      wire.send_numbered(before + i * meanwhile / 100, meanwhile / 100);
      std::this_thread::sleep_until(start + (i + 1) * 10ms);
    }
    ASSERT_EQ(::kill(reader, SIGCONT), 0);
    wire.send_numbered(before + meanwhile, after);
    int status = 0;
    ASSERT_EQ(::waitpid(reader, &status, 0), reader);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
  });
}

TEST(CaptureDisturbed, ends_when_its_interface_goes_to_another_network_after_what_was_queued) {
  with_capture({}, [](Capture& capture, const Wire& wire) {
    wire.send_numbered(0, 500);
    const OtherNetwork elsewhere;
    move_link("right", elsewhere.fd());
    u64 expected = 0;
    for (;;) {
      const auto batch = capture.next();
      if (!batch) {
        EXPECT_EQ(batch.error().reason, Reason::interface_gone) << describe(batch.error());
        break;
      }
      ASSERT_TRUE(*batch);
      for (const auto& frame : **batch) ASSERT_EQ(number_of(frame.bytes), expected++);
    }
    EXPECT_EQ(expected, 500u);
    EXPECT_EQ(capture.statistics().delivered, 500u);
  });
}

/// The ring as the library has mapped it.
u8* mapped = nullptr;

TEST(CaptureDisturbed, hands_packets_over_in_their_order_when_the_clock_is_set_back) {
  in_own_network([] {
    make_pair("left", "right");
    static auto calls = real_system_calls();
    calls.map = [](int fd, size_t size) -> void* {
      void* memory = real_system_calls().map(fd, size);
      mapped = static_cast<u8*>(memory);
      return memory;
    };
    auto ring = PacketCapture::open(calls, "right", {.method = CaptureMethod::ring});
    ASSERT_TRUE(ring) << describe(ring.error());
    Wire("left").send_numbered(0, 5);
    auto* block = reinterpret_cast<tpacket_block_desc*>(mapped);
    for (int i = 0; i < 5000 && !(__atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER); ++i) ::usleep(1000);
    ASSERT_EQ(block->hdr.bh1.num_pkts, 5u);
    // As if somebody had set the clock back by an hour behind the second packet.
    u8* at = mapped + block->hdr.bh1.offset_to_first_pkt;
    for (u32 i = 0; i < 5; ++i) {
      auto* packet = reinterpret_cast<tpacket3_hdr*>(at);
      if (i >= 2) packet->tp_sec -= 3600;
      at += packet->tp_next_offset;
    }
    const auto batch = (*ring)->next();
    ASSERT_TRUE(batch && *batch);
    ASSERT_EQ((*batch)->size(), 5u);
    for (u32 i = 0; i < 5; ++i) EXPECT_EQ(number_of((**batch)[i].bytes), i);
    EXPECT_LT((**batch)[2].time.nanoseconds - (**batch)[1].time.nanoseconds, -3'500'000'000'000);
    EXPECT_LT((**batch)[2].time, (**batch)[4].time);
    (*ring)->set_timeout(20ms);
    const auto idle = (*ring)->next();
    ASSERT_TRUE(idle && *idle) << "times out by the clock that nobody sets";
    EXPECT_TRUE((*idle)->empty());
  });
}

/// Captures into a file until writing fails. @return the error, and how many packets the writer was given
std::pair<Error, u64> write_until_refused(Capture& capture, FileWriter writer, const Wire& wire) {
  u64 given = 0;
  for (int round = 0; round < 1000; ++round) {
    wire.send_numbered(0, 200, 1000);
    const auto batch = capture.next();
    if (!batch || !*batch) break;
    given += (*batch)->size();
    if (const auto written = writer.write(**batch, capture.interfaces()); !written) return {written.error(), given};
    if (const auto flushed = writer.flush(); !flushed) return {flushed.error(), given};
  }
  return {{}, given};
}

TEST(CaptureDisturbed, says_how_many_packets_are_not_on_a_disk_that_is_full_and_goes_on) {
  with_capture({.timeout = 100ms}, [](Capture& capture, const Wire& wire) {
    auto writer = FileWriter::create("/dev/full", {.format = FileFormat::pcap});
    if (!writer) {
      EXPECT_EQ(writer.error().reason, Reason::disk_full);
    } else {
      const auto [error, given] = write_until_refused(capture, *std::move(writer), wire);
      EXPECT_EQ(error.reason, Reason::disk_full) << describe(error);
      EXPECT_EQ(error.packets_lost, given);
    }
    EXPECT_FALSE(numbers_until_idle(capture).empty() && capture.statistics().delivered == 0);
    wire.send_numbered(7, 1);
    EXPECT_EQ(numbers_until_idle(capture), std::vector<u64>{7}) << "to be written elsewhere";
  });
}

TEST(CaptureDisturbed, survives_a_reader_of_its_pipe_that_goes_away) {
  with_capture({.timeout = 100ms}, [](Capture& capture, const Wire& wire) {
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    auto writer = FileWriter::create("/dev/fd/" + std::to_string(ends[1]), {.format = FileFormat::pcap});
    ASSERT_TRUE(writer) << describe(writer.error());
    ::close(ends[0]);
    const auto [error, given] = write_until_refused(capture, *std::move(writer), wire);
    EXPECT_EQ(error.reason, Reason::broken_pipe) << describe(error);
    EXPECT_GT(given, 0u);
    EXPECT_EQ(capture.statistics().delivered, given);
  });
}

class CaptureForked : public BackEnd {};
INSTANTIATE_TEST_SUITE_P(Each, CaptureForked, testing::ValuesIn(all_back_ends), back_end_name);

TEST_P(CaptureForked, goes_on_and_counts_on_when_its_copy_is_closed) {
  with_capture({.buffer_bytes = 256 << 10, .timeout = 200ms}, [](Capture& capture, const Wire& wire) {
    wire.send_numbered(0, 3000, 600);
    ASSERT_EQ(close_in_a_fork(capture), 0);
    const auto first = numbers_until_idle(capture);
    wire.send_numbered(5000, 2);
    EXPECT_EQ(numbers_until_idle(capture), (std::vector<u64>{5000, 5001}));
    const auto statistics = capture.statistics();
    EXPECT_GT(statistics.dropped_kernel, 0u);
    EXPECT_EQ(first.size() + statistics.dropped_kernel, 3000u);
    EXPECT_EQ(statistics.received, 3002u);
  });
}

TEST(CaptureDisturbed, is_closed_in_many_threads_at_once) {
  in_own_network([] {
    make_pair("left", "right");
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([] {
        for (int k = 0; k < 5; ++k) {
          auto capture = Capture::open("right", {.buffer_bytes = 256 << 10});
          ASSERT_TRUE(capture) << describe(capture.error());
          EXPECT_TRUE(capture->close());
        }
      });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(promiscuity("right"), 0u);
  });
}

}  // namespace
