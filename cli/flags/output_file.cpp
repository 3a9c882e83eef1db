// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/flags/output_file.hpp"

#include <sys/stat.h>

#include "trawl/file/file_reader.hpp"
#include "trawl/file/hex_dump_reader.hpp"

namespace cli {
namespace {

/// A source whose first bytes have been looked at.
struct Peeked {
  trawl::ByteSource inner;
  std::vector<trawl::u8> front;
  size_t given = 0;
};
constexpr trawl::ByteSource::Calls peeked_calls{[](void* self, std::span<trawl::u8> room) -> trawl::Result<size_t> {
                                                  auto& peeked = *static_cast<Peeked*>(self);
                                                  if (peeked.given == peeked.front.size()) return peeked.inner.read(room);
                                                  const auto piece = trawl::Bytes(peeked.front).from(peeked.given).first(room.size());
                                                  trawl::copy_bytes(room.data(), piece.data, piece.size);
                                                  peeked.given += piece.size;
                                                  return piece.size;
                                                },
                                                [](void* self) { delete static_cast<Peeked*>(self); },
                                                [](void* self, trawl::u64 offset) {
                                                  auto& peeked = *static_cast<Peeked*>(self);
                                                  peeked.given = peeked.front.size();
                                                  return peeked.inner.seek(offset);
                                                }};

}  // namespace

void OutputFile::declare(CLI::App& command) {
  command.add_option("--format", format, "of the written file, whatever its name")
      ->type_name("pcap|pcapng")
      ->check(CLI::IsMember({"pcap", "pcapng"}));
  command.add_option("--compress", compress, "the written file, whatever its name")
      ->type_name("none|gzip|zstd|lz4")
      ->check(CLI::IsMember({"none", "gzip", "zstd", "lz4"}));
  command.add_option("--level", level, "of compression, as the library counts (0: fast)")->type_name("N");
  command.add_flag("--seekable", seekable, "zstd in frames with a table behind them, so that one can go to a place");
}

void OutputFile::apply(trawl::WriterOptions& options) const {
  if (!format.empty()) options.format = format == "pcap" ? trawl::FileFormat::pcap : trawl::FileFormat::pcapng;
  if (!compress.empty()) options.compression = trawl::parse_compression(compress);
  options.compression_level = level;
  options.seekable = seekable;
}

std::vector<trawl::FileIdentity> identities_of(const std::vector<std::string>& paths) {
  std::vector<trawl::FileIdentity> found;
  for (const std::string& path : paths) {
    struct stat facts{};
    if (path != "-" && ::stat(path.c_str(), &facts) == 0) found.push_back({trawl::u64(facts.st_dev), trawl::u64(facts.st_ino)});
  }
  return found;
}

trawl::Result<Input> open_input(const std::string& path) {
  auto source = trawl::ByteSource::open(path);
  if (!source) return std::unexpected(source.error());
  const auto identity = source->identity();
  const auto size = source->size();
  auto peeked = std::make_unique<Peeked>(Peeked{std::move(*source), std::vector<trawl::u8>(8192)});
  size_t have = 0;
  while (have < peeked->front.size()) {
    const auto got = peeked->inner.read(std::span(peeked->front).subspan(have));
    if (!got) return std::unexpected(got.error());
    if (*got == 0) break;
    have += *got;
    if (have >= 512) break;
  }
  peeked->front.resize(have);
  const auto probe = trawl::FileReader::open(trawl::ByteSource::memory(peeked->front));
  // What cannot be recognized fails when it is opened for good, with everything that can be said of it.
  const auto format = probe ? probe->facts().format : trawl::FileFormat::pcap;
  const bool hex_dump = !probe && trawl::HexDumpReader::recognize(peeked->front);
  return Input{trawl::ByteSource(peeked.release(), peeked_calls, identity, size), format, hex_dump};
}

}  // namespace cli
