// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/flags/packet_edits.hpp"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>

#include "cli/flags/units.hpp"

namespace cli {
namespace {

std::optional<trawl::i64> integer(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  trawl::i64 value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

struct SecretsName {
  const char* name;
  trawl::SecretsType type;
};
constexpr SecretsName secrets_names[] = {
    {"tls", trawl::SecretsType::tls_key_log},
    {"ssh", trawl::SecretsType::ssh_key_log},
    {"wg", trawl::SecretsType::wireguard_key_log},
    {"zigbee_nwk_key", trawl::SecretsType::zigbee_network_key},
    {"zigbee_aps_key", trawl::SecretsType::zigbee_aps_key},
    {"opcua", trawl::SecretsType::opc_ua_key_log},
    {"esp", trawl::SecretsType::esp_sa},
};

}  // namespace

void PacketEdits::declare(CLI::App& command) {
  const auto repeated = [&](const char* flag, std::vector<std::string>& to, const char* type, const char* what) {
    command.add_option(flag, to, what)->type_name(type)->expected(1)->allow_extra_args(false)->take_all();
  };
  repeated("-C,--chop", chops_, "[OFFSET:]LENGTH",
           "take so many bytes away, from the start or from OFFSET on; if negative, before the end or before OFFSET (repeat)");
  command
      .add_option("--lengths", lengths_,
                  "with -C and -s: keep the length on the wire (as by default), adjust it, or make headers and checksums fit it too")
      ->type_name("keep|adjust|fit")
      ->check(CLI::IsMember({"keep", "adjust", "fit"}));
  command
      .add_option("-S,--strict-times", strict_,
                  "a packet earlier than the one before it gets that one's time and so many seconds more; negative: every packet")
      ->type_name("SECONDS");
  command.add_option("-E,--error-probability", probability_, "of each byte to become another one, 0 to 1")->type_name("P");
  command.add_option("--error-offset", error_offset_, "with -E: so many bytes at the front of a packet stay")->type_name("BYTES");
  command.add_option("--seed", seed_, "with -E: the same errors for the same number")->type_name("N");
  repeated("--inject-secrets", secret_files_, "TYPE,FILE",
           "put a file of decryption secrets in: tls, ssh, wg, zigbee_nwk_key, zigbee_aps_key, opcua, esp (repeat)");
  repeated("--file-comment", section_comments_, "TEXT", "a comment on the whole file (repeat)");
  command
      .add_option("--discard-comments", discard_comments_,
                  "leave comments out, of the file (its sections), its interfaces, its packets, or all")
      ->type_name("file|interfaces|packets|all")
      ->check(CLI::IsMember({"file", "interfaces", "packets", "all"}));
}

bool PacketEdits::prepare_secrets() {
  for (const std::string& text : secret_files_) {
    const auto comma = text.find(',');
    const SecretsName* found = nullptr;
    for (const SecretsName& known : secrets_names)
      if (text.substr(0, comma) == known.name) found = &known;
    if (comma == text.npos || !found) {
      say("--inject-secrets " + text + ": TYPE,FILE is needed, with a type of tls, ssh, wg, zigbee_nwk_key, zigbee_aps_key, opcua, esp");
      return false;
    }
    const std::string path = text.substr(comma + 1);
    std::ifstream stream(path, std::ios::binary);
    std::string content(std::istreambuf_iterator<char>(stream), {});
    if (!stream.is_open() || stream.bad()) {
      say("--inject-secrets " + path + ": " + std::strerror(errno));
      return false;
    }
    contents_.push_back(std::move(content));
    secrets_.push_back({.type = found->type});
  }
  for (size_t i = 0; i < secrets_.size(); ++i) secrets_[i].secrets = trawl::Bytes::of(contents_[i]);
  return true;
}

bool PacketEdits::prepare_errors() {
  if (!strict_.empty()) {
    const auto seconds = parse_seconds(strict_);
    if (!seconds) return say("-S " + strict_ + ": seconds are needed, with at most nine decimals"), false;
    times_.emplace(trawl::StrictTimeOptions{.nanoseconds = *seconds < 0 ? -*seconds : *seconds, .each = strict_.starts_with('-')});
  }
  if (probability_.empty()) {
    if (error_offset_ || seed_) return say("--error-offset and --seed mean something with -E alone"), false;
    return true;
  }
  double probability = -1;
  const auto [end, error] = std::from_chars(probability_.data(), probability_.data() + probability_.size(), probability);
  if (error != std::errc() || end != probability_.data() + probability_.size() || !(probability >= 0 && probability <= 1))
    return say("-E " + probability_ + ": a probability from 0 to 1 is needed"), false;
  std::random_device device;
  const trawl::u64 seed = seed_ ? *seed_ : trawl::u64{device()} << 32 | device();
  if (!seed_) say("-E: --seed " + std::to_string(seed) + " makes the same errors again");
  errors_.emplace(trawl::RandomErrorOptions{.probability = probability, .offset = error_offset_, .seed = seed});
  return true;
}

bool PacketEdits::prepare(trawl::u32 snaplen, std::optional<trawl::Chop>& chop) {
  trawl::ChopOptions options{.snaplen = snaplen};
  for (const std::string& text : chops_) {
    const auto colon = text.find(':');
    const auto length = integer(std::string_view(text).substr(colon == text.npos ? 0 : colon + 1));
    const auto offset = colon == text.npos ? std::nullopt : integer(std::string_view(text).substr(0, colon));
    if (!length || (colon != text.npos && !offset)) {
      say("-C " + text + ": a number of bytes is needed, or OFFSET:LENGTH; either may be negative");
      return false;
    }
    options.areas.push_back({*length, offset});
  }
  if (lengths_ == "adjust") options.lengths = trawl::ChopLengths::adjust;
  if (lengths_ == "fit") options.lengths = trawl::ChopLengths::fit;
  if (!options.areas.empty() || (snaplen && options.lengths != trawl::ChopLengths::keep)) chop.emplace(std::move(options));
  else if (!lengths_.empty() && !snaplen) return say("--lengths means something with -C or -s alone"), false;
  comments_.assign(section_comments_.begin(), section_comments_.end());
  const bool all = discard_comments_ == "all";
  discard_ = {all || discard_comments_ == "file", all || discard_comments_ == "interfaces", all || discard_comments_ == "packets", all};
  return prepare_secrets() && prepare_errors();
}

void PacketEdits::apply(trawl::CopyOptions& copy) const {
  copy.add_secrets = secrets_, copy.add_comments = comments_, copy.discard_comments = discard_;
}

void PacketEdits::silence(trawl::Frame& frame) {
  options_.clear();
  trawl::OptionWalk walk(frame.info.metadata, frame.info.metadata_big_endian ? trawl::Order::big : trawl::Order::little);
  while (const auto option = walk.next())
    if (option->code != trawl::any_option::comment.code) options_.insert(options_.end(), option->raw.begin(), option->raw.end());
  frame.info.metadata = options_;
}

}  // namespace cli
