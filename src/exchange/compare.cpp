// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <bit>

#include "exchange/ends.hpp"
#include "exchange/identity.hpp"

namespace trawl::inline v0::exchange_identity {
namespace {

using wire::Answer;
using wire::Compare;
using wire::Compared;

constexpr u8 lower(u8 c) { return c >= 'A' && c <= 'Z' ? u8(c + 32) : c; }
bool same_text(Bytes a, Bytes b) {
  if (a.size != b.size) return false;
  for (size_t i = 0; i < a.size; ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

bool ends_match(const Compared& c, const Part& reply, const Part& request) {
  const auto asker = request.value(c.request), asked = request.value(c.reply);
  const auto from = reply.value(c.request), to = reply.value(c.reply);
  if (!asker || !asked || !from || !to) return false;
  const bool group = is_group(c.reply, *asked);
  if (!group && *from != *asked) return false;
  return *to == *asker || is_unspecified(*asker) || (group && is_group(c.reply, *to));
}

/// Modulo 2^32, as TCP counts.
bool covers(const Compared& c, const Part& reply, const Part& request) {
  const auto sent = request.value(c.request), acknowledged = reply.value(c.reply), flags = request.value(c.also);
  if (!sent || !acknowledged || !flags) return false;
  const u32 length = request.payload_length + u32(std::popcount(flags->low)), ahead = u32(acknowledged->low - sent->low);
  return ahead <= length && (ahead > 0 || length == 0);
}

bool match(const Compared& c, const Part& reply, const Part& request) {
  switch (c.how) {
    case Compare::equal: return request.value(c.request) == reply.value(c.reply);
    case Compare::between: return ends_match(c, reply, request);
    case Compare::covers: return covers(c, reply, request);
    case Compare::repeats: {
      const Bytes again = reply.list(c.reply);
      return again.empty() || same_text(again, request.list(c.request));
    }
    case Compare::when_quoted: return true;
  }
  return false;
}

bool match(const Part& reply, const Part& request) {
  for (const Answer& answer : request.record->replies) {
    if (!wire::holds(answer.request, request.bytes.data, request.bytes.size) ||
        !wire::holds(answer.reply, reply.bytes.data, reply.bytes.size))
      continue;
    bool all = true;
    for (u8 i = 0; i < answer.count && all; ++i) all = match(answer.compared[i], reply, request);
    if (all) return true;
  }
  return false;
}

/// A value that the quote does not reach cannot differ.
bool same_in_quote(const Compared& c, const Part& quoted, const Part& request) {
  const auto agrees = [&](const wire::Ref& field) {
    const auto there = quoted.value(field);
    return !there || there == request.value(field);
  };
  switch (c.how) {
    case Compare::equal:
    case Compare::covers: return agrees(c.request);
    case Compare::between: return agrees(c.request) && agrees(c.reply);
    case Compare::repeats:
    case Compare::when_quoted: return true;
  }
  return false;
}

bool is_quote_of(const Part& quoted, const Part& request) {
  if (quoted.record->id != request.record->id) return false;
  for (const Answer& answer : request.record->replies) {
    if (!wire::holds(answer.request, request.bytes.data, request.bytes.size)) continue;
    if (!quoted.may_hold(answer.request)) return false;
    for (u8 i = 0; i < answer.count; ++i)
      if (!same_in_quote(answer.compared[i], quoted, request)) return false;
    return true;
  }
  return quoted.bytes.first(8) == request.bytes.first(quoted.bytes.size < 8 ? quoted.bytes.size : 8);
}

const Part* network_of(const Parts& parts, u32& at) {
  for (at = 0; at < parts.count; ++at)
    if (ends_of(*parts.item[at].record)) return &parts.item[at];
  return nullptr;
}

}  // namespace

bool is_reply(const Parts& reply, const Parts& request) {
  if (!request.count || reply.count < request.count) return false;
  for (u32 i = 0; i < request.count; ++i)
    if (reply.item[i].record->id != request.item[i].record->id) return false;
  if (reply.count > request.count && ends_of(*request.item[request.count - 1].record)) return false;  // addresses alone are not enough
  for (u32 i = 0; i < request.count; ++i)
    if (!match(reply.item[i], request.item[i])) return false;
  return true;
}

bool is_quote(const Parts& quoted, const Parts& outer, const Parts& request) {
  u32 at = 0, outer_at = 0, first = 0;
  const Part* network = network_of(request, at);
  const Part* told = network_of(outer, outer_at);
  if (!network || !network_of(quoted, first) || first || !is_quote_of(quoted.item[0], *network)) return false;
  if (told && told->record->id == network->record->id) {
    const auto* ends = ends_of(*network->record);
    const auto asker = network->value(ends->request);
    if (!asker || (!is_unspecified(*asker) && told->value(ends->reply) != asker)) return false;
  }
  for (u32 i = 1; i < quoted.count && at + i < request.count; ++i)
    if (!is_quote_of(quoted.item[i], request.item[at + i])) return false;
  return quoted.count > 1 || at + 1 == request.count;
}

}  // namespace trawl::inline v0::exchange_identity
