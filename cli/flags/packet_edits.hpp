// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Flags that make packets shorter and that add and remove comments and secrets.
#pragma once
#include "cli/command.hpp"
#include "trawl/file/pcapng_copy.hpp"
#include "trawl/rewrite/chop.hpp"

namespace cli {

class PacketEdits {
 public:
  void declare(CLI::App& command);
  /// Makes `chop` if bytes are taken away otherwise than by a snaplen alone. False: what is wrong has been said.
  bool prepare(trawl::u32 snaplen, std::optional<trawl::Chop>& chop);
  /// What these borrow lives as long as this object.
  void apply(trawl::CopyOptions& copy) const;
  bool of_blocks() const { return !secrets_.empty() || !comments_.empty() || discard_.any(); }
  /// Takes a packet's comments off; what is left lives until the next call.
  void silence(trawl::Frame& frame);

 private:
  bool prepare_secrets();
  std::vector<std::string> chops_, secret_files_, section_comments_;
  std::string lengths_, discard_comments_;
  std::vector<std::string> contents_;               ///< of the secret files
  std::vector<trawl::DecryptionSecrets> secrets_;
  std::vector<std::string_view> comments_;
  trawl::CommentsOf discard_;
  std::vector<trawl::u8> options_;
};

}  // namespace cli
