// SPDX-License-Identifier: Apache-2.0 OR MIT
// A responder in a network of its own answers, late, twice, to others, or not at all.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "capture/own_network.hpp"
#include "exchange/pairs.hpp"
#include "trawl/capture/interfaces.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/exchange/exchange.hpp"

using namespace trawl;
using namespace trawl::testing_exchange;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

/// Sees what comes in on "right" and says what to send back.
class Responder {
 public:
  using Respond = std::function<void(const Packet& request, const std::function<void(const Packet&)>& send)>;
  explicit Responder(Respond respond) {
    if (!sender_) throw std::runtime_error("no responder");
    thread_ = std::thread([this, answer = std::move(respond)] {
      for (;;) {
        const auto batch = capture_->next();
        if (!batch || !*batch) return;
        for (const Frame& frame : **batch) {
          ++seen_;
          answer(Packet(frame), [&](const Packet& packet) { EXPECT_TRUE(sender_->send(packet.bytes())); });
        }
      }
    });
  }
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;
  ~Responder() { finish(); }
  u64 seen() const { return seen_; }
  /// Ends it. @return packets that did not reach it or that its interface dropped
  u64 finish() {
    stop_.stop();
    if (thread_.joinable()) thread_.join();
    return capture_->statistics().dropped_kernel + sender_->statistics().lost;
  }

 private:
  Result<Capture> capture_ = Capture::open("right", {.immediate = Immediate::on, .direction = CaptureDirection::in});
  Result<Sender> sender_ = Sender::open("right");
  StopHandle stop_ = capture_->stop_handle();
  std::atomic<u64> seen_ = 0;
  std::thread thread_;
};

Packet ping(u16 sequence, Ipv4Address to = theirs) {
  return ip(ours, to, {}, Icmp{Icmp::type = 8}.with(Icmp::id = 7, Icmp::sequence = sequence));
}
Packet pong(const Packet& request) {
  const auto icmp = request.find<Icmp>();
  return ip(request[Ipv4::dst], request[Ipv4::src], {},
            Icmp{Icmp::type = 0}.with(Icmp::id = *icmp[Icmp::id], Icmp::sequence = *icmp[Icmp::sequence]));
}
std::vector<Packet> pings(u16 count) {
  std::vector<Packet> requests;
  requests.reserve(count);
  for (u16 i = 0; i < count; ++i) requests.push_back(ping(i));
  return requests;
}

void with_exchange(const ExchangeOptions& options, const Responder::Respond& respond,
                   const std::function<void(Exchange&, Responder&)>& body) {
  in_own_network([&] {
    make_pair("left", "right");
    Responder responder(respond);
    auto exchange = Exchange::open("left", options);
    ASSERT_TRUE(exchange) << describe(exchange.error());
    body(*exchange, responder);
  });
}

TEST(Exchange, gives_each_request_its_reply_and_lists_those_without) {
  const auto respond = [](const Packet& request, const auto& send) {
    if (*request.find<Icmp>()[Icmp::sequence] % 10) send(pong(request));
  };
  with_exchange({.timeout = 300ms}, respond, [](Exchange& exchange, Responder&) {
    const auto requests = pings(1000);
    const auto result = exchange.run(requests);
    EXPECT_FALSE(result.problem) << describe(*result.problem);
    EXPECT_EQ(result.packets_sent, 1000u);
    EXPECT_EQ(result.answered.size(), 900u);
    ASSERT_EQ(result.unanswered.size(), 100u);
    for (u32 i = 0; i < 100; ++i) EXPECT_EQ(result.unanswered[i], 10 * i);
    for (const auto& one : result.answered) {
      EXPECT_EQ(one.kind, AnswerKind::reply);
      EXPECT_EQ(one.packet().layers().find<Icmp>()[Icmp::sequence], one.request);
      EXPECT_GT(one.round_trip(), 0ns);
      EXPECT_EQ(one.frame.frame().link, LinkType::ethernet);
    }
    EXPECT_EQ(result.others_count, 0u) << "of its own packets it sees none";
    EXPECT_FALSE(result.stopped);
  });
}

