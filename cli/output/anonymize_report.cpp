// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/output/anonymize_report.hpp"

#include <cstdio>

#include <fmt/format.h>

namespace cli {
namespace {

void report_json(const trawl::AnonymizerReport& r, trawl::Content content, trawl::u64 blocks) {
  std::string protocols;
  for (const auto& p : r.content)
    protocols += fmt::format(R"({}{{"protocol":"{}","packets":{},"header_bytes":{},"payload_bytes":{}}})", protocols.empty() ? "" : ",",
                             p.protocol, p.packets, p.header_bytes, p.payload_bytes);
  std::string line = fmt::format(R"({{"packets":{},"ipv4":{},"ipv6":{},"mac":{},"eui64":{},"kept_addresses":{},"names":{},"checksums":{},)"
                                 R"("fragments":{},"packet_options_left_out":{},"blocks_left_out":{},"content":"{}","protocols":[{}]}})",
                                 r.packets, r.ipv4, r.ipv6, r.macs, r.eui64s, r.same, r.names, r.sums, r.fragments, r.packet_options,
                                 blocks, name(content), protocols);
  std::fprintf(stderr, "%s\n", line.c_str());
}

}  // namespace

void report_anonymized(const trawl::AnonymizerReport& r, trawl::Content content, trawl::u64 blocks, bool json) {
  if (json) return report_json(r, content, blocks);
  say(
      fmt::format("{} packets: {} IPv4, {} IPv6, {} MAC, {} EUI-64 addresses and {} names replaced, {} checksums with them; "
                  "{} addresses stay as they are the same everywhere or were asked to",
                  r.packets, r.ipv4, r.ipv6, r.macs, r.eui64s, r.names, r.sums, r.same));
  if (blocks || r.packet_options)
    say(fmt::format("left out: {} blocks of names, secrets, statistics or the like, {} comments and other options of packets", blocks,
                    r.packet_options));
  const bool kept = content == trawl::Content::keep;
  for (const auto& p : r.content)
    say(fmt::format("{}{}: {} bytes of headers and {} of payload in {} packets {}", kept ? "warning: " : "", p.protocol, p.header_bytes,
                    p.payload_bytes, p.packets,
                    kept                             ? "were not looked into and stand as they were"
                    : content == trawl::Content::cut ? "are zero or cut off"
                                                     : "are zero"));
  if (r.fragments && !kept)
    say(fmt::format("warning: {} packets are fragments: checksums over the content of several packets do not fit", r.fragments));
}

}  // namespace cli
