// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A thread for each capture of a Live, and what they get in order of time.
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "cli/input/live.hpp"
#include "trawl/capture/time_order.hpp"

namespace cli {

class InThreads {
 public:
  /// Called by one thread at a time. @return false: no more is wanted
  using Take = std::function<trawl::Result<bool>(const trawl::Batch&, std::span<const trawl::InterfaceInfo>)>;

  InThreads(Live& live, Take take);
  /// Until all captures have ended, by a stop or an error, or for `seconds` if that is above 0. `report` is called while
  /// no thread touches a capture, whenever `wants_report` says so.
  trawl::Result<void> run(double seconds, const std::function<bool()>& wants_report, const std::function<void()>& report);

 private:
  struct Sink {
    InThreads& all;
    trawl::Result<void> write(const trawl::Batch& batch, std::span<const trawl::InterfaceInfo> interfaces) {
      return all.deliver(batch, interfaces);
    }
    trawl::Result<void> close() { return {}; }
  };
  trawl::Result<void> deliver(const trawl::Batch& batch, std::span<const trawl::InterfaceInfo> interfaces);
  trawl::Result<void> work(size_t capture);
  void stop();

  Live& live_;
  Take take_;
  Sink sink_{*this};
  trawl::TimeOrder order_;
  std::vector<trawl::StopHandle> handles_;
  std::vector<std::mutex> at_work_;   ///< held while a thread uses its capture
  std::atomic<bool> enough_ = false;

  std::mutex mutex_;
  std::condition_variable changed_;
  size_t running_ = 0;
  trawl::Result<void> result_;
};

}  // namespace cli
