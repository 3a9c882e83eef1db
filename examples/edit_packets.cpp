// SPDX-License-Identifier: Apache-2.0 OR MIT
// Copies a capture file and sends what went to one TCP port to another, with right checksums.
#include "must.hpp"
#include "trawl/trawl.hpp"

using namespace trawl;

int main(int argc, char** argv) {
  must_have(argc, argv, 4, "IN OUT PORT NEW_PORT");
  const auto port = std::atoi(argv[3]), new_port = std::atoi(argv[4]);

  FileReader reader = must(FileReader::open(argv[1]));
  FileWriter writer = must(FileWriter::create(argv[2]));
  u64 changed = 0;
  while (const auto batch = must(reader.next()))
    for (Frame frame : *batch) {
      Packet packet(frame);
      if (packet.has<Tcp>() && packet[Tcp::dst_port] == port) {
        packet[Tcp::dst_port] = new_port;  // these two bytes change and no other
        packet.update_checksums();
        ++changed;
      }
      frame.bytes = packet.bytes();
      must(writer.write(frame, reader.interfaces()));
    }
  must(writer.close());
  std::printf("%llu packets changed\n", static_cast<unsigned long long>(changed));
}
