// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/flags/text_input.hpp"

#include <algorithm>
#include <charconv>

#include "trawl/core/describe.hpp"

namespace cli {

using trawl::LinkType;

TextSource::TextSource(Reader reader, const trawl::DummyHeadersOptions& headers, LinkType link) : reader_(std::move(reader)) {
  if (headers.any()) headers_.emplace(headers, link);
  interface_.link_type = link;
}

std::span<const trawl::InterfaceInfo> TextSource::interfaces() const {
  if (headers_) return {&interface_, 1};
  return std::visit([](const auto& reader) { return reader.interfaces(); }, reader_);
}

trawl::Result<std::optional<trawl::Batch>> TextSource::next() {
  const auto batch = std::visit([](auto& reader) { return reader.next(); }, reader_);
  if (!headers_ || !batch || !*batch) return batch;
  frames_.clear(), bytes_.clear();
  for (const trawl::Frame& frame : **batch) {
    trawl::Frame whole = (*headers_)(frame);
    whole.bytes = bytes_.emplace_back(whole.bytes.begin(), whole.bytes.end());
    frames_.push_back(whole);
  }
  return trawl::Batch(frames_.data(), trawl::u32(frames_.size()));
}

void TextInput::declare(CLI::App& command) {
  constexpr auto group = "Text as input";
  const auto option = [&](const char* flag, std::string& to, const char* type, const char* what) {
    return command.add_option(flag, to, what)->type_name(type)->group(group);
  };
  option("--input-format", format_, "text", "the input is a hex dump (otherwise its content says what it is)")
      ->check(CLI::IsMember({"text"}));
  option("--offsets", offsets_, "hex|oct|dec|none", "how the dump's offsets are written (hex)")
      ->check(CLI::IsMember({"hex", "oct", "dec", "none"}));
  option("--time-format", dump_.time_format, "FORMAT", "of times in the text before packets, as strptime has it; %f is a fraction");
  command.add_flag("--directions", directions_, "the text before a packet begins with I or O")->group(group);
  option("--pattern", pattern_.pattern, "REGEX", "each match is a packet: groups (?<data>...), and if you like time, dir, seqno");
  option("--radix", radix_, "2|8|16|64", "how the bytes in (?<data>...) are written (16; 64 is base64)")
      ->check(CLI::IsMember({"2", "8", "16", "64"}));
  option("--link-type", link_type_, "TYPE", "of the packets (EN10MB)");
  option("--ethernet-type", ether_type_, "TYPE", "put an Ethernet header with this type before each packet");
  option("--ip-protocol", protocol_, "N", "put an IP header with this protocol before each packet");
  option("--ipv4", ipv4_, "FROM,TO", "put an IPv4 header with these addresses before each packet");
  option("--ipv6", ipv6_, "FROM,TO", "the same with IPv6");
  option("--udp", udp_, "FROM,TO", "put a UDP header with these ports before each packet, and IP");
  option("--tcp", tcp_, "FROM,TO", "the same with TCP");
  option("--sctp", sctp_, "FROM,TO,TAG", "the same with SCTP");
  option("--sctp-data", sctp_data_, "FROM,TO,PPI", "the same, in DATA chunks of this payload protocol");
}

namespace {

std::optional<trawl::u64> number(std::string_view text, trawl::u64 most) {
  const bool hex = text.starts_with("0x");
  if (hex) text.remove_prefix(2);
  trawl::u64 value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (error != std::errc() || end != text.data() + text.size() || value > most) return {};
  return value;
}
bool list(std::string_view text, std::span<trawl::u64> values, std::span<const trawl::u64> most) {
  for (size_t i = 0; i < values.size(); ++i) {
    const auto comma = std::min(text.find(','), text.size());
    const auto value = number(text.substr(0, comma), most[i]);
    if (!value || (comma == text.size()) != (i + 1 == values.size())) return false;
    values[i] = *value;
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return true;
}
bool ports(const std::string& text, std::optional<trawl::DummyHeadersOptions::Pair<trawl::u16>>& to) {
  trawl::u64 values[2];
  if (text.empty()) return true;
  if (!list(text, values, std::initializer_list<trawl::u64>{65535, 65535})) return false;
  to = {trawl::u16(values[0]), trawl::u16(values[1])};
  return true;
}
template <class A> bool addresses(const std::string& text, std::optional<A> (*parse)(std::string_view), auto& to) {
  if (text.empty()) return true;
  const auto comma = text.find(',');
  if (comma == text.npos) return false;
  const auto first = parse(std::string_view(text).substr(0, comma)), second = parse(std::string_view(text).substr(comma + 1));
  if (!first || !second) return false;
  to = {*first, *second};
  return true;
}

}  // namespace

bool TextInput::described() const {
  return offsets_ != "hex" || !radix_.empty() || !dump_.time_format.empty() || directions_ || !link_type_.empty() || headers_.any();
}

bool TextInput::prepare_pattern() {
  if (pattern_.pattern.empty()) {
    if (!radix_.empty()) say("--radix needs --pattern");
    return radix_.empty();
  }
  if (const auto checked = trawl::TextPatternReader::check(pattern_.pattern); !checked) {
    say("--pattern: " + trawl::describe(checked.error()));
    return false;
  }
  if (offsets_ != "hex" || directions_) {
    say("--offsets and --directions mean nothing with --pattern, whose groups say where everything stands");
    return false;
  }
  using enum trawl::TextRadix;
  pattern_.radix = radix_ == "2" ? binary : radix_ == "8" ? octal : radix_ == "64" ? base64 : hexadecimal;
  pattern_.time_format = dump_.time_format;
  pattern_.link_type = dump_.link_type.value_or(LinkType::ethernet);
  return true;
}

bool TextInput::prepare() {
  const auto wrong = [](const std::string& what) {
    say(what);
    return false;
  };
  if (int(!udp_.empty()) + int(!tcp_.empty()) + int(!sctp_.empty()) + int(!sctp_data_.empty()) > 1)
    return wrong("of --udp, --tcp, --sctp and --sctp-data only one can be given");
  if (!ipv4_.empty() && !ipv6_.empty()) return wrong("of --ipv4 and --ipv6 only one can be given");
  dump_.offsets = offsets_ == "hex"   ? trawl::DumpOffsets::hex
                  : offsets_ == "oct" ? trawl::DumpOffsets::octal
                  : offsets_ == "dec" ? trawl::DumpOffsets::decimal
                                      : trawl::DumpOffsets::none;
  if (directions_) dump_.directions = trawl::DumpDirections::marked;
  if (!link_type_.empty() && !(dump_.link_type = trawl::parse_link_type(link_type_)))
    return wrong("--link-type " + link_type_ + ": unknown; a DLT or LINKTYPE name or a number is needed");
  if (!ether_type_.empty()) {
    const auto value = number(ether_type_, 65535);
    if (!value) return wrong("--ethernet-type " + ether_type_ + ": a number such as 0x806 is needed");
    headers_.ether_type = trawl::u16(*value);
  }
  if (!protocol_.empty()) {
    const auto value = number(protocol_, 255);
    if (!value) return wrong("--ip-protocol " + protocol_ + ": a number up to 255 is needed");
    headers_.protocol = trawl::u8(*value);
  }
  if (!addresses(ipv4_, trawl::parse_ipv4, headers_.ipv4))
    return wrong("--ipv4 " + ipv4_ + ": two addresses with a comma between are needed");
  if (!addresses(ipv6_, trawl::parse_ipv6, headers_.ipv6))
    return wrong("--ipv6 " + ipv6_ + ": two addresses with a comma between are needed");
  if (!ports(udp_, headers_.udp)) return wrong("--udp " + udp_ + ": two ports with a comma between are needed");
  if (!ports(tcp_, headers_.tcp)) return wrong("--tcp " + tcp_ + ": two ports with a comma between are needed");
  for (const std::string* text : {&sctp_, &sctp_data_}) {
    trawl::u64 v[3];
    if (text->empty()) continue;
    if (!list(*text, v, std::initializer_list<trawl::u64>{65535, 65535, UINT32_MAX}))
      return wrong("--sctp " + *text + ": two ports and a number with commas between are needed");
    headers_.sctp = trawl::DummyHeadersOptions::Sctp{};
    headers_.sctp->ports = {trawl::u16(v[0]), trawl::u16(v[1])};
    if (text == &sctp_) headers_.sctp->verification_tag = trawl::u32(v[2]);
    else headers_.sctp->payload_protocol = trawl::u32(v[2]);
  }
  const auto link = dump_.link_type.value_or(LinkType::ethernet);
  if (headers_.any() && link != LinkType::ethernet && (link != LinkType::raw || headers_.ether_type))
    return wrong("headers can be put before packets of link type EN10MB, and those of IP and above with --link-type RAW");
  return prepare_pattern();
}

trawl::Result<TextSource> TextInput::open(trawl::ByteSource source) const {
  const auto link = dump_.link_type.value_or(LinkType::ethernet);
  if (!pattern_.pattern.empty()) {
    auto reader = trawl::TextPatternReader::open(std::move(source), pattern_);
    if (!reader) return std::unexpected(reader.error());
    return TextSource(std::move(*reader), headers_, link);
  }
  auto reader = trawl::HexDumpReader::open(std::move(source), dump_);
  if (!reader) return std::unexpected(reader.error());
  return TextSource(std::move(*reader), headers_, link);
}

}  // namespace cli
