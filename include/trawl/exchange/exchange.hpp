// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Packets sent, and what answers them.
///
///     Exchange exchange = must(Exchange::open("eth0"));
///     const Exchanged result = exchange.run(requests);          // every answer, and who gave none
///     const auto reply = must(exchange.ask(request));           // one packet, one answer
#pragma once
#include "trawl/capture/capture.hpp"
#include "trawl/capture/sender.hpp"
#include "trawl/core/owned_frame.hpp"
#include "trawl/exchange/reply_matcher.hpp"

namespace trawl::inline v0 {

/// `first`: it is over when every request has an answer. `all`: it goes on until the time is over, and keeps every answer.
enum class AnswersWanted : u8 { first, all };

struct ExchangeOptions {
  std::chrono::nanoseconds timeout = std::chrono::seconds(1);  ///< after the last packet of a round was sent
  u32 retries = 0;                                             ///< rounds more, with those that have no answer yet
  std::chrono::nanoseconds pace{0};                            ///< from one packet to the next; 0: as fast as it goes
  AnswersWanted answers = AnswersWanted::first;
  u32 others_kept = 0;                                         ///< frames to keep of those that answer nothing
  size_t buffer_bytes = 8u << 20;                              ///< for what comes while packets are sent
  Promiscuous promiscuous = Promiscuous::on;                   ///< off where nothing is asked in another's name
  SenderOptions sender = {};
};

/// A packet that answers.
struct Answered {
  u32 request = 0;              ///< index of what it answers
  AnswerKind kind = AnswerKind::reply;
  Timestamp sent;               ///< when the request was last handed to the kernel, by this machine's clock
  OwnedFrame frame;             ///< with the time at which the kernel got it

  Packet packet() const { return Packet(frame.frame()); }
  std::chrono::nanoseconds round_trip() const { return std::chrono::nanoseconds(frame.frame().time.nanoseconds - sent.nanoseconds); }
};

/// What came of it. Every request is either in `unanswered` or in `answered` (with AnswersWanted::all perhaps often).
struct Exchanged {
  std::vector<Answered> answered;       ///< as they came
  std::vector<u32> unanswered;          ///< ascending
  std::vector<OwnedFrame> others;       ///< the first ExchangeOptions::others_kept
  u64 others_count = 0;                 ///< packets that answer nothing
  u64 repeated = 0;                     ///< further answers, where only the first is wanted
  u64 packets_sent = 0;
  u64 unsent = 0;                       ///< refused by interface or kernel
  bool stopped = false;
  std::optional<Error> problem;         ///< of unsent packets the first refusal; else what ended it early
};

/// Sends on an interface and captures there at the same time. Belongs to one thread at a time; only its StopHandle may be
/// used from others.
class TRAWL_API Exchange {
 public:
  /// Opens the capture, then the sender. Needs CAP_NET_RAW. @return the errors of both
  static Result<Exchange> open(std::string_view interface, const ExchangeOptions& options = {});

  /// Sends the requests, which begin with the link-layer header, in their order, and waits for their answers.
  ///
  /// The capture listens before the first packet is sent, with a filter in the kernel that only what can answer passes.
  /// What this machine sends itself is no answer. Ends at the latest `timeout` after the last packet of the last round.
  /// The work for an answer does not depend on the number of requests.
  Exchanged run(std::span<const Packet> requests);
  /// The same with one request. @return nothing when no answer came; Exchanged::problem as an error
  Result<std::optional<Answered>> ask(const Packet& request);

  const InterfaceInfo& interface() const { return capture_.interfaces()[0]; }
  /// Ends run(), now and at every call until rearm().
  StopHandle stop_handle() const { return capture_.stop_handle(); }
  void rearm() { capture_.rearm(); }
  /// Of all runs.
  CaptureStatistics statistics() { return capture_.statistics(); }
  SenderStatistics sender_statistics() { return sender_.statistics(); }

 private:
  class Run;
  Exchange(Capture capture, Sender sender, const ExchangeOptions& options);
  Capture capture_;
  Sender sender_;
  ExchangeOptions options_;
};

}  // namespace trawl::inline v0
