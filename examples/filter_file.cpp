// SPDX-License-Identifier: Apache-2.0 OR MIT
// Copies the packets of a capture file that a filter matches.
#include "must.hpp"
#include "trawl/trawl.hpp"

using namespace trawl;

int main(int argc, char** argv) {
  must_have(argc, argv, 3, "IN OUT FILTER");
  FilterMatcher filter(must(Filter::parse(argv[3])));
  FileReader reader = must(FileReader::open(argv[1]));
  FileWriter writer = must(FileWriter::create(argv[2]));
  while (const auto batch = must(reader.next()))
    for (const Frame& frame : *batch)
      if (must(filter.matches(frame))) must(writer.write(frame, reader.interfaces()));
  must(writer.close());
  std::printf("%llu of %llu packets\n", static_cast<unsigned long long>(writer.packets()),
              static_cast<unsigned long long>(reader.facts().packets));
}
