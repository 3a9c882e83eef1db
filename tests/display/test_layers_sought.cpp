// SPDX-License-Identifier: Apache-2.0 OR MIT
// Dissecting only the layers that an expression asks for comes to the verdict of dissecting them all.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>

#include "support/captures.hpp"
#include "trawl/display/display_filter.hpp"
#include "trawl/dissect/layers_sought.hpp"
#include "trawl/file/file_reader.hpp"

using namespace trawl;

namespace {

std::vector<DisplayFilter> filters() {
  std::vector<DisplayFilter> result;
  std::ifstream file(std::string(TRAWL_SOURCE_DIR) + "/tests/display/filters.txt");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    if (auto filter = DisplayFilter::parse(line)) result.push_back(std::move(*filter));
  }
  for (const char* text :
       {"dns.qry.name or frame.number == 3", "count(ip.addr) > 2 and not icmp", "vxlan and ip#2", "tcp.checksum.status == 1",
        "udp.checksum.status == 1", "llc or sll or null", "ip.ttl + udp.length > 100", "frame.protocols matches \"ip:.*ip\"",
        "count(eth) > 1 or count(ipv6) > 1", "udp[8:4]", "icmp contains 45:00", "radiotap or raw", "len(frame) > 100", "dns xor udp"})
    if (auto filter = DisplayFilter::parse(text)) result.push_back(std::move(*filter));
  return result;
}

/// Each packet of the files under a folder, whole and cut somewhere.
struct Compared {
  u64 packets = 0, verdicts = 0, matches = 0;
};
Compared compare(const std::string& folder, int cuts) {
  const std::vector<DisplayFilter> all = filters();
  EXPECT_GE(all.size(), 100u);
  std::mt19937 random(1);
  Compared done;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    auto reader = FileReader::open(entry.path().string());
    if (!reader) continue;
    for (auto batch = reader->next(); batch && *batch; batch = reader->next())
      for (Frame frame : **batch) {
        const FrameContext context{.number = ++done.packets};
        const Bytes whole = frame.bytes;
        for (int cut = 0; cut <= cuts; ++cut) {
          if (cut) frame.bytes = whole.first(random() % (std::min<size_t>(whole.size, 200) + 1));
          const Dissection d = dissect(frame);
          for (const DisplayFilter& filter : all) {
            const bool expected = filter.matches(d, frame, context);
            if (filter.matches(frame, context) != expected)
              return ADD_FAILURE() << filter.text() << ": " << entry.path() << " packet " << done.packets << " cut to " << frame.bytes.size,
                     done;
            ++done.verdicts, done.matches += expected;
          }
        }
      }
  }
  return done;
}

}  // namespace

TEST(LayersSought, give_the_verdicts_of_all_layers) {
  const Compared done = compare(std::string(TRAWL_SOURCE_DIR) + "/tests/captures", 20);
  EXPECT_GT(done.packets, 50u);
  EXPECT_GT(done.matches, 10'000u);
}

TEST(LayersSought, give_the_verdicts_of_all_layers_on_real_packets_Full) {
  const std::string captures = test::captures();
  if (captures.empty()) GTEST_SKIP() << "there are no sample captures here";
  const Compared done = compare(captures, 3);
  std::printf("%llu verdicts over %llu packets, %llu matches\n", static_cast<unsigned long long>(done.verdicts),
              static_cast<unsigned long long>(done.packets), static_cast<unsigned long long>(done.matches));
  EXPECT_GT(done.packets, 100'000u);
}
