// SPDX-License-Identifier: Apache-2.0 OR MIT
// A capture in a libuv loop, with a callback for each batch; Ctrl-C ends it.
#include <uv.h>

#include "../must.hpp"
#include "trawl/capture/async.hpp"
#include "trawl/trawl.hpp"

using namespace trawl;

namespace {

/// All that trawl asks of a loop.
struct UvLoop {
  uv_loop_t* loop;
  struct Wait {
    uv_poll_t handle;
    std::function<void()> ready;
  };
  void when_readable(int fd, std::function<void()> ready) {
    auto* wait = new Wait{{}, std::move(ready)};
    wait->handle.data = wait;
    uv_poll_init(loop, &wait->handle, fd);
    uv_poll_start(&wait->handle, UV_READABLE, [](uv_poll_t* handle, int, int) {
      uv_poll_stop(handle);
      // A descriptor is in the loop once: this handle has to be gone before the next one.
      uv_close(reinterpret_cast<uv_handle_t*>(handle), [](uv_handle_t* closed) {
        const std::unique_ptr<Wait> done(static_cast<Wait*>(closed->data));
        done->ready();
      });
    });
  }
};

Capture* captured;

}  // namespace

int main(int argc, char** argv) {
  must_have(argc, argv, 1, "INTERFACE");
  UvLoop loop{uv_default_loop()};
  Capture capture = must(Capture::open(argv[1]));
  captured = &capture;
  u64 packets = 0;
  async_each(capture, loop, [&](Result<std::optional<Batch>> batch) {
    const auto got = must(std::move(batch));
    if (got) packets += got->size();
    return got.has_value();
  });
  uv_signal_t signal;
  uv_signal_init(loop.loop, &signal);
  uv_signal_start(
      &signal, [](uv_signal_t* handle, int) { captured->stop(), uv_close(reinterpret_cast<uv_handle_t*>(handle), nullptr); }, SIGINT);
  uv_run(loop.loop, UV_RUN_DEFAULT);
  std::printf("%llu packets\n", static_cast<unsigned long long>(packets));
}
