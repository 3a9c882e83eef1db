// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Any back end behind Capture: one indirect call for each batch.
#pragma once
#include "trawl/capture/capture.hpp"

namespace trawl::inline v0::detail {

template <class B>
concept CaptureBackend =
    requires(B& b, const bpf::ProgramSource& filter, std::string_view text, std::optional<std::chrono::nanoseconds> timeout) {
      { b.next() } -> std::same_as<Result<std::optional<Batch>>>;
      { b.poll_next() } -> std::same_as<Result<std::optional<Batch>>>;
      { b.drain() } -> std::same_as<Result<std::optional<Batch>>>;
      { b.fd() } -> std::same_as<int>;
      { b.interfaces() } -> std::same_as<std::span<const InterfaceInfo>>;
      { b.warnings() } -> std::same_as<const Warnings&>;
      { b.stop_handle() } -> std::same_as<StopHandle>;
      b.rearm();
      { b.set_filter(filter, text) } -> std::same_as<Result<void>>;
      b.set_timeout(timeout);
      { b.statistics() } -> std::same_as<CaptureStatistics>;
      { b.close() } -> std::same_as<Result<void>>;
    };

class AnyCapture {
  struct Table {
    void (*destroy)(void*);
    Result<std::optional<Batch>> (*next)(void*);
    Result<std::optional<Batch>> (*poll_next)(void*);
    Result<std::optional<Batch>> (*drain)(void*);
    int (*fd)(void*);
    std::span<const InterfaceInfo> (*interfaces)(void*);
    const Warnings& (*warnings)(void*);
    StopHandle (*stop_handle)(void*);
    void (*rearm)(void*);
    Result<void> (*set_filter)(void*, const bpf::ProgramSource&, std::string_view);
    void (*set_timeout)(void*, std::optional<std::chrono::nanoseconds>);
    CaptureStatistics (*statistics)(void*);
    Result<void> (*close)(void*);
  };
  template <class B> static constexpr Table table_of = {
      .destroy = [](void* b) { delete static_cast<B*>(b); },
      .next = [](void* b) { return static_cast<B*>(b)->next(); },
      .poll_next = [](void* b) { return static_cast<B*>(b)->poll_next(); },
      .drain = [](void* b) { return static_cast<B*>(b)->drain(); },
      .fd = [](void* b) { return static_cast<B*>(b)->fd(); },
      .interfaces = [](void* b) { return static_cast<B*>(b)->interfaces(); },
      .warnings = [](void* b) -> const Warnings& { return static_cast<B*>(b)->warnings(); },
      .stop_handle = [](void* b) { return static_cast<B*>(b)->stop_handle(); },
      .rearm = [](void* b) { static_cast<B*>(b)->rearm(); },
      .set_filter = [](void* b, const bpf::ProgramSource& f, std::string_view t) { return static_cast<B*>(b)->set_filter(f, t); },
      .set_timeout = [](void* b, std::optional<std::chrono::nanoseconds> t) { static_cast<B*>(b)->set_timeout(t); },
      .statistics = [](void* b) { return static_cast<B*>(b)->statistics(); },
      .close = [](void* b) { return static_cast<B*>(b)->close(); },
  };

 public:
  template <CaptureBackend B> static Capture wrap(std::unique_ptr<B> backend) {
    return Capture(std::unique_ptr<AnyCapture>(new AnyCapture(backend.release(), table_of<B>)));
  }
  AnyCapture(const AnyCapture&) = delete;
  AnyCapture& operator=(const AnyCapture&) = delete;
  ~AnyCapture() { table->destroy(body); }

  void* const body;
  const Table* const table;

 private:
  AnyCapture(void* backend, const Table& functions) : body(backend), table(&functions) {}
};

}  // namespace trawl::inline v0::detail
