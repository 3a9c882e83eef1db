// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <cerrno>
#include <set>

#include "trawl/core/describe.hpp"
#include "trawl/core/switches.hpp"

using namespace trawl;

namespace {

constexpr auto last_operation = size_t(Operation::edit_packet), last_reason = size_t(Reason::wrong_order);

[[maybe_unused]] void two_interfaces(void (*each)(void*, std::string_view), void* context) {
  each(context, "eth0");
  each(context, "lo");
}
[[maybe_unused]] void many_names(void (*each)(void*, std::string_view), void* context) {
  for (auto name : {"tcp.port", "tcp.srcport", "tcp.dstport", "udp.port", "udp.srcport", "ip.src", "ip.dst", "ip.addr", "ip.ttl", "eth.src",
                    "eth.dst", "arp.opcode", "dns.qry.name", "ipv6.src", "ipv6.dst", "icmp.type", "icmp.code", "vlan.id"})
    each(context, name);
}

[[maybe_unused]] Error error_of(Operation operation, Reason reason, std::string_view detail = {}, int code = 0) {
  return fail(operation, reason, detail, code).error();
}

}  // namespace

TEST(Describe, names_of_operations_and_reasons_are_unique) {
  std::set<std::string_view> operations, reasons;
  for (size_t i = 0; i <= last_operation; ++i) operations.insert(name(Operation(i)));
  for (size_t i = 0; i <= last_reason; ++i) reasons.insert(name(Reason(i)));
  EXPECT_EQ(operations.size(), last_operation + 1);
  EXPECT_EQ(reasons.size(), last_reason + 1);
  EXPECT_EQ(name(Operation::edit_packet), "edit_packet");
  EXPECT_EQ(name(Reason::not_in_kernel), "not_in_kernel");
  EXPECT_EQ(name(Reason(255)), "unknown");
}

#if TRAWL_WITH_ERROR_TEXT

TEST(Describe, missing_privilege_names_the_capability_and_how_to_get_it) {
  const auto text = describe(error_of(Operation::open_interface, Reason::no_permission, "eth0", EPERM));
  EXPECT_EQ(text,
            "cannot open the interface eth0: permission denied (Operation not permitted); run as root, or give the program CAP_NET_RAW: "
            "sudo setcap cap_net_raw+ep \"$(command -v trawl)\" (docs/privileges.md)");
}

TEST(Describe, an_unknown_interface_lists_those_that_there_are) {
  auto error = error_of(Operation::open_interface, Reason::unknown_interface, "eth7");
  error.valid_names = two_interfaces;
  EXPECT_EQ(describe(error), "cannot open the interface eth7: no such interface; valid: eth0, lo");
}

TEST(Describe, of_many_names_only_close_ones_are_suggested) {
  auto error = error_of(Operation::parse_name, Reason::unknown_name, "tcp.prot");
  error.valid_names = many_names;
  EXPECT_EQ(describe(error), "bad name tcp.prot: unknown name; did you mean tcp.port?");
  error.with("something.else.altogether.and.long");
  error.valid_names = [](void (*each)(void*, std::string_view), void* context) {
    for (int i = 0; i < 20; ++i) each(context, "x");
  };
  EXPECT_EQ(describe(error), "bad name something.else.altogether.and.long: unknown name");
}

TEST(Describe, a_full_disk_says_how_many_packets_are_not_on_it) {
  auto error = error_of(Operation::write_file, Reason::disk_full, {}, ENOSPC);
  error.packets_lost = 17;
  EXPECT_EQ(describe(error), "cannot write the file: the disk is full, 17 packets are not on disk; make room and capture again");
  error.packets_lost = 1;
  EXPECT_NE(describe(error).find("1 packet is not on disk"), std::string::npos);
}

TEST(Describe, damage_has_its_place) {
  auto error = error_of(Operation::read_file, Reason::truncated, "5 of 16 bytes are there");
  error.at_byte(1234).at_packet(7);
  EXPECT_EQ(describe(error), "cannot read the file: ends in the middle of a record: 5 of 16 bytes are there at byte 1234, packet 7");
}

TEST(Describe, a_syntax_error_has_its_column) {
  auto error = error_of(Operation::parse_filter, Reason::unexpected_token, "prot");
  error.at_column(5, 4);
  EXPECT_EQ(describe(error), "bad filter prot: unexpected word at column 5");
}

TEST(Describe, the_operating_system_is_quoted) {
  EXPECT_EQ(describe(error_of(Operation::open_file, Reason::system, "x.pcap", ENOENT)),
            "cannot open the file x.pcap: No such file or directory");
}

TEST(Describe, every_reason_makes_one_line_without_loose_ends) {
  for (size_t operation = 0; operation <= last_operation; ++operation)
    for (size_t reason = 0; reason <= last_reason; ++reason) {
      const auto text = describe(error_of(Operation(operation), Reason(reason), reason % 2 ? "detail" : ""));
      EXPECT_EQ(text.find('\n'), std::string::npos);
      EXPECT_EQ(text.find("  "), std::string::npos) << text;
      EXPECT_EQ(text.find(": :"), std::string::npos) << text;
      EXPECT_NE(text.find(": "), std::string::npos) << text;
      EXPECT_NE(text.back(), ' ') << text;
    }
}

#endif
