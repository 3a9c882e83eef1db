// SPDX-License-Identifier: Apache-2.0 OR MIT
// A protocol of one's own: declared once, it can be composed, dissected, printed and named like those that come with trawl.
#include "must.hpp"
#include "trawl/trawl.hpp"

using namespace trawl;

struct Acme : wire::Layer<Acme, 4> {
  static constexpr auto name = "acme";
  static constexpr auto title = "Acme Sensor Protocol";
  static constexpr Field<u8, 0, 4> version{"version", "ACME-7 2", {.initial = 1}};
  static constexpr Field<bool, 4> alarm{"alarm", "ACME-7 2"};
  static constexpr Field<u8, 5, 3> reserved{"reserved", "ACME-7 2"};
  static constexpr Field<u8, 8> sensor{"sensor", "ACME-7 2"};
  static constexpr Field<u16, 16> length{"length", "ACME-7 2"};
  static constexpr auto fields = wire::cover<4>(version, alarm, reserved, sensor, length);  // a gap does not compile
  static constexpr Part<wire::Text, 0> place{"place", "ACME-7 3"};
  static constexpr auto parts = wire::then(place);

  static constexpr auto numbers = wire::at(wire::UdpPort{7007});
  static constexpr wire::Rules rules{.expect = version == 1, .header_bytes = length + 4};
  using Layer::Layer;
};

int main() {
  Catalog catalog = standard_catalog;
  catalog.add(wire::record<Acme>);

  Packet packet(Ethernet{} / Ipv4{} / Udp{} / Acme{Acme::sensor = 42}.with(Acme::place = "boiler"), LinkType::ethernet, catalog);
  must_hold(packet[Udp::dst_port] == 7007, "the number of what follows was filled in");
  must_hold(packet[Acme::length] == 6, "and the length");
  packet[Acme::alarm] = true;
  packet.update_checksums();

  std::string text;
  append_json(text, packet.frame(), packet.layers(), {.number = 1});
  const Columns columns = must(Columns::resolve(std::vector<std::string>{"ip.ttl", "acme.sensor", "acme.place"}, {}, catalog));
  columns.append_row(text, packet.frame(), packet.layers(), {});
  std::fputs(text.c_str(), stdout);
  must_hold(text.ends_with("64\t42\tboiler\n"), "names of own fields are as good as any");
}
