// SPDX-License-Identifier: Apache-2.0 OR MIT
// Which TCP ports do people talk to? Counts the destination ports of COUNT packets.
#include <map>

#include "must.hpp"
#include "trawl/trawl.hpp"

using namespace trawl;

int main(int argc, char** argv) {
  must_have(argc, argv, 2, "INTERFACE COUNT");
  Capture capture = must(Capture::open(argv[1], {.snaplen = 128, .filter = Filter::parse("tcp")}));

  std::map<u16, u64> count;
  for (u64 left = std::strtoull(argv[2], nullptr, 10); left;) {
    const auto batch = must(capture.next());
    if (!batch) break;
    for (const Frame& frame : batch->first(u32(left))) {
      const Dissection layers = dissect(frame);
      if (const auto tcp = layers.find<Tcp>()) ++count[tcp[Tcp::dst_port]];
      --left;
    }
  }
  for (const auto& [port, packets] : count) std::printf("%5u %llu\n", port, static_cast<unsigned long long>(packets));
}
