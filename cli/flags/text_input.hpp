// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Hex dumps as input, and headers in front of what they hold.
#pragma once
#include <deque>

#include "cli/command.hpp"
#include "trawl/file/hex_dump_reader.hpp"
#include "trawl/rewrite/dummy_headers.hpp"

namespace cli {

/// A FrameSource: the packets of a dump, with dummy headers if any were asked for.
class TextSource {
 public:
  TextSource(trawl::HexDumpReader reader, const trawl::DummyHeadersOptions& headers, trawl::LinkType link);
  trawl::Result<std::optional<trawl::Batch>> next();
  std::span<const trawl::InterfaceInfo> interfaces() const;
  const trawl::Warnings& warnings() const { return reader_.warnings(); }
  const trawl::Warnings& damage() const { return reader_.damage(); }

 private:
  trawl::HexDumpReader reader_;
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
  bool asked_for() const { return !format_.empty(); }
  /// Whether a flag was given that means something for text alone.
  bool described() const;
  trawl::Result<TextSource> open(trawl::ByteSource source) const;

 private:
  std::string format_, offsets_ = "hex", link_type_, ether_type_, protocol_, ipv4_, ipv6_, udp_, tcp_, sctp_, sctp_data_;
  bool directions_ = false;
  trawl::HexDumpOptions dump_;
  trawl::DummyHeadersOptions headers_;
};

}  // namespace cli
