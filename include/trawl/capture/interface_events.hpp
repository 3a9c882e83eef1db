// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What happens to the network interfaces of this machine (of this network namespace).
#pragma once
#include <chrono>
#include <optional>
#include <vector>

#include "trawl/capture/interfaces.hpp"
#include "trawl/capture/stop_handle.hpp"

namespace trawl::inline v0 {

enum class InterfaceChange : u8 {
  appeared,
  gone,             ///< deleted, or moved to another network namespace
  up,               ///< switched on by the administrator; a carrier may be missing
  down,
  renamed,
  mtu,
  address_added,
  address_removed,
  overrun,          ///< the system had no room to tell everything: ask interfaces() what there is now
};
TRAWL_API std::string_view name(InterfaceChange change);

struct InterfaceEvent {
  InterfaceChange change = InterfaceChange::overrun;
  u32 index = 0;                              ///< of the interface; 0 for an overrun
  std::string name;                           ///< after the change; of one that is gone the last one
  std::string old_name = {};                  ///< renamed: the one before
  u32 mtu = 0;
  std::optional<InterfaceAddress> address = {};   ///< the one added or removed

  bool operator==(const InterfaceEvent&) const = default;
};

struct InterfaceEventsOptions {
  std::optional<std::chrono::nanoseconds> timeout = {};  ///< next() gives no events after it; unset: it waits for ever
  u32 buffer_bytes = 1u << 20;                           ///< for events not yet read; the system may give less (rmem_max)
};

namespace detail {
class InterfaceEventsBody;
}

/// Tells each change after open() once, in order. Belongs to one thread at a time; only its StopHandle may be used from others.
class TRAWL_API InterfaceEvents {
 public:
  /// Needs no privilege. What is there already is not told: ask interfaces() after this.
  static Result<InterfaceEvents> open(const InterfaceEventsOptions& options = {});
  InterfaceEvents(InterfaceEvents&&) noexcept;
  InterfaceEvents& operator=(InterfaceEvents&&) noexcept;
  ~InterfaceEvents();

  /// Blocks until something happens; an empty list after the timeout. @return no list after stop()
  Result<std::optional<std::vector<InterfaceEvent>>> next();
  /// The same, never blocks.
  Result<std::optional<std::vector<InterfaceEvent>>> poll_next();
  /// Readable when poll_next() has something to say, a stop included.
  int fd() const;

  StopHandle stop_handle() const;
  void stop() { stop_handle().stop(); }
  /// Takes a stop back.
  void rearm();

 private:
  explicit InterfaceEvents(std::unique_ptr<detail::InterfaceEventsBody> body);
  std::unique_ptr<detail::InterfaceEventsBody> body_;
};

}  // namespace trawl::inline v0
