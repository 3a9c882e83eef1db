// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What is wrong inside a packet. An Error (error.hpp) is something wrong in the world around it.
#pragma once
#include "trawl/core/bytes.hpp"

namespace trawl::inline v0 {

enum class FaultKind : u16 {
  none,
  too_short,         ///< the header needs more bytes than there are
  bad_length,        ///< a length field contradicts the header that holds it
  unexpected_value,  ///< a field that identifies the protocol (IP version, ...) has another value
  too_deep,          ///< more layers than a dissection holds; the rest is payload
};
constexpr std::string_view name(FaultKind kind) {
  constexpr std::string_view names[] = {"none", "too_short", "bad_length", "unexpected_value", "too_deep"};
  return names[size_t(kind)];
}

/// Where and why a dissection stopped. The layers before it are kept.
struct Fault {
  FaultKind kind = FaultKind::none;
  u16 protocol = 0;   ///< its index in the catalog that the dissection used
  u32 offset = 0;     ///< of the layer at fault, bytes from the start of the packet
  u32 needed = 0;     ///< bytes that the layer needs or claims
  u32 available = 0;  ///< bytes that there are

  constexpr explicit operator bool() const { return kind != FaultKind::none; }
  constexpr bool operator==(const Fault&) const = default;
};
static_assert(sizeof(Fault) == 16);

}  // namespace trawl::inline v0
