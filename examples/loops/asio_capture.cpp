// SPDX-License-Identifier: Apache-2.0 OR MIT
// Two captures and Ctrl-C in one thread of Asio, as coroutines.
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/signal_set.hpp>

#include "../must.hpp"
#include "trawl/capture/async.hpp"
#include "trawl/trawl.hpp"

using namespace trawl;

namespace {

/// All that trawl asks of a loop.
struct AsioLoop {
  asio::io_context& context;
  void when_readable(int fd, std::function<void()> ready) {
    // The descriptor stays the capture's: it is handed back before it would be closed.
    auto watched = std::make_shared<asio::posix::stream_descriptor>(context, fd);
    watched->async_wait(asio::posix::stream_descriptor::wait_read, [watched, ready = std::move(ready)](asio::error_code error) {
      watched->release();
      if (!error) ready();
    });
  }
};

struct Count {
  struct promise_type {
    Count get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

Count count_packets(Capture& capture, AsioLoop& loop, const char* name) {
  u64 packets = 0;
  for (;;) {
    const auto batch = must(co_await async_next(capture, loop));
    if (!batch) break;
    packets += batch->size();
  }
  std::printf("%s: %llu packets\n", name, static_cast<unsigned long long>(packets));
}

}  // namespace

int main(int argc, char** argv) {
  must_have(argc, argv, 2, "INTERFACE INTERFACE");
  asio::io_context context(1);
  AsioLoop loop{context};
  Capture first = must(Capture::open(argv[1])), second = must(Capture::open(argv[2]));
  count_packets(first, loop, argv[1]);
  count_packets(second, loop, argv[2]);
  asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([&](asio::error_code, int) { first.stop(), second.stop(); });
  context.run();
}
