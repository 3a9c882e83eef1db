// SPDX-License-Identifier: Apache-2.0 OR MIT
// Writes packets to disk as they come, in constant memory, until Ctrl-C: at any moment the file is whole.
#include <csignal>

#include "must.hpp"
#include "trawl/trawl.hpp"

using namespace trawl;

namespace {
StopHandle stop_capture;
}

int main(int argc, char** argv) {
  must_have(argc, argv, 2, "INTERFACE FILE");
  Capture capture = must(Capture::open(argv[1]));
  FileWriter writer = must(FileWriter::create(argv[2], {.flush = FlushWhen::after_each_batch}));

  stop_capture = capture.stop_handle();
  std::signal(SIGINT, [](int) { stop_capture.stop(); });

  while (const auto batch = must(capture.next())) must(writer.write(*batch, capture.interfaces()));
  while (const auto batch = must(capture.drain())) must(writer.write(*batch, capture.interfaces()));  // what had come before
  must(writer.close());

  const CaptureStatistics counted = capture.statistics();
  must_hold(counted.received == counted.captured + counted.dropped_kernel + counted.discarded, "no packet is unaccounted for");
  std::printf("%llu packets received, %llu written, %llu dropped\n", static_cast<unsigned long long>(counted.received),
              static_cast<unsigned long long>(writer.packets()), static_cast<unsigned long long>(counted.dropped_kernel));
}
