// SPDX-License-Identifier: Apache-2.0 OR MIT
// Shows a capture in which VXLAN runs on another UDP port than its own.
#include "must.hpp"
#include "trawl/trawl.hpp"

using namespace trawl;

int main(int argc, char** argv) {
  must_have(argc, argv, 2, "FILE PORT");
  Catalog catalog = standard_catalog;
  must_hold(catalog.bind(wire::space<wire::UdpPort>, u32(std::atoi(argv[2])), wire::record<Vxlan>), "the catalog takes it");

  const Summary summary(catalog);
  FileReader reader = must(FileReader::open(argv[1]));
  u64 found = 0;
  while (const auto batch = must(reader.next()))
    for (const Frame& frame : *batch) {
      const Dissection layers = dissect(frame, catalog);
      found += bool(layers.find<Vxlan>());
      std::string line;
      summary.append(line, frame, layers);
      std::puts(line.c_str());
    }
  must_hold(found > 0, "there is VXLAN on this port");
}
