// SPDX-License-Identifier: Apache-2.0 OR MIT
// TCP transfers through the stack: segments of up to 64 KiB that no wire would carry, with checksums left to hardware.
#include <gtest/gtest.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cstdio>
#include <future>
#include <sstream>

#include "capture/back_ends.hpp"
#include "capture/tcp_transfer.hpp"
#include "support/captures.hpp"
#include "trawl/capture/capture.hpp"
#include "trawl/capture/interfaces.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/core/endian.hpp"
#include "trawl/core/switches.hpp"
#include "trawl/file/file_writer.hpp"

using namespace trawl;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

class CaptureOffload : public BackEnd {};
INSTANTIATE_TEST_SUITE_P(Each, CaptureOffload, testing::ValuesIn(all_back_ends), back_end_name);

constexpr size_t sent_bytes = 4 << 20, mtu = 1500, header = 14;

bool linux_is_at_least(int wanted_major, int wanted_minor) {
  utsname system{};
  int major = 0, minor = 0;
  return ::uname(&system) == 0 && std::sscanf(system.release, "%d.%d", &major, &minor) == 2 &&
         (major > wanted_major || (major == wanted_major && minor >= wanted_minor));
}
bool segmentation_is_told() { return linux_is_at_least(6, 2); }

/// What a capture saw of a transfer that is over.
struct Seen {
  std::vector<size_t> lengths;
  size_t largest = 0, payload = 0, offloaded = 0, over_mtu = 0;
};

void look_at(const Frame& frame, Seen& seen) {
  const size_t size = frame.bytes.size;
  seen.lengths.push_back(size);
  if (load_be<u16>(frame.bytes.data + 12) != 0x0800) return;
  ASSERT_FALSE(frame.truncated());
  ASSERT_EQ(size, header + load_be<u16>(frame.bytes.data + 16)) << "IPv4's total length";
  const bool large = size > header + mtu;
  seen.largest = std::max(seen.largest, size);
  seen.over_mtu += large;
  seen.offloaded += frame.info.checksum == ChecksumState::not_filled_in;
  EXPECT_EQ(frame.info.segmentation_offload, large && segmentation_is_told()) << size << " bytes";
  if (large) { EXPECT_EQ(frame.info.checksum, ChecksumState::not_filled_in) << size << " bytes"; }
  seen.payload += size - (header + 20 + (frame.bytes[46] >> 4) * 4u);
}

Seen read_until_idle(Capture& capture, FileWriter* writer = nullptr) {
  Seen seen;
  for (;;) {
    const auto batch = capture.next();
    EXPECT_TRUE(batch) << describe(batch.error());
    if (!batch || !*batch || (*batch)->empty()) return seen;
    for (const auto& frame : **batch) look_at(frame, seen);
    if (writer) { EXPECT_TRUE(writer->write(**batch, capture.interfaces())); }
  }
}

