// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Packets to an interface.
#pragma once
#include <chrono>

#include "trawl/capture/statistics.hpp"
#include "trawl/core/frame_source.hpp"

namespace trawl::inline v0 {

/// What to do with a packet when the interface has no room for it.
enum class WhenFull : u8 { wait, drop_and_count };

struct SenderOptions {
  WhenFull when_full = WhenFull::wait;
  std::chrono::nanoseconds patience = std::chrono::seconds(1);  ///< how long to wait for one packet before giving it up
};

namespace detail {
class SenderBody;
}

/// A FrameSink. Bytes go out as they are, from the link-layer header on. Every packet is sent or counted as failed.
class TRAWL_API Sender {
 public:
  /// Needs CAP_NET_RAW.
  static Result<Sender> open(std::string_view interface, const SenderOptions& options = {});
  Sender(Sender&&) noexcept;
  Sender& operator=(Sender&&) noexcept;
  ~Sender();

  /// Hands one packet to the kernel.
  /// @return too_large (more than the MTU and the header), out_of_range (less than a header), interface_down,
  /// interface_gone, would_block (patience is over)
  Result<void> send(Bytes frame);
  /// All of them. One that is refused for itself is counted and goes to warnings(); only an interface that is down or gone
  /// ends it, and then the rest is counted as failed.
  Result<void> send(const Batch& batch);
  Result<void> write(const Batch& batch, std::span<const InterfaceInfo>) { return send(batch); }

  const InterfaceInfo& interface() const;
  const Warnings& warnings() const;
  SenderStatistics statistics();
  Result<void> close();

 private:
  explicit Sender(std::unique_ptr<detail::SenderBody> body);
  friend class detail::SenderBody;
  std::unique_ptr<detail::SenderBody> body_;
};

static_assert(FrameSink<Sender>);

}  // namespace trawl::inline v0
