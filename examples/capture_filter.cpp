// SPDX-License-Identifier: Apache-2.0 OR MIT
// Captures what a filter lets through: capture_filter eth0 web.pcapng 'tcp and (host 192.0.2.1 and port 80)'
// The filter runs in the kernel: what it rejects costs a program nothing.
#include "must.hpp"
#include "trawl/trawl.hpp"

using namespace trawl;

int main(int argc, char** argv) {
  must_have(argc, argv, 3, "INTERFACE FILE FILTER");
  const u32 wanted = 5;

  const Filter filter = must(Filter::parse(argv[3]));
  Capture capture = must(Capture::open(argv[1], {.filter = filter}));
  FileWriter writer = must(FileWriter::create(argv[2]));
  while (writer.packets() < wanted) {
    const auto batch = must(capture.next());
    if (!batch) break;
    must(writer.write(batch->first(wanted - u32(writer.packets())), capture.interfaces()));
  }
  must(writer.close());

  FilterMatcher matcher(filter);  // the same filter, now over a file
  FileReader reader = must(FileReader::open(argv[2]));
  u32 packets = 0;
  while (const auto batch = must(reader.next()))
    for (const Frame& frame : *batch) packets += must(matcher.matches(frame));
  must_hold(packets == wanted, "every packet in the file matches");
  must_hold(reader.interfaces()[0].filter == argv[3], "and the file says by which filter");
  std::printf("%u packets of %s match %s\n", packets, argv[1], argv[3]);
}
