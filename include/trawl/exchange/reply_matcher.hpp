// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Which packet answers which, from what the protocols of their layers state (wire/answers.hpp). Hosted: the matcher allocates.
#pragma once
#include <optional>
#include <unordered_map>
#include <vector>

#include "trawl/dissect/packet.hpp"

namespace trawl::inline v0 {

enum class AnswerKind : u8 {
  reply,  ///< of the protocol asked
  error,  ///< a message that quotes the request: ICMP's destination unreachable, time exceeded, ...
};

/// Whether, and how, `packet` answers `request`. Neither needs bytes behind its headers; a request may have been sent from an
/// unspecified address or to a group. The request itself, byte for byte, is no answer. @pre both were dissected with the same catalog
TRAWL_API std::optional<AnswerKind> answers(const Dissection& packet, const Dissection& request);

/// Finds the request that a packet answers among many, in a time that does not depend on how many there are, as long as
/// they differ in what their protocols state.
class TRAWL_API ReplyMatcher {
 public:
  struct Match {
    u32 request = 0;              ///< its index
    AnswerKind kind = AnswerKind::reply;
    bool first = true;            ///< no packet has answered that request before
  };

  ReplyMatcher() = default;
  /// Borrows the requests. None of them is waiting for an answer yet. @pre fewer than 2^32 - 1
  explicit ReplyMatcher(std::span<const Packet> requests) : requests_(requests), state_(requests.size()) {}

  /// From now on packets may answer this request. Saying so again does nothing. @pre request is an index
  void expect(u32 request);
  /// The request that a packet answers: of several the earliest expected one without an answer, else the earliest.
  std::optional<Match> match(const Dissection& packet);
  bool answered(u32 request) const { return state_[request].answered; }
  /// How many of the requests have an answer.
  size_t answered_count() const { return answered_; }

 private:
  static constexpr u32 none = ~u32{};
  struct State {
    bool expected = false, answered = false;
  };
  struct Node {
    u32 request, next;
  };
  struct Chain {
    u32 first, last;
  };
  void insert(u64 key, u32 request);
  std::optional<u32> find(u64 key, const Dissection& packet, AnswerKind kind);

  std::span<const Packet> requests_;
  std::vector<State> state_;
  std::vector<Node> nodes_;
  std::unordered_map<u64, Chain> chains_;
  size_t answered_ = 0;
};

}  // namespace trawl::inline v0