void expect_large_segments(const Seen& seen, Capture& capture) {
  EXPECT_GT(seen.largest, 32'000u);
  EXPECT_GT(seen.over_mtu, 10u);
  EXPECT_GT(seen.offloaded, 10u);
  EXPECT_GE(seen.payload, sent_bytes);
  EXPECT_EQ(capture.statistics().dropped_kernel, 0u);
}

void transfer_to_self() {
  TcpReceiver receiver("127.0.0.1");
  std::thread sender([port = receiver.port()] { send_over_tcp("127.0.0.1", port, sent_bytes); });
  EXPECT_EQ(receiver.receive(), sent_bytes);
  sender.join();
}

TEST_P(CaptureOffload, takes_64_KiB_segments_whole_and_knows_that_their_checksums_are_not_filled_in) {
  unlike_libpcap("does not tell the state of checksums");
  if (IsSkipped()) return;
  in_own_network([] {
    set_up("lo", true);
    set_mtu("lo", mtu);  // larger frames are segments to be cut
    auto capture = open_capture("lo", {.timeout = 200ms});
    ASSERT_TRUE(capture) << describe(capture.error());
    transfer_to_self();
    expect_large_segments(read_until_idle(*capture), *capture);
  });
}

TEST_P(CaptureOffload, takes_segments_of_more_than_64_KiB_whole_where_the_interface_has_them) {
  unlike_libpcap("cuts at 256 KiB");
  if (IsSkipped()) return;
  if (!linux_is_at_least(6, 3)) GTEST_SKIP() << "this kernel has no such segments over IPv4";
  in_own_network([] {
    constexpr u32 largest = 250'000, usual = 65'536;
    set_up("lo", true);
    set_largest_segment("lo", largest);
    EXPECT_EQ(find_interface("lo")->largest_segment, largest);
    auto capture = open_capture("lo", {.timeout = 200ms});
    ASSERT_TRUE(capture) << describe(capture.error());
    transfer_to_self();
    size_t seen = 0;
    for (;;) {
      const auto batch = capture->next();
      ASSERT_TRUE(batch && *batch);
      if ((*batch)->empty()) break;
      for (const Frame& frame : **batch) {
        seen = std::max(seen, frame.bytes.size);
        EXPECT_FALSE(frame.truncated()) << frame.original_length;
      }
    }
    EXPECT_GT(seen, usual + header);
    EXPECT_EQ(capture->statistics().dropped_kernel, 0u);
  });
}

/// The two ends of a pair in two networks, so that the stack does not go by way of the loopback interface.
void join_networks(const OtherNetwork& other) {
  make_pair("left", "right");
  move_link("right", other.fd());
  set_address("left", "192.0.2.1");
  leave_segmentation_to("left");
  other
      .start([] {
        set_address("right", "192.0.2.2");
        set_up("right", true);
        leave_segmentation_to("right");
        wait_until_running("right");
      })
      .join();
  wait_until_running("left");
}

TEST_P(CaptureOffload, takes_whole_segments_of_a_transfer_between_two_machines_as_they_leave_and_as_they_arrive) {
  unlike_libpcap("does not tell the state of checksums");
  if (IsSkipped()) return;
  in_own_network([] {
    const OtherNetwork other;
    join_networks(other);
    {
      auto capture = open_capture("left", {.timeout = 200ms});
      ASSERT_TRUE(capture) << describe(capture.error());
      TcpReceiver receiver("192.0.2.1");
      auto sender = other.start([port = receiver.port()] { send_over_tcp("192.0.2.1", port, sent_bytes); });
      EXPECT_EQ(receiver.receive(), sent_bytes);
      sender.join();
      expect_large_segments(read_until_idle(*capture), *capture);
    }
    auto capture = open_capture("left", {.timeout = 200ms});
    ASSERT_TRUE(capture) << describe(capture.error());
    std::promise<u16> port;
    auto receiver = other.start([&] {
      TcpReceiver end("192.0.2.2");
      port.set_value(end.port());
      EXPECT_EQ(end.receive(), sent_bytes);
    });
    send_over_tcp("192.0.2.2", port.get_future().get(), sent_bytes);
    receiver.join();
    expect_large_segments(read_until_idle(*capture), *capture);
  });
}

TEST_P(CaptureOffload, writes_whole_segments_to_a_file_that_tshark_reads_without_complaint) {
  unlike_libpcap("does not tell the state of checksums");
  if (IsSkipped()) return;
  if (!TRAWL_WITH_PCAPNG) GTEST_SKIP() << "pcapng is switched off";
  if (!test::installed("tshark")) GTEST_SKIP() << "tshark is not installed";
  in_own_network([] {
    const OtherNetwork other;
    join_networks(other);
    const test::ScratchFolder folder;
    auto capture = open_capture("left", {.timeout = 200ms});
    ASSERT_TRUE(capture) << describe(capture.error());
    auto writer = FileWriter::create(folder / "segments.pcapng");
    ASSERT_TRUE(writer) << describe(writer.error());
    TcpReceiver receiver("192.0.2.1");
    auto sender = other.start([port = receiver.port()] { send_over_tcp("192.0.2.1", port, sent_bytes); });
    EXPECT_EQ(receiver.receive(), sent_bytes);
    sender.join();
    const Seen seen = read_until_idle(*capture, &*writer);
    expect_large_segments(seen, *capture);
    ASSERT_TRUE(writer->close());

    // Warnings count as complaints: without them standard error holds at most the word that root should not run it.
    const auto judged =
        test::run("tshark -n -r " + folder / "segments.pcapng" +
                  " -T fields -e frame.len -e frame.cap_len -e tcp.len -e _ws.malformed -E separator=/s 2>" + folder / "complaints");
    ASSERT_EQ(judged.status, 0) << judged.output;
    EXPECT_EQ(test::run("grep -v '^Running as user' " + folder / "complaints").output, "");
    std::istringstream lines(judged.output);
    size_t number = 0, payload = 0;
    for (std::string line; std::getline(lines, line); ++number) {
      std::istringstream cells(line);
      size_t length = 0, captured = 0, data = 0;
      std::string complaint;
      cells >> length >> captured >> data;
      cells.clear();
      cells >> complaint;
      ASSERT_LT(number, seen.lengths.size());
      ASSERT_EQ(length, seen.lengths[number]);
      ASSERT_EQ(captured, length);
      ASSERT_EQ(complaint, "") << "packet " << number + 1;
      payload += data;
    }
    EXPECT_EQ(number, seen.lengths.size());
    EXPECT_EQ(payload, seen.payload);
  });
}

}  // namespace