TEST(Exchange, loses_no_reply_of_ten_thousand) {
  with_exchange(
      {.timeout = 5s}, [](const Packet& request, const auto& send) { send(pong(request)); },
      [](Exchange& exchange, Responder& responder) {
        const auto requests = pings(10'000);
        const auto result = exchange.run(requests);
        EXPECT_EQ(result.packets_sent, 10'000u);
        // A busy machine's interfaces drop some on their way there and back, and count them.
        const u64 lost = exchange.statistics().dropped_kernel + exchange.sender_statistics().lost + responder.finish();
        EXPECT_EQ(result.answered.size() + lost, 10'000u);
        EXPECT_EQ(result.unanswered.size(), lost);
      });
}

TEST(Exchange, asks_again_those_who_did_not_answer) {
  std::atomic<u32> asked = 0;
  const auto respond = [&asked](const Packet& request, const auto& send) {
    if (*request.find<Icmp>()[Icmp::sequence] == 0 || ++asked > 4) send(pong(request));
  };
  with_exchange({.timeout = 100ms, .retries = 2}, respond, [](Exchange& exchange, Responder& responder) {
    const auto result = exchange.run(pings(3));
    EXPECT_TRUE(result.unanswered.empty());
    EXPECT_EQ(result.packets_sent, 7u) << "three, then two, then two";
    EXPECT_EQ(responder.seen(), 7u);
  });
}

TEST(Exchange, keeps_the_first_answer_or_all_of_them) {
  const auto respond = [](const Packet& request, const auto& send) { send(pong(request)), send(pong(request)), send(pong(request)); };
  with_exchange({.timeout = 200ms, .pace = 20ms}, respond, [](Exchange& exchange, Responder&) {
    const auto result = exchange.run(pings(2));
    EXPECT_EQ(result.answered.size(), 2u);
    EXPECT_GE(result.repeated, 2u) << "those to the first request";
  });
  with_exchange({.timeout = 200ms, .answers = AnswersWanted::all}, respond, [](Exchange& exchange, Responder&) {
    const auto result = exchange.run(pings(2));
    EXPECT_EQ(result.answered.size(), 6u);
    EXPECT_EQ(result.repeated, 0u);
    EXPECT_TRUE(result.unanswered.empty());
  });
}

TEST(Exchange, counts_and_keeps_what_answers_nothing_but_lets_nothing_in_that_cannot_answer) {
  const auto respond = [](const Packet& request, const auto& send) {
    send(ip(theirs, ours, {}, Icmp{Icmp::type = 0}.with(Icmp::id = 9, Icmp::sequence = 1)));      // could be one
    send(ip(theirs, router, {}, Icmp{Icmp::type = 0}.with(Icmp::id = 7, Icmp::sequence = 1)));    // to another
    send(ip(theirs, ours, {}, Tcp{Tcp::src_port = 1, Tcp::dst_port = 2, Tcp::flags = Tcp::Flag::ack}));  // of another protocol
    send(Packet(Ethernet{} / Arp{}.with(Arp::src_ipv4 = theirs, Arp::dst_ipv4 = ours)));
    send(time_exceeded(request));
  };
  with_exchange({.timeout = 200ms, .others_kept = 10}, respond, [](Exchange& exchange, Responder&) {
    const auto result = exchange.run(pings(1));
    ASSERT_EQ(result.answered.size(), 1u);
    EXPECT_EQ(result.answered[0].kind, AnswerKind::error);
    EXPECT_EQ(result.answered[0].packet().layers().find<Ipv4>()[Ipv4::src], router);
    EXPECT_EQ(result.others_count, 1u);
    ASSERT_EQ(result.others.size(), 1u);
    EXPECT_EQ(Packet(result.others[0].frame()).layers().find<Icmp>()[Icmp::type], 0);
    EXPECT_EQ(exchange.statistics().received, 2u);
  });
}

TEST(Exchange, takes_each_kind_of_pair_through_the_filter_in_the_kernel) {
  for (const Pair& pair : pairs()) {
    if (!pair.kind) continue;
    with_exchange(
        {.timeout = 5s}, [&](const Packet&, const auto& send) { send(pair.packet); },
        [&](Exchange& exchange, Responder&) {
          const auto answer = exchange.ask(pair.request);
          ASSERT_TRUE(answer) << pair.name << ": " << describe(answer.error());
          ASSERT_TRUE(*answer) << pair.name;
          EXPECT_EQ((*answer)->kind, *pair.kind) << pair.name;
          EXPECT_EQ((*answer)->packet().bytes(), pair.packet.bytes()) << pair.name;
        });
    if (testing::Test::IsSkipped()) return;
  }
}

TEST(Exchange, mixes_requests_of_many_kinds) {
  const auto respond = [](const Packet& request, const auto& send) {
    for (const Pair& pair : pairs())
      if (pair.kind && pair.request == request) send(pair.packet);
  };
  with_exchange({.timeout = 1s}, respond, [](Exchange& exchange, Responder&) {
    std::vector<Packet> requests;
    for (const Pair& pair : pairs())
      if (pair.kind) requests.push_back(pair.request);
    const auto result = exchange.run(requests);
    EXPECT_TRUE(result.unanswered.empty()) << "the first without: " << (result.unanswered.empty() ? 0 : result.unanswered[0]);
  });
}

TEST(Exchange, does_not_take_what_it_sent_for_an_answer_not_even_on_loopback) {
  in_own_network([] {
    set_up("lo", true);
    auto exchange = Exchange::open("lo", {.timeout = 200ms, .others_kept = 100});
    ASSERT_TRUE(exchange) << describe(exchange.error());
    const auto localhost = "127.0.0.1"_ip4;
    // From a port to the same port: the request fits itself.
    const auto request = ip(localhost, localhost, {}, Udp{Udp::src_port = 9, Udp::dst_port = 9}, Payload{"me"});
    const auto answer = exchange->ask(request);
    ASSERT_TRUE(answer) << describe(answer.error());
    EXPECT_FALSE(*answer);
    // The kernel answers nothing that is put on this interface from 127.0.0.1, so somebody else does.
    std::atomic<bool> over = false;
    std::thread other([&] {
      for (const Wire wire("lo"); !over; std::this_thread::sleep_for(5ms)) EXPECT_EQ(wire.send(pong(ping(1)).bytes()), 0);
    });
    const auto echoed = exchange->ask(ping(1));
    over = true;
    other.join();
    ASSERT_TRUE(echoed && *echoed);
    EXPECT_EQ((*echoed)->packet().layers().find<Icmp>()[Icmp::type], 0);
  });
}

TEST(Exchange, ends_at_its_timeout_or_when_it_is_told_to) {
  with_exchange(
      {.timeout = 50ms}, [](const Packet&, const auto&) {},
      [](Exchange& exchange, Responder&) {
        auto answer = exchange.ask(ping(1));
        ASSERT_TRUE(answer);
        EXPECT_FALSE(*answer);
      });
  with_exchange(
      {.timeout = 1h, .retries = 1000}, [](const Packet&, const auto&) {},
      [](Exchange& exchange, Responder& responder) {
        std::thread stopper([&, handle = exchange.stop_handle()] {
          while (!responder.seen()) std::this_thread::sleep_for(1ms);
          handle.stop();
        });
        auto result = exchange.run(pings(1));
        stopper.join();
        EXPECT_TRUE(result.stopped);
        EXPECT_EQ(result.unanswered, std::vector<u32>{0});
        result = exchange.run(pings(2));
        EXPECT_TRUE(result.stopped) << "until rearm()";
        EXPECT_EQ(result.unanswered.size(), 2u);
      });
}

TEST(Exchange, goes_on_after_a_packet_that_is_refused_and_ends_when_the_interface_is_gone) {
  with_exchange(
      {.timeout = 2s}, [](const Packet& request, const auto& send) { send(pong(request)); },
      [](Exchange& exchange, Responder&) {
        auto requests = pings(2);
        requests.insert(requests.begin(), ip(ours, theirs, {}, Udp{}, Payload{std::vector<u8>(3000)}));
        exchange.run({&requests[1], 2});
        const auto result = exchange.run({&requests[0], 1});
        EXPECT_EQ(result.unsent, 1u);
        ASSERT_TRUE(result.problem);
        EXPECT_EQ(result.problem->reason, Reason::too_large);
        EXPECT_EQ(exchange.run({&requests[1], 2}).answered.size(), 2u);
      });
  in_own_network([] {
    make_pair("left", "right");
    auto exchange = Exchange::open("left", {.timeout = 1h});
    ASSERT_TRUE(exchange);
    std::thread remover([] {
      auto seen = Capture::open("right", {.immediate = Immediate::on, .direction = CaptureDirection::in});
      ASSERT_TRUE(seen);
      set_mtu("right", 1400);  // says that it listens
      ASSERT_TRUE(seen->next());
      delete_link("left");
    });
    while (true) {  // until the other one listens
      const auto found = find_interface("right");
      ASSERT_TRUE(found);
      if (found->mtu == 1400) break;
    }
    const auto result = exchange->run(pings(1));
    remover.join();
    ASSERT_TRUE(result.problem);
    EXPECT_EQ(result.problem->reason, Reason::interface_gone);
    EXPECT_EQ(result.unanswered.size(), 1u);
  });
}

TEST(Exchange, needs_the_interface_and_the_privilege) {
  const auto exchange = Exchange::open("nosuch0");
  ASSERT_FALSE(exchange);
  EXPECT_EQ(exchange.error().reason, Reason::unknown_interface);
}

}  // namespace
