// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "harness.hpp"

#include "trawl/dissect/field_name.hpp"
#include "trawl/dissect/update.hpp"
#include "trawl/dissect/value_text.hpp"
#include "trawl/wire/stack.hpp"

using namespace trawl;
using namespace trawl::wire;
using namespace trawl::literals;

namespace {

u8 buffer[256];

Frame compose_example() {
  const auto n = compose(Ethernet{} / Ipv4{Ipv4::src = "192.0.2.7"_ip4, Ipv4::dst = "192.0.2.1"_ip4} / Udp{Udp::src_port = 4000} /
                             Dns{Dns::id = 7}.with(Dns::questions(DnsQuestion{}.with(
                                 DnsQuestion::owner = "example.org", DnsQuestion::type = DnsType::a, DnsQuestion::dns_class = 1))),
                         buffer);
  Frame frame;
  frame.bytes = {buffer, n ? *n : 0};
  frame.original_length = u32(frame.bytes.size);
  return frame;
}
struct FirstText {
  char text[64];
  size_t size = 0;
  void operator()(const Seen& seen) {
    if (size) return;
    TextOut out(text);
    put_value(out, seen);
    size = out.size();
  }
  std::string_view view() const { return {text, size}; }
};
std::string_view field(std::string_view name, const Dissection& d, FirstText& text) {
  if (const auto resolved = FieldName::resolve(name)) resolved->each(d, text);
  return text.view();
}

}  // namespace

TRAWL_ARM_TEST(a_packet_is_composed_and_dissected_without_heap) {
  const Frame frame = compose_example();
  const Dissection d = dissect(frame);
  TRAWL_ARM_CHECK(d.count == 4 && !d.fault);
  TRAWL_ARM_CHECK(d.find<Udp>()[Udp::dst_port] == 53);
  FirstText name, status;
  TRAWL_ARM_CHECK(field("dns.qry.name", d, name) == "example.org");
  TRAWL_ARM_CHECK(field("udp.checksum.status", d, status) == "1");
}

TRAWL_ARM_TEST(every_truncation_stays_inside_the_packet) {
  const Frame frame = compose_example();
  for (size_t n = 0; n < frame.bytes.size; ++n) {
    Frame cut = frame;
    cut.bytes = frame.bytes.first(n);
    const Dissection d = dissect_strict(cut);
    for (const LayerAt& layer : d) TRAWL_ARM_CHECK(layer.payload() <= n);
  }
}

TRAWL_ARM_TEST(a_field_is_edited_in_place_and_the_sum_follows) {
  const Frame frame = compose_example();
  const Dissection d = dissect(frame);
  const auto udp = Edit<Udp>::of(std::span<u8>(buffer).subspan(34));
  udp[Udp::src_port] = 4001;
  TRAWL_ARM_CHECK(checksum_status(d, d.layers[2]) == ChecksumStatus::bad);
  TRAWL_ARM_CHECK(update_checksums(d, buffer) == 2);
  TRAWL_ARM_CHECK(checksum_status(d, d.layers[2]) == ChecksumStatus::good);
}

TRAWL_ARM_TEST(a_constant_packet_is_made_at_compile_time) {
  static constexpr auto syn = (Ethernet{} / Ipv4{} / Tcp{Tcp::flags = Tcp::Flag::syn}).build();
  TRAWL_ARM_CHECK(syn.size == 54 && syn.data[47] == 2);
}
