// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Text as input, hex dumps or what a pattern finds, and headers in front of what it holds.
#pragma once
#include <deque>
#include <variant>

#include "cli/command.hpp"
#include "trawl/file/hex_dump_reader.hpp"
#include "trawl/file/text_pattern_reader.hpp"
#include "trawl/rewrite/dummy_headers.hpp"

namespace cli {

/// A FrameSource: the packets of a dump, with dummy headers if any were asked for.
class TextSource {
 public:
  using Reader = std::variant<trawl::HexDumpReader, trawl::TextPatternReader>;
  TextSource(Reader reader, const trawl::DummyHeadersOptions& headers, trawl::LinkType link);
  trawl::Result<std::optional<trawl::Batch>> next();
  std::span<const trawl::InterfaceInfo> interfaces() const;
  const trawl::Warnings& warnings() const {
    return std::visit([](const auto& reader) -> const trawl::Warnings& { return reader.warnings(); }, reader_);
  }
  const trawl::Warnings& damage() const {
    return std::visit([](const auto& reader) -> const trawl::Warnings& { return reader.damage(); }, reader_);
  }

 private:
  Reader reader_;
  std::optional<trawl::DummyHeaders> headers_;
  trawl::InterfaceInfo interface_;
  std::vector<trawl::Frame> frames_;
  std::deque<std::vector<trawl::u8>> bytes_;
};

/// The flags.
class TextInput {
 public:
  void declare(CLI::App& command);
  /// False: what is wrong has been said.
  bool prepare();
  /// Whether a flag says that the input is text.
  bool asked_for() const { return !format_.empty() || !pattern_.pattern.empty(); }
  /// Whether a flag was given that means something for text alone.
  bool described() const;
  trawl::Result<TextSource> open(trawl::ByteSource source) const;

 private:
  bool prepare_pattern();
  std::string format_, offsets_ = "hex", link_type_, ether_type_, protocol_, ipv4_, ipv6_, udp_, tcp_, sctp_, sctp_data_;
  std::string radix_;
  bool directions_ = false;
  trawl::HexDumpOptions dump_;
  trawl::TextPatternOptions pattern_;
  trawl::DummyHeadersOptions headers_;
};

}  // namespace cli
