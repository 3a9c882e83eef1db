// SPDX-License-Identifier: Apache-2.0 OR MIT
/// DNS, RFC 1035 4, over UDP and TCP; EDNS of RFC 6891; multicast DNS and LLMNR, which have the same messages.
#pragma once
#include "trawl/wire/layer.hpp"
#include "trawl/wire/numbers.hpp"

namespace trawl::inline v0::wire {

/// What carries a message whose length stands before it.
struct DnsCarriers { enum Number : u8 { tcp = 0 }; };
using DnsCarrier = DnsCarriers::Number;
template <> inline constexpr Space space<DnsCarrier>{"DnsCarrier"};

struct DnsTypes { enum Number : u16 { a = 1, ns = 2, cname = 5, soa = 6, ptr = 12, mx = 15, txt = 16, aaaa = 28, srv = 33, opt = 41 }; };
using DnsType = DnsTypes::Number;
inline constexpr ValueName dns_type_names[] = {{1, "A"}, {2, "NS"}, {5, "CNAME"}, {6, "SOA"}, {12, "PTR"}, {15, "MX"}, {16, "TXT"}, {28, "AAAA"},
    {33, "SRV"}, {35, "NAPTR"}, {41, "OPT"}, {43, "DS"}, {46, "RRSIG"}, {47, "NSEC"}, {48, "DNSKEY"}, {64, "SVCB"}, {65, "HTTPS"}, {252, "AXFR"}, {255, "ANY"}, {257, "CAA"}};
template <> inline constexpr Space space<DnsType>{"DnsType", dns_type_names};
struct DnsClasses { enum Number : u16 { in = 1, ch = 3, any = 255 }; };
using DnsClass = DnsClasses::Number;
inline constexpr ValueName dns_class_names[] = {{1, "IN"}, {3, "CH"}, {4, "HS"}, {254, "NONE"}, {255, "ANY"}};
template <> inline constexpr Space space<DnsClass>{"DnsClass", dns_class_names};

/// RFC 1035 4.1.2.
struct DnsQuestion : Layer<DnsQuestion, 0> {
  static constexpr auto name = "dns.qry";
  static constexpr auto title = "Query";
  static constexpr auto fields = cover<0>();
  static constexpr Part<DomainName, 0> owner {"name",  "RFC 1035 4.1.2"};
  static constexpr Part<DnsType, 1>    type  {"type",  "RFC 1035 3.2.2", {.say = {.initial = 1}}};
  static constexpr Part<DnsClass, 2>   dns_class {"class", "RFC 1035 3.2.4", {.say = {.show = Show::hex, .initial = 1}}};
  static constexpr auto parts = then(owner, type, dns_class);
  using Layer::Layer;
};
/// Resource record, RFC 1035 4.1.3. Its data is what the type says.
struct DnsRecord : Layer<DnsRecord, 0> {
  static constexpr auto name = "dns.resp";
  static constexpr auto title = "Resource record";
  static constexpr auto fields = cover<0>();
  static constexpr Part<DomainName, 0> owner  {"name",  "RFC 1035 4.1.3"};
  static constexpr Part<DnsType, 1>    type   {"type",  "RFC 1035 3.2.2"};
  static constexpr Part<DnsClass, 2>   dns_class {"class", "RFC 1035 3.2.4", {.say = {.show = Show::hex, .initial = 1}}};
  static constexpr Part<u32, 3>        ttl    {"ttl",   "RFC 1035 4.1.3"};
  static constexpr Part<u16, 4>        length {"len",   "RFC 1035 4.1.3"};
  static constexpr auto parts = then(owner, type, dns_class, ttl, length);
  static constexpr Rules rules {.payload_bytes = length, .next = type};
  using Layer::Layer;
};
struct DnsA : Layer<DnsA, 4> {
  static constexpr auto name = "dns";
  static constexpr auto title = "A";
  static constexpr Field<Ipv4Address, 0> address {"a", "RFC 1035 3.4.1"};
  static constexpr auto fields = cover<4>(address);
  static constexpr auto numbers = at(DnsType::a);
  using Layer::Layer;
};
struct DnsAaaa : Layer<DnsAaaa, 16> {
  static constexpr auto name = "dns";
  static constexpr auto title = "AAAA";
  static constexpr Field<Ipv6Address, 0> address {"aaaa", "RFC 3596 2.2"};
  static constexpr auto fields = cover<16>(address);
  static constexpr auto numbers = at(DnsType::aaaa);
  using Layer::Layer;
};
struct DnsNs : Layer<DnsNs, 0> {
  static constexpr auto name = "dns";
  static constexpr auto title = "NS";
  static constexpr auto fields = cover<0>();
  static constexpr Part<DomainName, 0> server {"ns", "RFC 1035 3.3.11"};
  static constexpr auto parts = then(server);
  static constexpr auto numbers = at(DnsType::ns);
  using Layer::Layer;
};
struct DnsCname : Layer<DnsCname, 0> {
  static constexpr auto name = "dns";
  static constexpr auto title = "CNAME";
  static constexpr auto fields = cover<0>();
  static constexpr Part<DomainName, 0> target {"cname", "RFC 1035 3.3.1"};
  static constexpr auto parts = then(target);
  static constexpr auto numbers = at(DnsType::cname);
  using Layer::Layer;
};
struct DnsPtr : Layer<DnsPtr, 0> {
  static constexpr auto name = "dns.ptr";
  static constexpr auto title = "PTR";
  static constexpr auto fields = cover<0>();
  static constexpr Part<DomainName, 0> target {"domain_name", "RFC 1035 3.3.12"};
  static constexpr auto parts = then(target);
  static constexpr auto numbers = at(DnsType::ptr);
  using Layer::Layer;
};
struct DnsSoa : Layer<DnsSoa, 0> {
  static constexpr auto name = "dns.soa";
  static constexpr auto title = "SOA";
  static constexpr auto fields = cover<0>();
  static constexpr Part<DomainName, 0> primary {"mname", "RFC 1035 3.3.13"};
  static constexpr Part<DomainName, 1> mailbox {"rname", "RFC 1035 3.3.13"};
  static constexpr Part<u32, 2> serial  {"serial_number",    "RFC 1035 3.3.13"};
  static constexpr Part<u32, 3> refresh {"refresh_interval", "RFC 1035 3.3.13"};
  static constexpr Part<u32, 4> retry   {"retry_interval",   "RFC 1035 3.3.13"};
  static constexpr Part<u32, 5> expire  {"expire_limit",     "RFC 1035 3.3.13"};
  static constexpr Part<u32, 6> minimum {"minimum_ttl",      "RFC 1035 3.3.13"};
  static constexpr auto parts = then(primary, mailbox, serial, refresh, retry, expire, minimum);
  static constexpr auto numbers = at(DnsType::soa);
  using Layer::Layer;
};
struct DnsMx : Layer<DnsMx, 2> {
  static constexpr auto name = "dns.mx";
  static constexpr auto title = "MX";
  static constexpr Field<u16, 0> preference {"preference", "RFC 1035 3.3.9"};
  static constexpr auto fields = cover<2>(preference);
  static constexpr Part<DomainName, 0> exchange {"mail_exchange", "RFC 1035 3.3.9"};
  static constexpr auto parts = then(exchange);
  static constexpr auto numbers = at(DnsType::mx);
  using Layer::Layer;
};
/// One character string, RFC 1035 3.3.
struct DnsString : Layer<DnsString, 1> {
  static constexpr auto name = "dns";
  static constexpr Field<u8, 0> length {"txt.length", "RFC 1035 3.3"};
  static constexpr auto fields = cover<1>(length);
  static constexpr Part<Text, 0> text {"txt", "RFC 1035 3.3.14", {.bytes = length}};
  static constexpr auto parts = then(text);
  using Layer::Layer;
};
struct DnsTxt : Layer<DnsTxt, 0> {
  static constexpr auto name = "dns.txt_record";
  static constexpr auto title = "TXT";
  static constexpr auto fields = cover<0>();
  static constexpr Part<List<DnsString>, 0> strings {"strings", "RFC 1035 3.3.14"};
  static constexpr auto parts = then(strings);
  static constexpr auto numbers = at(DnsType::txt);
  using Layer::Layer;
};
struct DnsSrv : Layer<DnsSrv, 6> {
  static constexpr auto name = "dns.srv";
  static constexpr auto title = "SRV";
  static constexpr Field<u16, 0>  priority {"priority", "RFC 2782"};
  static constexpr Field<u16, 16> weight   {"weight",   "RFC 2782"};
  static constexpr Field<u16, 32> port     {"port",     "RFC 2782"};
  static constexpr auto fields = cover<6>(priority, weight, port);
  static constexpr Part<DomainName, 0> target {"target", "RFC 2782"};
  static constexpr auto parts = then(target);
  static constexpr auto numbers = at(DnsType::srv);
  using Layer::Layer;
};
/// RFC 6891 6.1.2.
struct EdnsOption : Layer<EdnsOption, 4> {
  static constexpr auto name = "dns.opt";
  static constexpr Field<u16, 0>  code   {"code", "RFC 6891 6.1.2"};
  static constexpr Field<u16, 16> length {"len",  "RFC 6891 6.1.2"};
  static constexpr auto fields = cover<4>(code, length);
  static constexpr Part<Blob, 0> data {"data", "RFC 6891 6.1.2", {.bytes = length}};
  static constexpr auto parts = then(data);
  using Layer::Layer;
};
struct DnsOpt : Layer<DnsOpt, 0> {
  static constexpr auto name = "dns.opt_record";
  static constexpr auto title = "OPT";
  static constexpr auto fields = cover<0>();
  static constexpr Part<List<EdnsOption>, 0> options {"options", "RFC 6891 6.1.2"};
  static constexpr auto parts = then(options);
  static constexpr auto numbers = at(DnsType::opt);
  using Layer::Layer;
};

struct Dns : Layer<Dns, 12> {
  static constexpr auto name = "dns";
  static constexpr auto title = "Domain Name System";
  static constexpr Field<u16, 0>     id        {"id",               "RFC 1035 4.1.1", {.show = Show::hex}};
  static constexpr Field<u16, 16>    flags     {"flags",            "RFC 1035 4.1.1", {.show = Show::hex, .initial = 0x0100}};
  static constexpr Field<bool, 16>   response  {"flags.response",   "RFC 1035 4.1.1"};
  static constexpr Field<u8, 17, 4>  opcode    {"flags.opcode",     "RFC 1035 4.1.1"};
  static constexpr Field<bool, 21>   authoritative {"flags.authoritative", "RFC 1035 4.1.1"};
  static constexpr Field<bool, 22>   truncated {"flags.truncated",  "RFC 1035 4.1.1"};
  static constexpr Field<bool, 23>   recursion_desired {"flags.recdesired", "RFC 1035 4.1.1", {.initial = 1}};
  static constexpr Field<bool, 24>   recursion_available {"flags.recavail", "RFC 1035 4.1.1"};
  static constexpr Field<bool, 25>   reserved  {"flags.z",          "RFC 6895 2.1"};
  static constexpr Field<bool, 26>   authenticated {"flags.authenticated", "RFC 4035 3.2.3"};
  static constexpr Field<bool, 27>   checking_disabled {"flags.checkdisable", "RFC 4035 3.2.2"};
  static constexpr Field<u8, 28, 4>  rcode     {"flags.rcode",      "RFC 1035 4.1.1"};
  static constexpr Field<u16, 32>    qdcount   {"count.queries",    "RFC 1035 4.1.1"};
  static constexpr Field<u16, 48>    ancount   {"count.answers",    "RFC 1035 4.1.1"};
  static constexpr Field<u16, 64>    nscount   {"count.auth_rr",    "RFC 1035 4.1.1"};
  static constexpr Field<u16, 80>    arcount   {"count.add_rr",     "RFC 1035 4.1.1"};
  static constexpr auto fields = cover<12>(id, flags, response, opcode, authoritative, truncated, recursion_desired, recursion_available, reserved,
                                           authenticated, checking_disabled, rcode, qdcount, ancount, nscount, arcount);
  static constexpr Part<List<DnsQuestion>, 0> questions   {"questions",   "RFC 1035 4.1.2", {.count = qdcount}};
  static constexpr Part<List<DnsRecord>, 1>   answers     {"answers",     "RFC 1035 4.1.3", {.count = ancount}};
  static constexpr Part<List<DnsRecord>, 2>   authorities {"authorities", "RFC 1035 4.1.3", {.count = nscount}};
  static constexpr Part<List<DnsRecord>, 3>   additional  {"additional",  "RFC 1035 4.1.3", {.count = arcount}};
  static constexpr auto parts = then(questions, answers, authorities, additional);

