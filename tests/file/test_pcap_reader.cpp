// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <algorithm>

#include <gtest/gtest.h>

#include "file/builder.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

const Buffer a = packet_bytes(60, 1), b = packet_bytes(61, 2), c = packet_bytes(0), d = packet_bytes(1514, 3);

/// Hands its bytes out in pieces of one size.
struct Trickle {
  Bytes left;
  size_t piece;
};
constexpr ByteSource::Calls trickle_calls{[](void* self, std::span<u8> room) -> Result<size_t> {
                                            auto& trickle = *static_cast<Trickle*>(self);
                                            const Bytes next = trickle.left.first(std::min(trickle.piece, room.size()));
                                            copy_bytes(room.data(), next.data, next.size);
                                            trickle.left = trickle.left.from(next.size);
                                            return next.size;
                                          },
                                          nullptr};

}  // namespace

TEST(PcapReader, reads_both_byte_orders_and_both_resolutions) {
  for (Order order : {Order::little, Order::big})
    for (bool nano : {false, true}) {
      const auto all = read_all(join({pcap_header({.order = order, .magic = nano ? 0xa1b23c4d : 0xa1b2c3d4}),
                                      pcap_record(a, 5, 999'999, order), pcap_record(b, 0xffffffff, 7, order)}));
      ASSERT_EQ(all.frames.size(), 2u) << all.error_text();
      EXPECT_EQ(all.bytes[0], a);
      EXPECT_EQ(all.bytes[1], b);
      EXPECT_EQ(all.frames[0].time.nanoseconds, 5'000'000'000 + 999'999 * (nano ? 1 : 1000));
      EXPECT_EQ(all.frames[1].time.seconds(), 0xffffffff) << "2106, not 1969";
      EXPECT_EQ(all.frames[0].link, LinkType::ethernet);
      EXPECT_EQ(all.interfaces[0].resolution, nano ? Resolution::nanoseconds() : Resolution::microseconds());
      EXPECT_EQ(all.facts.order, order);
      EXPECT_FALSE(all.error);
      EXPECT_TRUE(all.warnings.empty());
    }
}

TEST(PcapReader, reads_records_with_kuznetzovs_longer_header) {
  Put file(Order::little);
  file(pcap_header({.magic = 0xa1b2cd34}));
  file(u32{5})(u32{6})(u32(a.size()))(u32(a.size()))(u32{2})(u16{0x0800})(u8{4})(u8{0})(a);
  const auto all = read_all(file.bytes);
  ASSERT_EQ(all.frames.size(), 1u) << all.error_text();
  EXPECT_EQ(all.bytes[0], a);
  EXPECT_EQ(all.frames[0].info.packet_type, PacketType::outgoing);
}

TEST(PcapReader, reads_old_versions_with_their_lengths_the_other_way_round) {
  for (u16 minor : {u16{0}, u16{1}, u16{2}, u16{3}}) {
    Put file(Order::big);
    file(pcap_header({.order = Order::big, .minor = minor}))(u32{1})(u32{0})(u32{100})(u32(a.size()))(a);
    const auto all = read_all(file.bytes);
    ASSERT_EQ(all.frames.size(), 1u) << minor << all.error_text();
    EXPECT_EQ(all.bytes[0], a);
    EXPECT_EQ(all.frames[0].original_length, 100u);
  }
}

TEST(PcapReader, an_unknown_version_is_refused_and_a_later_one_read_with_a_warning) {
  EXPECT_EQ(read_all(pcap_header({.major = 1})).error->reason, Reason::unsupported_version);
  EXPECT_EQ(read_all(pcap_header({.major = 3, .minor = 0})).error->reason, Reason::unsupported_version);
  const auto later = read_all(join({pcap_header({.minor = 5}), pcap_record(a)}));
  EXPECT_EQ(later.frames.size(), 1u);
  EXPECT_EQ(later.warnings.count(), 1u);
}

TEST(PcapReader, odd_values_are_delivered_with_a_warning) {
  struct Case {
    const char* what;
    Buffer file;
    i64 nanoseconds;
    u32 original_length;
  };
  const u32 size = u32(a.size());
  const Case cases[] = {
      {"fraction", join({pcap_header(), Put(Order::little)(u32{1})(u32{1'500'000})(size)(size)(a).bytes}), 2'500'000'000, 60},
      {"original length", join({pcap_header(), Put(Order::little)(u32{1})(u32{0})(size)(u32{5})(a).bytes}), 1'000'000'000, 5},
      {"snaplen", join({pcap_header({.snaplen = 20}), pcap_record(a), pcap_record(b)}), 1'000'000'000, 60},
      {"reserved bits", join({pcap_header({.link = 0x00010001}), pcap_record(a)}), 1'000'000'000, 60},
      {"link type", join({pcap_header({.link = 9999}), pcap_record(a)}), 1'000'000'000, 60},
  };
  for (const auto& test : cases) {
    const auto all = read_all(test.file);
    ASSERT_GE(all.frames.size(), 1u) << test.what;
    EXPECT_EQ(all.bytes[0], a) << test.what;
    EXPECT_EQ(all.frames[0].time.nanoseconds, test.nanoseconds) << test.what;
    EXPECT_EQ(all.frames[0].original_length, test.original_length) << test.what;
    EXPECT_EQ(all.warnings.count(), 1u) << test.what;
    EXPECT_FALSE(all.error) << test.what;
  }
}

TEST(PcapReader, snaplens_of_zero_and_of_two_gigabytes_mean_no_limit) {
  for (u32 snaplen : {0u, 0x7fffffffu, 0x80000000u, 0xffffffffu}) {
    const auto all = read_all(join({pcap_header({.snaplen = snaplen}), pcap_record(d), pcap_record(packet_bytes(300'000))}));
    EXPECT_EQ(all.frames.size(), 2u) << snaplen;
    EXPECT_TRUE(all.warnings.empty()) << snaplen;
  }
}

TEST(PcapReader, fcs_length_is_taken_from_the_link_type_word) {
  const auto all = read_all(join({pcap_header({.link = 0x24000001}), pcap_record(a)}));
  EXPECT_TRUE(all.warnings.empty());
  EXPECT_TRUE(all.interfaces[0].has_fcs_length);
  EXPECT_EQ(all.interfaces[0].fcs_length, 4);
  EXPECT_EQ(all.frames[0].link, LinkType::ethernet);
}

TEST(PcapReader, a_file_cut_anywhere_gives_what_is_whole_and_says_where_it_ends) {
  const Buffer file = join({pcap_header(), pcap_record(a), pcap_record(c), pcap_record(b)});
  const size_t ends[] = {24, 24 + 76, 24 + 76 + 16, file.size()};
  for (size_t cut = 0; cut < file.size(); ++cut) {
    const auto all = read_all(Buffer(file.begin(), file.begin() + long(cut)));
    size_t whole = 0, at = 0;
    for (size_t i = 0; i < 4; ++i)
      if (ends[i] <= cut) whole = i, at = ends[i];
    EXPECT_EQ(all.frames.size(), cut < 24 ? 0 : whole) << cut;
    if (at == cut && cut >= 24) {
      EXPECT_FALSE(all.error) << cut;
    } else {
      ASSERT_TRUE(all.error) << cut;
      if (cut < 24) continue;
      EXPECT_EQ(all.error->reason, Reason::truncated) << cut;
      EXPECT_EQ(all.error->byte, at) << cut;
      EXPECT_EQ(all.error->packet, whole + 1) << cut;
    }
  }
}

TEST(PcapReader, impossible_lengths_end_the_reading_without_allocation) {
  for (u32 length : {0xffffffffu, 0x80000000u, 0x7fffffffu, 262'145u, 16u << 20, 1u << 30}) {
    const Buffer bad = Put(Order::little)(u32{1})(u32{0})(length)(length)(a).bytes;
    const auto all = read_all(join({pcap_header(), pcap_record(a), pcap_record(b), bad, pcap_record(a)}));
    EXPECT_EQ(all.frames.size(), 2u) << length;
    ASSERT_TRUE(all.error) << length;
    EXPECT_EQ(all.error->reason, Reason::damaged) << length;
    EXPECT_EQ(all.error->byte, 24u + 76 + 77) << length;
    EXPECT_EQ(all.error->packet, 3u) << length;
    EXPECT_EQ(all.damage.count(), 1u) << length;
  }
}

TEST(PcapReader, the_limit_for_announced_giants_can_be_set) {
  const Buffer file = join({pcap_header({.snaplen = 0x40000000}), pcap_record(packet_bytes(5000)), pcap_record(a)});
  EXPECT_EQ(read_all(file).frames.size(), 2u);
  const auto limited = read_all(file, {.max_packet_bytes = 4999});
  EXPECT_EQ(limited.frames.size(), 0u);
  EXPECT_EQ(limited.error->reason, Reason::limit_exceeded);
  EXPECT_EQ(read_all(file, {.max_packet_bytes = 5000}).frames.size(), 2u);
}

TEST(PcapReader, a_second_file_header_is_named) {
  const Buffer one = join({pcap_header(), pcap_record(a)});
  const Buffer followers[] = {one, join({pcap_header({.order = Order::big}), pcap_record(a, 1, 0, Order::big)}),
                              join({section(), interface()})};
  for (const auto& second : followers) {
    const auto all = read_all(join({one, second}));
    EXPECT_EQ(all.frames.size(), 1u);
    ASSERT_TRUE(all.error);
    EXPECT_EQ(all.error->reason, Reason::second_file_header);
    EXPECT_EQ(all.error->byte, one.size());
  }
}

TEST(PcapReader, zeros_left_by_a_crash_are_told_from_empty_packets) {
  const Buffer good = join({pcap_header(), pcap_record(a)});
  const auto tail = read_all(join({good, Buffer(1'000'000)}));
  EXPECT_EQ(tail.frames.size(), 1u);
  EXPECT_FALSE(tail.error);
  ASSERT_EQ(tail.warnings.count(), 1u);
  EXPECT_EQ(tail.warnings.first()[0].reason, Reason::zero_filled);
  EXPECT_EQ(tail.warnings.first()[0].byte, good.size());

  const auto hole = read_all(join({good, Buffer(4096), pcap_record(b)}));
  EXPECT_EQ(hole.frames.size(), 1u);
  ASSERT_TRUE(hole.error);
  EXPECT_EQ(hole.error->reason, Reason::zero_filled);

  const auto empty = read_all(join({good, Buffer(16), pcap_record(b)}));
  EXPECT_EQ(empty.frames.size(), 3u);
  EXPECT_FALSE(empty.error);
}

TEST(PcapReader, batches_hold_256_frames_and_give_the_same_from_any_source) {
  Buffer file = pcap_header();
  std::vector<Buffer> packets;
  for (u32 i = 0; i < 1000; ++i) {
    packets.push_back(packet_bytes(i % 97, u8(i)));
    const auto record = pcap_record(packets.back(), i + 1);
    file.insert(file.end(), record.begin(), record.end());
  }
  for (size_t piece : {1u, 7u, 4096u, 1u << 20}) {
    Trickle trickle{file, piece};
    auto reader = FileReader::open(ByteSource(&trickle, trickle_calls), {.buffer_bytes = 4096});
    ASSERT_TRUE(reader);
    size_t number = 0;
    while (auto batch = reader->next().value()) {
      ASSERT_LE(batch->size(), Batch::max_frames);
      for (const auto& frame : *batch) {
        ASSERT_EQ(frame.time.seconds(), i64(number) + 1);
        ASSERT_TRUE(frame.bytes == Bytes(packets[number])) << number;
        ++number;
      }
    }
    EXPECT_EQ(number, 1000u);
    EXPECT_EQ(reader->facts().packets, 1000u);
  }
}

TEST(PcapReader, records_are_the_bytes_of_the_file) {
  const Buffer file = join({pcap_header(), pcap_record(a), pcap_record(c), pcap_record(d)});
  const auto all = read_all(file);
  Buffer again = pcap_header();
  for (size_t i = 0; i < all.records.size(); ++i) {
    EXPECT_EQ(all.offsets[i], again.size());
    again.insert(again.end(), all.records[i].begin(), all.records[i].end());
  }
  EXPECT_EQ(again, file);
}

TEST(PcapReader, a_failing_read_comes_after_the_packets_before_it) {
  const Buffer file = join({pcap_header(), pcap_record(a), Buffer(5, 1)});
  struct Failing {
    Bytes left;
  } failing{file};
  static constexpr ByteSource::Calls calls{[](void* self, std::span<u8> room) -> Result<size_t> {
                                             Bytes& left = static_cast<Failing*>(self)->left;
                                             if (left.empty()) return fail(Operation::read_file, Reason::system, {}, 5);
                                             copy_bytes(room.data(), left.data, left.size);
                                             return std::exchange(left, Bytes()).size;
                                           },
                                           nullptr};
  auto all = read_all(ByteSource(&failing, calls));
  EXPECT_EQ(all.frames.size(), 1u);
  ASSERT_TRUE(all.error);
  EXPECT_EQ(all.error->system_error, 5);
  EXPECT_EQ(all.error->byte, file.size());
}

TEST(FileReader, says_what_a_file_that_is_no_capture_looks_like) {
  struct Case {
    Buffer bytes;
    Reason reason;
    std::string_view detail;
  };
  constexpr bool with_gzip = TRAWL_WITH_ZLIB, with_zstd = TRAWL_WITH_ZSTD, with_lz4 = TRAWL_WITH_LZ4;
  constexpr std::string_view cut = "the compressed data end too early, near byte 4 of the compressed file";
  const Case cases[] = {
      {{}, Reason::not_a_capture_file, "it is empty"},
      {{0xd4, 0xc3, 0xb2}, Reason::not_a_capture_file, "it is too short"},
      {text("<!DOCTYPE html><html>"), Reason::not_a_capture_file, "it looks like HTML or XML"},
      {text("{\"a\": 1}\n"), Reason::not_a_capture_file, "it looks like JSON"},
      {text("hello\n"), Reason::not_a_capture_file, "it looks like text"},
      {Buffer(512), Reason::not_a_capture_file, "it begins with zero bytes"},
      {{0x1f, 0x8b, 8, 0},
       with_gzip ? Reason::truncated : Reason::unsupported_format,
       with_gzip ? cut : "gzip compression is not supported in this build"},
      {{0x28, 0xb5, 0x2f, 0xfd},
       with_zstd ? Reason::truncated : Reason::unsupported_format,
       with_zstd ? cut : "zstd compression is not supported in this build"},
      {{0x04, 0x22, 0x4d, 0x18},
       with_lz4 ? Reason::truncated : Reason::unsupported_format,
       with_lz4 ? cut : "lz4 compression is not supported in this build"},
      {Put(Order::big)(u32{0xa1b234cd})(u32{0}).bytes, Reason::unsupported_format, "a pcap variant of Mesquita's"},
      {Put(Order::little)(u32{0xa1e2cb12})(u32{0}).bytes, Reason::unsupported_format, "a netsniff-ng file"},
      {{0x0d, 0x0a, 0x0d, 0x0d, 0x0d, 0x0a}, Reason::text_mode_damage, "a pcapng section header with changed line ends"},
      {join({{0xef, 0xbb, 0xbf}, pcap_header()}), Reason::text_mode_damage, "it begins with a UTF-8 byte-order mark"},
      {{9, 8, 7, 6, 5}, Reason::not_a_capture_file, "unknown first bytes"},
  };
  for (const auto& test : cases) {
    const auto all = read_all(test.bytes);
    ASSERT_TRUE(all.error);
    if (test.reason != Reason::truncated) { EXPECT_EQ(all.error->operation, Operation::open_file); }
    EXPECT_EQ(all.error->reason, test.reason) << test.detail;
    EXPECT_EQ(all.error->detail_view(), test.detail);
  }
}

TEST(FileReader, names_the_file_that_it_cannot_open) {
  const auto missing = FileReader::open("/nowhere/x.pcap");
  ASSERT_FALSE(missing);
  expect_text(missing.error(), "cannot open the file /nowhere/x.pcap: No such file or directory");
  const auto folder = FileReader::open("/");
  ASSERT_FALSE(folder);
  expect_text(folder.error(), "cannot open the file /: Is a directory");
}
