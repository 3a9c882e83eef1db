// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What of a packet says which exchange it belongs to: the layers that state something, their values, and keys made of them.
#pragma once
#include "trawl/dissect/dissection.hpp"

namespace trawl::inline v0::exchange_identity {

/// A field of up to 128 bits.
struct Value {
  u64 high = 0, low = 0;
  constexpr bool operator==(const Value&) const = default;
};

/// One layer that states something.
struct Part {
  const wire::Record* record = nullptr;
  Bytes bytes;                    ///< its header as far as there
  u32 payload_length = 0;         ///< as the packet says it
  wire::Layout where;             ///< of its parts, if it has such and the fixed header is whole

  Part() = default;
  Part(const wire::Record& of, Bytes header, u32 payload);
  /// Nothing where the packet has no such field, or has been cut before it.
  std::optional<Value> value(const wire::Ref& field) const;
  Bytes list(const wire::Ref& field) const;
  /// True as well where the bytes that it asks about are missing.
  bool may_hold(const wire::Term& term) const;
};

/// The layers of a packet that state something, outermost first; those behind the eighth are left out.
struct Parts {
  static constexpr u32 most = 8;
  Part item[most];
  u32 count = 0;
  std::span<const Part> all() const { return {item, count}; }
};
enum class Quoted : bool { no, yes };
void find_parts(Parts& parts, const Dissection& d, Quoted quoted);
bool quotes(const Dissection& d);
/// The statement of a network layer about the addresses of both ends; null for other layers.
const wire::Compared* ends_of(const wire::Record& record);

/// A few different keys.
struct Keys {
  static constexpr u32 most = 16;
  u64 item[most];
  u32 count = 0;
  void add(u64 key);
  std::span<const u64> all() const { return {item, count}; }
};
/// Keys under which a request is found: by its reply, and by what quotes it (the closest first).
Keys keys_of_request(const Parts& request);
Keys keys_when_quoted(const Parts& request);
/// Keys under which a reply looks for its request.
Keys keys_of_reply(const Parts& reply);

/// The comparisons themselves.
bool is_reply(const Parts& reply, const Parts& request);
/// @param outer the message that quotes
bool is_quote(const Parts& quoted, const Parts& outer, const Parts& request);

}  // namespace trawl::inline v0::exchange_identity
