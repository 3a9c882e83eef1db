// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "exchange/ends.hpp"
#include "exchange/identity.hpp"

namespace trawl::inline v0::exchange_identity {
namespace {

using wire::Answer;
using wire::Compare;
using wire::Compared;

constexpr u64 reply_seed = 1, quote_seed = 2, close_quote_seed = 3;
constexpr size_t quoted_bytes = 8;  // RFC 792: behind the network header

constexpr u64 mix(u64 key, u64 value) {
  key = (key ^ value) * 0x9e3779b97f4a7c15u;
  return key ^ key >> 32;
}
u64 mix(u64 key, const std::optional<Value>& value) { return value ? mix(mix(key, value->high), value->low) : mix(key, ~u64{1}); }

enum class Role : u8 { request, reply };

/// One layer as one of the ways says it. `open`: who answers is not known beforehand.
u64 mix_layer(u64 key, const Part& part, const Answer& answer, Role role, bool open) {
  key = mix(key, part.record->id);
  for (u8 i = 0; i < answer.count; ++i) {
    const Compared& c = answer.compared[i];
    if (c.how == Compare::equal) key = mix(key, part.value(role == Role::request ? c.request : c.reply));
    if (c.how != Compare::between) continue;
    if (open) key = mix(key, 0);
    else
      key = mix(mix(key, part.value(role == Role::request ? c.request : c.reply)), part.value(role == Role::request ? c.reply : c.request));
  }
  return key;
}

/// The first that may hold of what a message quotes of a layer; without one the layer itself is all that is known.
u64 mix_quoted(u64 key, const Part& part, bool close) {
  key = mix(key, part.record->id);
  for (const Answer& answer : part.record->replies) {
    if (!part.may_hold(answer.request)) continue;
    for (u8 i = 0; i < answer.count; ++i) {
      const Compared& c = answer.compared[i];
      if (c.how == Compare::equal || c.how == Compare::covers || (c.how == Compare::when_quoted && close))
        key = mix(key, part.value(c.request));
      if (c.how == Compare::between) key = mix(mix(key, part.value(c.request)), part.value(c.reply));
    }
    break;
  }
  return key;
}

}  // namespace

void Keys::add(u64 key) {
  for (const u64 known : all())
    if (known == key) return;
  if (count < most) item[count++] = key;
}

Keys keys_of_request(const Parts& request) {
  Keys keys;
  keys.add(reply_seed);
  for (const Part& part : request.all()) {
    Keys longer;
    for (const u64 key : keys.all())
      for (const Answer& answer : part.record->replies)
        if (wire::holds(answer.request, part.bytes.data, part.bytes.size))
          longer.add(mix_layer(key, part, answer, Role::request, answered_by_anyone(part)));
    keys = longer;
  }
  if (!request.count) keys.count = 0;
  return keys;
}

Keys keys_of_reply(const Parts& reply) {
  Keys keys, found;
  keys.add(reply_seed);
  for (u32 i = 0; i < reply.count; ++i) {
    const Part& part = reply.item[i];
    const bool network = ends_of(*part.record) != nullptr;
    Keys longer;
    for (const u64 key : keys.all())
      for (const Answer& answer : part.record->replies) {
        if (!wire::holds(answer.reply, part.bytes.data, part.bytes.size)) continue;
        longer.add(mix_layer(key, part, answer, Role::reply, false));
        if (network) longer.add(mix_layer(key, part, answer, Role::reply, true));
      }
    keys = longer;
    if (!network || i + 1 == reply.count)
      for (const u64 key : keys.all()) found.add(key);
  }
  return found;
}

Keys keys_when_quoted(const Parts& request) {
  Keys keys;
  u32 first = 0;
  while (first < request.count && !ends_of(*request.item[first].record)) ++first;
  if (first == request.count) return keys;
  u64 close = mix_quoted(close_quote_seed, request.item[first], true), any = mix_quoted(quote_seed, request.item[first], false);
  if (first + 1 < request.count) {
    const Part& whole = request.item[first + 1];
    if (!ends_of(*whole.record)) {  // of a network header inside another not even the addresses may be there
      const Part next(*whole.record, whole.bytes.first(quoted_bytes), 0);
      close = mix_quoted(close, next, false), any = mix_quoted(any, next, false);
    }
  }
  keys.add(close), keys.add(any);
  return keys;
}

}  // namespace trawl::inline v0::exchange_identity
