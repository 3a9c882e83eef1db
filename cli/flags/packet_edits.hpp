// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Flags that make packets shorter and that add and remove comments and secrets.
#pragma once
#include "cli/command.hpp"
#include "trawl/file/pcapng_copy.hpp"
#include "trawl/rewrite/chop.hpp"
#include "trawl/rewrite/random_errors.hpp"
#include "trawl/rewrite/strict_times.hpp"

namespace cli {

class PacketEdits {
 public:
  void declare(CLI::App& command);
  /// Makes `chop` if bytes are taken away otherwise than by a snaplen alone. False: what is wrong has been said.
  bool prepare(trawl::u32 snaplen, std::optional<trawl::Chop>& chop);
  bool changes_bytes() const { return errors_.has_value(); }
  bool changes_times() const { return times_.has_value(); }
  /// The packet with the errors that were asked for; they live until the next call.
  trawl::Frame spoil(const trawl::Frame& frame) { return errors_ ? (*errors_)(frame) : frame; }
  /// The time that it gets. To be asked once for each packet that stays.
  trawl::Timestamp retime(trawl::Timestamp time) { return times_ ? (*times_)(time) : time; }
  /// What these borrow lives as long as this object.
  void apply(trawl::CopyOptions& copy) const;
  bool of_blocks() const { return !secrets_.empty() || !comments_.empty() || discard_.any(); }
  /// Takes a packet's comments off; what is left lives until the next call.
  void silence(trawl::Frame& frame);

 private:
  bool prepare_secrets();
  bool prepare_errors();
  std::vector<std::string> chops_, secret_files_, section_comments_;
  std::string lengths_, discard_comments_, strict_, probability_;
  trawl::u32 error_offset_ = 0;
  std::optional<trawl::u64> seed_;
  std::optional<trawl::RandomErrors> errors_;
  std::optional<trawl::StrictTimes> times_;
  std::vector<std::string> contents_;               ///< of the secret files
  std::vector<trawl::DecryptionSecrets> secrets_;
  std::vector<std::string_view> comments_;
  trawl::CommentsOf discard_;
  std::vector<trawl::u8> options_;
};

}  // namespace cli
