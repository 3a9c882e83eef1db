// SPDX-License-Identifier: Apache-2.0 OR MIT
// Prints the packets of a file: as a line, as a tree, as JSON, and as columns.
#include "must.hpp"
#include "trawl/trawl.hpp"

using namespace trawl;

int main(int argc, char** argv) {
  must_have(argc, argv, 1, "FILE");
  const Summary summary;
  const Columns columns = must(Columns::resolve(std::vector<std::string>{"frame.number", "frame.protocols", "ip.src", "tcp.dstport"}));

  FileReader reader = must(FileReader::open(argv[1]));
  FrameContext context;
  while (const auto batch = must(reader.next()))
    for (const Frame& frame : *batch) {
      ++context.number;
      context.interfaces = reader.interfaces();
      const Dissection layers = dissect(frame);
      std::string text;
      summary.append(text, frame, layers);
      text += '\n';
      append_tree(text, frame, layers, context);
      append_json(text, frame, layers, context);
      columns.append_row(text, frame, layers, context);
      std::fputs(text.c_str(), stdout);
    }
  std::fflush(stdout);
  if (!reader.warnings().empty()) std::fprintf(stderr, "%s\n", describe(reader.warnings().first()[0]).c_str());
}
