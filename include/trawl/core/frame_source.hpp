// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Where frames come from and where they go: two concepts, and one type-erased reference to each.
#pragma once
#include <concepts>
#include <memory>
#include <optional>
#include <span>

#include "trawl/core/error.hpp"
#include "trawl/core/frame.hpp"
#include "trawl/core/interface_info.hpp"
#include "trawl/core/warnings.hpp"

namespace trawl::inline v0 {

/// next() gives a batch; an empty batch is a time-out; no batch is the end of the file or a stop. Everything read before
/// an error has been delivered when next() reports it; after an error the source is at its end.
template <class S> concept FrameSource = requires(S& source) {
  { source.next() } -> std::same_as<Result<std::optional<Batch>>>;
  { source.interfaces() } -> std::convertible_to<std::span<const InterfaceInfo>>;
  { source.warnings() } -> std::convertible_to<const Warnings&>;
};

/// write() takes what a source gave, with that source's interfaces (a frame's `interface` is an index into them).
template <class S> concept FrameSink = requires(S& sink, const Batch& batch, std::span<const InterfaceInfo> interfaces) {
  { sink.write(batch, interfaces) } -> std::same_as<Result<void>>;
  { sink.close() } -> std::same_as<Result<void>>;
};

/// Any source, by reference: costs one indirect call for each batch.
class SourceRef {
 public:
  template <FrameSource S> requires(!std::same_as<std::remove_const_t<S>, SourceRef>) constexpr SourceRef(S& source)
      : source_(std::addressof(source)),
        next_([](void* s) { return static_cast<S*>(s)->next(); }),
        interfaces_([](void* s) { return std::span<const InterfaceInfo>(static_cast<S*>(s)->interfaces()); }),
        warnings_([](void* s) -> const Warnings& { return static_cast<S*>(s)->warnings(); }) {}
  Result<std::optional<Batch>> next() const { return next_(source_); }
  std::span<const InterfaceInfo> interfaces() const { return interfaces_(source_); }
  const Warnings& warnings() const { return warnings_(source_); }

 private:
  void* source_;
  Result<std::optional<Batch>> (*next_)(void*);
  std::span<const InterfaceInfo> (*interfaces_)(void*);
  const Warnings& (*warnings_)(void*);
};

/// Any sink, by reference.
class SinkRef {
 public:
  template <FrameSink S> requires(!std::same_as<std::remove_const_t<S>, SinkRef>) constexpr SinkRef(S& sink)
      : sink_(std::addressof(sink)),
        write_([](void* s, const Batch& b, std::span<const InterfaceInfo> i) { return static_cast<S*>(s)->write(b, i); }),
        close_([](void* s) { return static_cast<S*>(s)->close(); }) {}
  Result<void> write(const Batch& batch, std::span<const InterfaceInfo> interfaces) const { return write_(sink_, batch, interfaces); }
  Result<void> close() const { return close_(sink_); }

 private:
  void* sink_;
  Result<void> (*write_)(void*, const Batch&, std::span<const InterfaceInfo>);
  Result<void> (*close_)(void*);
};

}  // namespace trawl::inline v0
