// SPDX-License-Identifier: Apache-2.0 OR MIT
// Captures five packets to a pcapng file and reads it back, block by block.
#include "must.hpp"
#include "trawl/trawl.hpp"

using namespace trawl;

int main(int argc, char** argv) {
  must_have(argc, argv, 2, "INTERFACE FILE");
  const u32 wanted = 5;

  Capture capture = must(Capture::open(argv[1]));
  FileWriter writer = must(FileWriter::create(argv[2], {.format = FileFormat::pcapng}));
  while (writer.packets() < wanted) {
    const auto batch = must(capture.next());
    if (!batch) break;  // somebody called stop()
    must(writer.write(batch->first(wanted - u32(writer.packets())), capture.interfaces()));
  }
  must(writer.close());

  // One section header, one interface description, and a block for each packet.
  PcapngBlockReader reader = must(PcapngBlockReader::open(argv[2]));
  u32 blocks = 0, packets = 0;
  while (const auto block = must(reader.next())) {
    ++blocks;
    packets += block->is_packet();
  }
  must_hold(packets == wanted, "the file has the packets");
  must_hold(blocks == 2 + wanted, "and two blocks before them");
  std::printf("%u packets of %s in %s\n", packets, argv[1], argv[2]);
}
