// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What all back ends that wait for an interface have. A new one adds how packets come, and nothing of what is here.
#pragma once
#include <unistd.h>

#include <array>

#include "capture/linux/deadline.hpp"
#include "capture/linux/interfaces/links.hpp"
#include "capture/linux/wake_ups.hpp"
#include "trawl/capture/capture.hpp"

namespace trawl::inline v0::linux_capture {

class LiveParts {
 public:
  int fd() const { return wake_ups_.all.get(); }
  std::span<const InterfaceInfo> interfaces() const { return {&interface_.info, 1}; }
  const Warnings& warnings() const { return warnings_; }
  StopHandle stop_handle() const { return detail::StopState::handle(wake_ups_.stop); }
  void set_timeout(std::optional<std::chrono::nanoseconds> timeout) { timeout_ = timeout; }

 protected:
  /// Fewer frames than a batch may hold, so that they and the packets they point at stay in the first-level cache
  /// between us and the reader.
  static constexpr u32 frames_at_once = 64;
  static_assert(frames_at_once <= Batch::max_frames);

  LiveParts(const SystemCalls& calls, Interface interface, const CaptureOptions& options);
  /// @param packets descriptors that are readable when there are packets; borrowed
  Result<void> watch(std::span<const int> packets);

  /// For those whose packets come without a hash: a warning where one is wanted.
  void warn_of_no_hash(const CaptureOptions& options);
  /// The program that `filter` is on this interface. @return closed
  Result<bpf::Program> program_of(const bpf::ProgramSource& filter, bpf::Target target) const;
  /// The filter that is in force, for InterfaceInfo. @param text empty: what it was made of
  void name_filter(const bpf::ProgramSource& filter, std::string_view text);

  /// So many packets were taken, and so many of them are in the batch.
  void count(u64 packets, u32 frames) {
    captured_ += packets;
    filtered_ += packets - frames;
    frames_used_ = frames;
  }
  Batch batch() { return {frames_.data(), frames_used_, true}; }
  void forget_batch();
  /// Of what the interface itself lost: since the first time that it was read.
  void read_link_drops();
  /// What is counted here; the kernel's counters are not in it.
  CaptureStatistics counted() const;

  /// Until there are packets, a stop, or the time is over. @return whether there is news of the interfaces
  Result<bool> sleep(const Deadline& deadline);
  /// Sets gone_.
  void check_link() { gone_ = interface_.index() && !link_drops(calls_, interface_.index()); }
  /// Of an interface that is gone: nothing more will come.
  bool everything_read() { return true; }
  /// A fork's copy: what it shares (ring, filter, counters, which each reading sets to zero) it leaves alone.
  bool is_copy() const { return ::getpid() != opened_by_; }
  std::unexpected<Error> gone() const { return fail(Operation::read_interface, Reason::interface_gone, interface_.name()); }

  const SystemCalls& calls_;
  Interface interface_;
  const u32 snaplen_;
  WakeUps wake_ups_;
  std::array<Frame, Batch::max_frames> frames_;
  u64 captured_ = 0, filtered_ = 0;
  Warnings warnings_;
  bool gone_ = false, ended_ = false, closed_ = false, draining_ = false;

 private:
  template <class B> friend class LiveCapture;
  std::string filter_text_;
  std::optional<std::chrono::nanoseconds> timeout_;
  u32 frames_used_ = 0;
  const pid_t opened_by_ = ::getpid();
  std::optional<u64> drops_at_open_;
  u64 drops_of_link_ = 0;
};

/// `B` has
///   Result<Batch> fill()                     the next packets, or an empty batch
///   Result<void> use(bpf::Program program)   from now on, written for B::filter_target
///   Result<void> let_in()                    packets again, after a drain
///   Result<void> give_up()                   everything, but not wake_ups_
/// and what it does in a way of its own of forget_batch(), sleep(), check_link() and everything_read().
template <class B> class LiveCapture : public LiveParts {
 public:
  Result<std::optional<Batch>> next() { return take(timeout_); }
  Result<std::optional<Batch>> poll_next() { return take(std::chrono::nanoseconds(0)); }
  Result<void> set_filter(const bpf::ProgramSource& filter, std::string_view text) {
    auto program = program_of(filter, B::filter_target);
    if (!program) return fail(program.error());
    if (auto used = self().use(*std::move(program)); !used) return used;
    name_filter(filter, text);
    return {};
  }
  void rearm() {
    if (draining_ && !closed_)
      if (auto let = self().let_in(); !let) warnings_.add(let.error());
    draining_ = false;
    wake_ups_.stop->rearm();
  }
  Result<void> close() {
    if (closed_) return {};
    const auto given_up = self().give_up();
    closed_ = ended_ = true;
    wake_ups_.close();
    return given_up;
  }

 private:
  friend B;
  LiveCapture(const SystemCalls& calls, Interface interface, const CaptureOptions& options)
      : LiveParts(calls, std::move(interface), options) {}
  B& self() { return static_cast<B&>(*this); }
  Result<std::optional<Batch>> take(std::optional<std::chrono::nanoseconds> timeout) {
    std::optional<Deadline> deadline;  // while there are packets, nobody looks at the clock
    for (bool last_look = false;;) {
      if (ended_ || wake_ups_.stop->requested()) {
        self().forget_batch();
        return std::nullopt;
      }
      Result<Batch> batch = self().fill();
      if (batch && !batch->empty()) return *batch;
      if (batch && gone_ && self().everything_read()) batch = gone();
      if (!batch) return end(batch.error());
      if (last_look) return Batch();
      if (!deadline) deadline = Deadline::after(timeout);
      const auto news = self().sleep(*deadline);
      if (!news) return end(news.error());
      if (*news) self().check_link();
      last_look = deadline->passed();
    }
  }
  std::unexpected<Error> end(const Error& error) {
    ended_ = true;
    return fail(error);
  }
};

}  // namespace trawl::inline v0::linux_capture
