// SPDX-License-Identifier: Apache-2.0 OR MIT
// Captures five packets to a pcap file and reads it back.
#include "must.hpp"
#include "trawl/trawl.hpp"

using namespace trawl;

int main(int argc, char** argv) {
  must_have(argc, argv, 2, "INTERFACE FILE");
  const u32 wanted = 5;

  Capture capture = must(Capture::open(argv[1]));
  FileWriter writer = must(FileWriter::create(argv[2], {.format = FileFormat::pcap}));
  while (writer.packets() < wanted) {
    const auto batch = must(capture.next());
    if (!batch) break;
    must(writer.write(batch->first(wanted - u32(writer.packets())), capture.interfaces()));
  }
  must(writer.close());

  FileReader reader = must(FileReader::open(argv[2]));
  u32 packets = 0;
  while (const auto batch = must(reader.next())) packets += batch->size();
  must_hold(reader.facts().format == FileFormat::pcap, "it is a pcap file");
  must_hold(packets == wanted, "with the packets in it");
  std::printf("%u packets of %s in %s\n", packets, argv[1], argv[2]);
}
