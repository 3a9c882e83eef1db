// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/input/in_threads.hpp"

#include <chrono>
#include <thread>

namespace cli {
namespace {

using namespace std::chrono_literals;

constexpr auto idle = 100ms;
trawl::Timestamp certain_by_now() {
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch() -
                                                               trawl::Capture::longest_delay)
              .count()};
}

}  // namespace

InThreads::InThreads(Live& live, Take take)
    : live_(live),
      take_(std::move(take)),
      order_(sink_, trawl::u32(live.captures().size())),
      at_work_(live.captures().size()) {
  for (trawl::Capture& capture : live.captures()) {
    capture.set_timeout(idle);
    handles_.push_back(capture.stop_handle());
  }
}

void InThreads::stop() {
  for (const trawl::StopHandle& handle : handles_) handle.stop();
}

trawl::Result<void> InThreads::deliver(const trawl::Batch& batch, std::span<const trawl::InterfaceInfo> interfaces) {
  if (enough_) return {};
  const auto more = take_(batch, interfaces);
  if (!more || !*more) {
    enough_ = true;
    stop();
  }
  if (!more) return std::unexpected(more.error());
  return {};
}

trawl::Result<void> InThreads::work(size_t index) {
  trawl::Capture& capture = live_.captures()[index];
  const auto source = trawl::u32(index);
  std::vector<trawl::Frame> frames;
  for (bool draining = false;;) {
    trawl::Result<void> handled;
    {
      const std::scoped_lock lock(at_work_[index]);
      auto batch = draining ? capture.drain() : capture.next();
      if (!batch) return std::unexpected(batch.error());
      if (!*batch) {
        if (draining) return {};
        draining = true;   // stopped: take what was received before
        continue;
      }
      frames.assign((*batch)->begin(), (*batch)->end());
      for (trawl::Frame& frame : frames) frame.interface += trawl::u32(live_.interface_of(index));
      handled = frames.empty() ? order_.advance(source, certain_by_now())
                               : order_.write(source, {frames.data(), trawl::u32(frames.size())}, live_.interfaces());
    }
    if (!handled) return handled;
  }
}

trawl::Result<void> InThreads::run(double seconds, const std::function<bool()>& wants_report, const std::function<void()>& report) {
  using Clock = std::chrono::steady_clock;
  auto deadline = Clock::time_point::max();
  if (seconds > 0) deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  running_ = live_.captures().size();
  std::vector<std::thread> threads;
  threads.reserve(running_);
  for (size_t i = 0; i < live_.captures().size(); ++i)
    threads.emplace_back([this, i] {
      auto done = work(i);
      if (auto last = order_.finish(trawl::u32(i)); done && !last) done = last;
      if (!done) stop();
      const std::scoped_lock lock(mutex_);
      if (!done && result_) result_ = done;
      --running_;
      changed_.notify_all();
    });
  std::unique_lock lock(mutex_);
  while (running_) {
    changed_.wait_for(lock, 50ms);
    if (Clock::now() >= deadline) stop(), deadline = Clock::time_point::max();
    if (!wants_report()) continue;
    lock.unlock();
    {
      std::vector<std::unique_lock<std::mutex>> held;
      held.reserve(at_work_.size());
      for (std::mutex& one : at_work_) held.emplace_back(one);
      report();
    }
    lock.lock();
  }
  lock.unlock();
  for (std::thread& thread : threads) thread.join();
  return result_;
}

}  // namespace cli
