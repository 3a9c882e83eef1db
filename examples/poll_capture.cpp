// SPDX-License-Identifier: Apache-2.0 OR MIT
// A capture in a poll() loop beside other descriptors: here standard input, whose end ends the program.
#include <poll.h>
#include <unistd.h>

#include "must.hpp"
#include "trawl/trawl.hpp"

using namespace trawl;

int main(int argc, char** argv) {
  must_have(argc, argv, 1, "INTERFACE");
  Capture capture = must(Capture::open(argv[1]));
  u64 packets = 0;
  for (bool more = true; more;) {
    pollfd ready[] = {{.fd = capture.fd(), .events = POLLIN, .revents = 0}, {.fd = STDIN_FILENO, .events = POLLIN, .revents = 0}};
    if (::poll(ready, 2, -1) < 0) return 1;

    for (;;) {  // never blocks; an empty batch: that was all for now
      const auto batch = must(capture.poll_next());
      if (!batch || batch->empty()) break;
      packets += batch->size();
    }
    char typed[256];
    if (ready[1].revents) more = ::read(STDIN_FILENO, typed, sizeof typed) > 0;
  }
  std::printf("%llu packets\n", static_cast<unsigned long long>(packets));
}
