// SPDX-License-Identifier: Apache-2.0 OR MIT
// The same questions to every packet in tests/captures/: a new protocol adds a file there and is asked too.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

#include "dissect/own_captures.hpp"
#include "support/captures.hpp"
#include "trawl/core/owned_frame.hpp"
#include "trawl/dissect/field_name.hpp"
#include "trawl/dissect/value_text.hpp"
#include "trawl/file/file_reader.hpp"

using namespace trawl;

namespace {

const std::filesystem::path folder = std::filesystem::path(TRAWL_SOURCE_DIR) / "tests/captures";

std::vector<std::filesystem::path> capture_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".pcap" || entry.path().extension() == ".pcapng") files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

/// Calls `each(frame, file name and packet number)`.
void each_packet(auto each) {
  u64 packets = 0;
  for (const auto& path : capture_files()) {
    auto reader = FileReader::open(path.string());
    ASSERT_TRUE(reader.has_value()) << path;
    u64 number = 0;
    for (;;) {
      const auto batch = reader->next();
      ASSERT_TRUE(batch.has_value()) << path;
      if (!*batch) break;
      for (const Frame& frame : **batch) each(frame, path.filename().string() + " packet " + std::to_string(++number));
    }
    packets += number;
  }
  ASSERT_GT(packets, 50u);
}

/// The first `size` bytes in memory of exactly that size, so that a sanitizer sees a read behind them.
struct Cut {
  std::unique_ptr<u8[]> bytes;
  Frame frame;
  Cut(const Frame& whole, size_t size) : bytes(new u8[size]), frame(whole) {
    std::copy_n(whole.bytes.data, size, bytes.get());
    frame.bytes = {bytes.get(), size};
  }
};

std::string name_of(const Seen& seen) {
  char text[128];
  TextOut out(text);
  put_name(out, seen);
  return std::string(out.view());
}
std::string value_of(const Seen& seen) {
  char text[4096];
  TextOut out(text);
  put_value(out, seen);
  return std::string(out.view());
}

TEST(OwnCaptures, are_what_composing_makes_today) {
  const bool write = std::getenv("TRAWL_WRITE_CAPTURES") != nullptr;
  for (const test::OwnCapture& capture : test::own_captures()) {
    const std::string path = (folder / (capture.name + ".pcap")).string();
    for (const auto& packet : capture.packets) EXPECT_FALSE(packet.empty()) << capture.name;
    const auto want = test::pcap_of(capture);
    if (write) test::write_bytes(path, want);
    EXPECT_EQ(test::read_bytes(path), want) << capture.name << ": if this change is meant, run the test with TRAWL_WRITE_CAPTURES=1";
  }
}

TEST(Captures, dissect_without_a_fault) {
  each_packet([](const Frame& frame, const std::string& where) {
    EXPECT_FALSE(dissect(frame).fault) << where << ": " << name(dissect(frame).fault.kind);
    EXPECT_GT(dissect(frame).count, 0u) << where;
  });
}

TEST(Captures, can_be_cut_anywhere) {
  each_packet([](const Frame& whole, const std::string& where) {
    for (size_t size = 0; size <= whole.bytes.size; ++size) {
      const Cut cut(whole, size);
      const Dissection lax = dissect(cut.frame), strict = dissect_strict(cut.frame);
      size_t seen = 0;
      const auto visit = [&](const Seen& s) {
        seen += value_of(s).size();
        if (!s.bytes.empty()) {
          EXPECT_TRUE(s.bytes.begin() >= cut.frame.bytes.begin() && s.bytes.end() <= cut.frame.bytes.end()) << where << " cut to " << size;
        }
      };
      walk(lax, visit);
      walk(strict, visit);
      if (lax.fault) { EXPECT_LE(lax.fault.available, size) << where << " cut to " << size; }
      if (strict.fault) continue;
      for (const LayerAt& layer : strict)
        EXPECT_TRUE(layer.end <= size && !layer.cut) << where << " cut to " << size << ": neither whole nor a fault";
    }
  });
}

TEST(Captures, have_the_same_layers_in_the_chain_and_in_the_loop) {
  const auto other = std::make_unique<wire::Catalog>(wire::standard_catalog);  // another object: the compiled chain is not used
  each_packet([&](const Frame& whole, const std::string& where) {
    for (size_t size = 0; size <= whole.bytes.size; ++size) {
      const Cut cut(whole, size);
      for (const auto& [a, b] : {std::pair(dissect(cut.frame), dissect(cut.frame, *other)),
                                 std::pair(dissect_strict(cut.frame), dissect_strict(cut.frame, *other))}) {
        ASSERT_EQ(a.count, b.count) << where << " cut to " << size;
        EXPECT_TRUE(a.fault == b.fault) << where << " cut to " << size;
        for (u32 i = 0; i < a.count; ++i) {
          const LayerAt &x = a.layers[i], &y = b.layers[i];
          EXPECT_TRUE(x.protocol == y.protocol && x.offset == y.offset && x.header == y.header && x.end == y.end && x.quoted == y.quoted &&
                      x.cut == y.cut)
              << where << " cut to " << size << ", layer " << i;
        }
      }
    }
  });
}

/// What a walk sees, by name; and that no layer or element has a name twice.
struct Collector {
  std::map<std::string, std::vector<std::string>> values;
  std::vector<std::set<std::string>> scopes{{}};
  std::string twice;
  void operator()(const Seen& seen) {
    const std::string name = name_of(seen);
    values[name].push_back(value_of(seen));
    if (!scopes.back().insert(name).second) twice = name;
  }
  void enter(const Entered&) { scopes.emplace_back(); }
  void leave() { scopes.pop_back(); }
};

TEST(Captures, have_every_field_under_one_name_that_resolves_to_it) {
  std::map<std::string, Result<FieldName>> resolved;
  each_packet([&](const Frame& frame, const std::string& where) {
    const Dissection d = dissect(frame);
    Collector walked;
    walk(d, walked);
    EXPECT_EQ(walked.twice, "") << where;
    for (const auto& [name, values] : walked.values) {
      const auto& way = resolved.try_emplace(name, FieldName::resolve(name)).first->second;
      ASSERT_TRUE(way.has_value()) << where << ": " << name;
      std::vector<std::string> found;
      const auto visit = [&](const Seen& seen) { found.push_back(value_of(seen)); };
      way->each(d, visit);
      EXPECT_EQ(found, values) << where << ": " << name;
    }
  });
}

TEST(Captures, show_every_built_in_protocol) {
  std::set<std::string_view> shown;
  each_packet([&](const Frame& frame, const std::string&) {
    const Dissection d = dissect(frame);
    for (const LayerAt& layer : d) shown.insert(d.record(layer).type_name);
  });
  const std::string_view same_messages_as_dns[] = {"Mdns", "Llmnr"};
  const auto& catalog = wire::standard_catalog;
  for (wire::ProtocolIndex i = 1; i < catalog.size(); ++i) {
    const wire::Record& record = *catalog[i].record;
    const bool carried = std::ranges::any_of(record.numbers, [](const wire::Number& n) {
      constexpr std::string_view carriers[] = {"LinkType", "EtherType", "IpProtocol", "UdpPort", "TcpPort", "FrameBody", "DnsCarrier"};
      return std::ranges::find(carriers, n.space->name) != std::end(carriers);
    });
    if (!carried || std::ranges::find(same_messages_as_dns, record.type_name) != std::end(same_messages_as_dns)) continue;
    EXPECT_TRUE(shown.contains(record.type_name)) << "tests/captures/ has no packet of " << record.type_name;
  }
}

}  // namespace
