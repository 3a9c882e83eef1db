// SPDX-License-Identifier: Apache-2.0 OR MIT
// Captures of many origins, cut everywhere: what is read and shown lies within what is there. Meant for the sanitizers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "support/captures.hpp"
#include "trawl/dissect/walk.hpp"
#include "trawl/file/file_reader.hpp"

using namespace trawl;

namespace {

constexpr size_t longest = 1500;

/// Cuts of a packet end where this memory does, so that a sanitizer sees a read behind them.
class Cuts {
 public:
  explicit Cuts(const Frame& whole) : whole_(whole), memory_(new u8[whole.bytes.size]) {}
  Frame operator[](size_t size) const {
    Frame frame = whole_;
    u8* const start = memory_.get() + (whole_.bytes.size - size);
    std::copy_n(whole_.bytes.data, size, start);
    frame.bytes = {start, size};
    return frame;
  }

 private:
  const Frame& whole_;
  std::unique_ptr<u8[]> memory_;
};

struct Inside {
  Bytes packet;
  bool all = true;
  void operator()(const Seen& s) { all = all && (s.bytes.empty() || (s.bytes.begin() >= packet.begin() && s.bytes.end() <= packet.end())); }
};

bool stays_inside(const Frame& cut) {
  for (const Dissection& d : {dissect(cut), dissect_strict(cut)}) {
    Inside inside{cut.bytes};
    walk(d, inside);
    if (!inside.all) return false;
    for (const LayerAt& layer : d)
      if (layer.payload() > cut.bytes.size) return false;
  }
  return true;
}

TEST(CorpusFull, dissects_every_packet_cut_at_every_byte) {
  const std::string captures = test::captures();
  if (captures.empty()) GTEST_SKIP() << "there are no sample captures here";
  u64 files = 0, packets = 0, cuts = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(captures)) {
    if (!entry.is_regular_file()) continue;
    auto reader = FileReader::open(entry.path().string());
    if (!reader) continue;   // what a file is, and damaged ones, is the file room's matter
    ++files;
    for (auto batch = reader->next(); batch && *batch; batch = reader->next())
      for (const Frame& frame : **batch) {
        if (frame.bytes.size > longest) continue;
        const Cuts cut(frame);
        for (size_t size = 0; size <= frame.bytes.size; ++size)
          ASSERT_TRUE(stays_inside(cut[size])) << entry.path() << " packet " << packets << " of " << files << " files, cut to " << size;
        ++packets, cuts += frame.bytes.size + 1;
      }
  }
  std::printf("%llu cuts of %llu packets in %llu files\n", static_cast<unsigned long long>(cuts), static_cast<unsigned long long>(packets),
              static_cast<unsigned long long>(files));
  EXPECT_GT(packets, 1000u);
}

}  // namespace
