// SPDX-License-Identifier: Apache-2.0 OR MIT
// Asks every address of a prefix who has it, and prints who answers.
#include "ends.hpp"

using namespace trawl;

int main(int argc, char** argv) {
  must_have(argc, argv, 3, "INTERFACE ADDRESS PREFIX-LENGTH");
  const Ipv4Address network = must_be_ipv4(argv[2]);
  const int length = std::atoi(argv[3]);
  must_hold(length >= 16 && length <= 32, "the prefix has 16 to 32 bits");

  Exchange exchange = must(Exchange::open(argv[1], {.timeout = std::chrono::milliseconds(500), .retries = 1}));
  const Ends ours = ends_of(exchange);
  std::vector<Packet> requests;
  const u32 count = 1u << (32 - length), first = load_be<u32>(network.octet) & ~(count - 1);
  for (u32 i = 0; i < count; ++i) {
    Ipv4Address address;
    store_be<u32>(address.octet, first + i);
    requests.push_back(who_has(ours, address));
  }

  const Exchanged result = exchange.run(requests);
  for (const Answered& one : result.answered) {
    const Packet packet = one.packet();
    const auto arp = packet.find<Arp>();
    std::printf("%s is at %s\n", std::string(text(*arp[Arp::src_ipv4])).c_str(), std::string(text(*arp[Arp::src_mac])).c_str());
  }
  std::printf("%zu of %u addresses answered\n", result.answered.size(), count);
}
