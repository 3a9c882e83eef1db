// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/exchange/reply_matcher.hpp"

#include "exchange/identity.hpp"

namespace trawl::inline v0 {

using namespace exchange_identity;

std::optional<AnswerKind> answers(const Dissection& packet, const Dissection& request) {
  if (packet.packet == request.packet) return {};
  Parts asked, outer;
  find_parts(asked, request, Quoted::no);
  find_parts(outer, packet, Quoted::no);
  if (quotes(packet)) {
    Parts quoted;
    find_parts(quoted, packet, Quoted::yes);
    if (is_quote(quoted, outer, asked)) return AnswerKind::error;
  }
  if (is_reply(outer, asked)) return AnswerKind::reply;
  return {};
}

void ReplyMatcher::insert(u64 key, u32 request) {
  const u32 node = u32(nodes_.size());
  nodes_.push_back({request, none});
  const auto [chain, fresh] = chains_.try_emplace(key, Chain{node, node});
  if (fresh) return;
  nodes_[chain->second.last].next = node;
  chain->second.last = node;
}

void ReplyMatcher::expect(u32 request) {
  if (std::exchange(state_[request].expected, true)) return;
  Parts parts;
  find_parts(parts, requests_[request].layers(), Quoted::no);
  const auto keys = keys_of_request(parts), quoted = keys_when_quoted(parts);
  for (const u64 key : keys.all()) insert(key, request);
  for (const u64 key : quoted.all()) insert(key, request);
}

/// The best of those under a key, if any of them is answered by this packet.
std::optional<u32> ReplyMatcher::find(u64 key, const Dissection& packet, AnswerKind kind) {
  const auto chain = chains_.find(key);
  if (chain == chains_.end()) return {};
  std::optional<u32> again;
  for (u32 i = chain->second.first; i != none; i = nodes_[i].next) {
    const u32 request = nodes_[i].request;
    if (state_[request].answered && again) continue;
    if (answers(packet, requests_[request].layers()) != kind) continue;
    if (!state_[request].answered) return request;
    again = request;
  }
  return again;
}

std::optional<ReplyMatcher::Match> ReplyMatcher::match(const Dissection& packet) {
  if (chains_.empty()) return {};
  const auto kind = quotes(packet) ? AnswerKind::error : AnswerKind::reply;
  Parts parts;
  find_parts(parts, packet, kind == AnswerKind::error ? Quoted::yes : Quoted::no);
  const Keys keys = kind == AnswerKind::error ? keys_when_quoted(parts) : keys_of_reply(parts);
  std::optional<Match> best;
  for (const u64 key : keys.all()) {
    const auto request = find(key, packet, kind);
    if (!request) continue;
    if (!best || (!best->first && !state_[*request].answered)) best = Match{*request, kind, !state_[*request].answered};
    if (best->first) break;
  }
  if (best && best->first) {
    state_[best->request].answered = true;
    ++answered_;
  }
  return best;
}

}  // namespace trawl::inline v0