  static constexpr auto summary = shown("dns.id", "dns.flags.rcode", "dns.qry.type", "dns.qry.name", "dns.cname", "dns.a", "dns.aaaa");
  static constexpr auto replies = answered(when(response == false, response == true).same(id, opcode).repeats(questions));
  static constexpr auto numbers = at(UdpPort::dns, DnsCarrier::tcp);
  static constexpr Rules rules {.takes_all = true};
  using Layer::Layer;
};

/// The length before each message over TCP, RFC 1035 4.2.2.
struct DnsOverTcp : Layer<DnsOverTcp, 2> {
  static constexpr auto name = "dns";
  static constexpr auto title = "Domain Name System over TCP";
  static constexpr Field<u16, 0> length {"length", "RFC 1035 4.2.2"};
  static constexpr auto fields = cover<2>(length);
  static constexpr auto numbers = at(TcpPort::dns);
  static constexpr Rules rules {.payload_bytes = length, .next = always(DnsCarrier::tcp), .unlisted = true};
  using Layer::Layer;
};
/// RFC 6762 18.
struct Mdns : Dns {
  static constexpr auto title = "Multicast Domain Name System";
  static constexpr auto numbers = at(UdpPort::mdns);
  static constexpr Rules rules {.takes_all = true, .listed_as = "mdns"};
  using Dns::Dns;
};
/// RFC 4795 2.1.
struct Llmnr : Dns {
  static constexpr auto title = "Link-local Multicast Name Resolution";
  static constexpr auto numbers = at(UdpPort::llmnr);
  static constexpr Rules rules {.takes_all = true, .listed_as = "llmnr"};
  using Dns::Dns;
};

}  // namespace trawl::inline v0::wire
