// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/exchange/exchange.hpp"

#include "exchange/answer_filter.hpp"

namespace trawl::inline v0 {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

namespace {

constexpr u32 sent_between_looks = 16;
constexpr auto wait_for_room = 1ms;

Result<bpf::Program> nothing(LinkType link, bpf::Target target) { return bpf::Program::reject_all(link, target); }

Timestamp now() {
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count()};
}

}  // namespace

/// One call of run().
class Exchange::Run {
 public:
  Run(Exchange& exchange, std::span<const Packet> requests)
      : options_(exchange.options_),
        capture_(exchange.capture_),
        sender_(exchange.sender_),
        requests_(requests),
        matcher_(requests),
        sent_(requests.size()) {}

  Exchanged all() {
    prepare();
    for (u32 round = 0; round <= options_.retries && going_on() && !complete(); ++round) {
      send_round();
      listen_until(clock::now() + options_.timeout);
    }
    if (auto set = capture_.set_filter(nothing); !set && !ended_) end(set.error());
    for (u32 i = 0; i < requests_.size(); ++i)
      if (!matcher_.answered(i)) result_.unanswered.push_back(i);
    return std::move(result_);
  }

 private:
  bool going_on() const { return !ended_; }
  bool complete() const { return options_.answers == AnswersWanted::first && matcher_.answered_count() == requests_.size(); }
  void end(const Error& error) {
    ended_ = true;
    if (!result_.problem) result_.problem = error;
  }

  /// Lets in what can answer, and nothing that came before.
  void prepare() {
    const auto link = capture_.link_type();
    for (bool empty = false; !empty && going_on();) empty = look(capture_.poll_next(), false);
    auto program = exchange_identity::what_can_answer(requests_, link);
    if (!program) return end(program.error());
    if (auto set = capture_.set_filter(*program); !set) end(set.error());
  }

  void send_round() {
    auto due = clock::now();
    u32 unlooked = 0;
    for (u32 i = 0; i < requests_.size() && going_on(); ++i) {
      if (matcher_.answered(i)) continue;
      send(i);
      if (options_.pace > 0ns) {
        due += options_.pace;
        listen_until(due);
      } else if (++unlooked == sent_between_looks) {
        unlooked = 0;
        look(capture_.poll_next(), true);
      }
    }
  }

  void send(u32 request) {
    const auto give_up = clock::now() + options_.sender.patience;
    matcher_.expect(request);
    while (going_on()) {
      sent_[request] = now();
      const auto sent = sender_.send(requests_[request].bytes());
      if (sent) {
        ++result_.packets_sent;
        return;
      }
      const bool full = sent.error().reason == Reason::would_block && options_.sender.when_full == WhenFull::wait;
      if (!full || clock::now() >= give_up) return refuse(sent.error());
      listen_until(clock::now() + wait_for_room);
    }
  }
  void refuse(const Error& error) {
    ++result_.unsent;
    if (!result_.problem) result_.problem = error;
    if (error.reason == Reason::interface_gone || error.reason == Reason::interface_down || error.reason == Reason::closed) ended_ = true;
  }

  void listen_until(clock::time_point end) {
    while (going_on() && !complete()) {
      const auto left = end - clock::now();
      if (left <= 0ns) {
        look(capture_.poll_next(), true);
        return;
      }
      capture_.set_timeout(left);
      look(capture_.next(), true);
    }
  }

  /// @return whether nothing was there
  bool look(const Result<std::optional<Batch>>& batch, bool match) {
    if (!batch) {
      end(batch.error());
      return true;
    }
    if (!*batch) {
      result_.stopped = ended_ = true;
      return true;
    }
    if (match)
      for (const Frame& frame : **batch) take(frame);
    return (*batch)->empty();
  }

  void take(const Frame& frame) {
    const auto dissection = dissect(frame, requests_.empty() ? wire::standard_catalog : *requests_[0].layers().catalog);
    const auto match = matcher_.match(dissection);
    if (!match) {
      ++result_.others_count;
      if (result_.others.size() < options_.others_kept) result_.others.emplace_back(frame);
    } else if (!match->first && options_.answers == AnswersWanted::first) {
      ++result_.repeated;
    } else {
      result_.answered.push_back({match->request, match->kind, sent_[match->request], OwnedFrame(frame)});
    }
  }

  const ExchangeOptions& options_;
  Capture& capture_;
  Sender& sender_;
  std::span<const Packet> requests_;
  ReplyMatcher matcher_;
  std::vector<Timestamp> sent_;
  bool ended_ = false;
  Exchanged result_;
};

Exchange::Exchange(Capture capture, Sender sender, const ExchangeOptions& options)
    : capture_(std::move(capture)),
      sender_(std::move(sender)),
      options_(options) {}

Result<Exchange> Exchange::open(std::string_view interface, const ExchangeOptions& options) {
  const CaptureOptions listening{.buffer_bytes = options.buffer_bytes,
                                 .immediate = Immediate::on,
                                 .promiscuous = options.promiscuous,
                                 .direction = CaptureDirection::in,
                                 .filter = nothing};
  auto capture = Capture::open(interface, listening);
  if (!capture) return fail(capture.error());
  auto sending = options.sender;
  sending.when_full = WhenFull::wait;
  sending.patience = 0ns;  // run() waits itself, and listens meanwhile
  auto sender = Sender::open(interface, sending);
  if (!sender) return fail(sender.error());
  return Exchange(*std::move(capture), *std::move(sender), options);
}

Exchanged Exchange::run(std::span<const Packet> requests) { return Run(*this, requests).all(); }

Result<std::optional<Answered>> Exchange::ask(const Packet& request) {
  auto result = run({&request, 1});
  if (!result.answered.empty()) return std::move(result.answered.front());
  if (result.problem) return fail(*result.problem);
  return std::nullopt;
}

}  // namespace trawl::inline v0
