// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/recognize.hpp"

#include <algorithm>
#include <array>

#include "file/problem.hpp"
#include "trawl/core/switches.hpp"

namespace trawl::inline v0 {
namespace {

struct Signature {
  std::string_view bytes, what;
  Reason reason;
};
using namespace std::string_view_literals;
constexpr Signature signatures[] = {
    {"\x1f\x8b"sv, TRAWL_WITH_ZLIB ? "gzip inside of another compression" : "gzip compression is not supported in this build",
     Reason::unsupported_format},
    {"\x28\xb5\x2f\xfd"sv, TRAWL_WITH_ZSTD ? "zstd inside of another compression" : "zstd compression is not supported in this build",
     Reason::unsupported_format},
    {"\x04\x22\x4d\x18"sv, TRAWL_WITH_LZ4 ? "lz4 inside of another compression" : "lz4 compression is not supported in this build",
     Reason::unsupported_format},
    {"\x02\x21\x4c\x18"sv, "the old form of lz4 compression is not supported", Reason::unsupported_format},
    {"\xfd"
     "7zXZ\0"sv,
     "xz compression is not supported", Reason::unsupported_format},
    {"BZh"sv, "bzip2 compression is not supported", Reason::unsupported_format},
    {"PK\3\4"sv, "a zip archive", Reason::unsupported_format},
    {"btsnoop\0"sv, "a btsnoop file", Reason::unsupported_format},
    {"GMBU"sv, "a Network Monitor file", Reason::unsupported_format},
    {"RTSS"sv, "a Network Monitor file", Reason::unsupported_format},
    {"\x7f"
     "ELF"sv,
     "a program", Reason::not_a_capture_file},
    {"\xef\xbb\xbf"sv, "it begins with a UTF-8 byte-order mark", Reason::text_mode_damage},
    {"\x0d\x0a\x0d\x0d"sv, "a pcapng section header with changed line ends", Reason::text_mode_damage},
    {"\x0d\x0a\x0d\x0a"sv, "a pcapng section header with changed line ends", Reason::text_mode_damage},
    {"\x0a\x0a\x0a"sv, "a pcapng section header with changed line ends", Reason::text_mode_damage},
    {"\x0d\x0d\x0d"sv, "a pcapng section header with changed line ends", Reason::text_mode_damage},
    {"\x0a\x0d\x0a"sv, "a pcapng section header with changed line ends", Reason::text_mode_damage},
    {"\x0a\x0a\x0d"sv, "a pcapng section header with changed line ends", Reason::text_mode_damage},
};

constexpr std::array<u32, 3> pcap_magics{pcap_magic_us, pcap_magic_ns, pcap_magic_kuznetzov};

struct NumberedSignature {
  u32 magic;
  std::string_view what;
};
constexpr NumberedSignature relatives[] = {
    {0xa1b234cd, "a pcap variant of Mesquita's"},
    {0xa12b3c4d, "a pcap variant of Navtel's"},
    {0xa1b2c3cb, "a cbpf savefile"},
    {0xa1e2cb12, "a netsniff-ng file"},
};

bool either_order(const u8* p, u32 magic) { return load_be<u32>(p) == magic || load_le<u32>(p) == magic; }
bool is_pcap_magic(const u8* p) {
  return std::ranges::any_of(pcap_magics, [&](u32 magic) { return either_order(p, magic); });
}

std::string_view text_kind(Bytes start) {
  auto text = start.text();
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  text.remove_prefix(first);
  const bool printable = std::ranges::all_of(text, [](char c) { return (c >= ' ' && c <= '~') || c == '\t' || c == '\n' || c == '\r'; });
  if (!printable) return {};
  if (text[0] == '<') return "it looks like HTML or XML";
  if (text[0] == '{' || text[0] == '[') return "it looks like JSON";
  return "it looks like text";
}

std::unexpected<Error> no_capture(Reason reason, std::string_view what) {
  Error error = problem(reason, Error::unknown, Error::unknown, what);
  error.operation = Operation::open_file;
  return fail(error);
}

}  // namespace

Result<FileFormat> recognize(Bytes start) {
  if (start.empty()) return no_capture(Reason::not_a_capture_file, "it is empty");
  if (start.size >= 4) {
    if (load_be<u32>(start.data) == section_header_type) return FileFormat::pcapng;
    if (is_pcap_magic(start.data)) return FileFormat::pcap;
    for (const auto& relative : relatives)
      if (either_order(start.data, relative.magic)) return no_capture(Reason::unsupported_format, relative.what);
    const u32 skippable = load_le<u32>(start.data);
    if (skippable >= 0x184d2a50 && skippable <= 0x184d2a5f)
      return no_capture(Reason::unsupported_format, "zstd and lz4 compression are not supported in this build");
  }
  if (start.text().starts_with("snoop\0\0\0"sv)) return FileFormat::snoop;
  for (const auto& signature : signatures)
    if (start.text().starts_with(signature.bytes)) return no_capture(signature.reason, signature.what);
  if (start.size < 4) return no_capture(Reason::not_a_capture_file, "it is too short");
  if (const auto text = text_kind(start); !text.empty()) return no_capture(Reason::not_a_capture_file, text);
  if (std::ranges::all_of(start, [](u8 byte) { return byte == 0; }))
    return no_capture(Reason::not_a_capture_file, "it begins with zero bytes");
  return no_capture(Reason::not_a_capture_file, "unknown first bytes");
}

bool is_file_header(Bytes bytes) {
  if (bytes.size >= 12 && load_be<u32>(bytes.data) == section_header_type) return either_order(bytes.data + 8, byte_order_magic);
  if (bytes.size < 8 || !is_pcap_magic(bytes.data)) return false;
  const Order order = load_be<u32>(bytes.data) >> 24 == 0xa1 ? Order::big : Order::little;
  return load<u16>(bytes.data + 4, order) == 2 && load<u16>(bytes.data + 6, order) <= 4;
}

bool looks_like_text_mode(Bytes bytes) {
  size_t feeds = 0;
  for (size_t i = 1; i < bytes.size; ++i) {
    if (bytes[i] != '\n') continue;
    if (bytes[i - 1] != '\r') return false;
    ++feeds;
  }
  return feeds >= 3;
}

}  // namespace trawl::inline v0
