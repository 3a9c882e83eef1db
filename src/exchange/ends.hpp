// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Addresses of both ends of an exchange.
#pragma once
#include "exchange/identity.hpp"

namespace trawl::inline v0::exchange_identity {

/// A multicast group, or IPv4's limited broadcast.
constexpr bool is_group(const wire::Ref& field, const Value& address) {
  if (field.width == 32) return address.low >> 28 == 0xe || address.low == 0xffffffff;
  return field.width == 128 && address.high >> 56 == 0xff;
}
constexpr bool is_unspecified(const Value& address) { return address == Value{}; }

/// Who answers, or where to, is not known beforehand: the request went to a group, or came from nobody.
inline bool answered_by_anyone(const Part& request) {
  const auto* ends = ends_of(*request.record);
  if (!ends) return false;
  const auto from = request.value(ends->request), to = request.value(ends->reply);
  return from && to && (is_group(ends->reply, *to) || is_unspecified(*from));
}

}  // namespace trawl::inline v0::exchange_identity
