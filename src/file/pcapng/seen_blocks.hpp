// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Remembers blocks of names and secrets: files that were made of one another hold the same ones.
#pragma once
#include <set>

#include "trawl/core/sha256.hpp"
#include "trawl/file/other_block.hpp"

namespace trawl::inline v0 {

/// Names and secrets are for all packets behind them, whatever file these are put in.
constexpr bool speaks_of_later_packets(BlockType type) {
  return type == BlockType::name_resolution || type == BlockType::decryption_secrets;
}

class SeenBlocks {
 public:
  /// False: a block with the same bytes has been there.
  bool add(const Block& block) {
    Sha256 digest;
    const u8 order = u8(block.order);
    digest.update({&order, 1});
    digest.update(block.raw);
    return digests_.insert(digest.finish()).second;
  }

 private:
  std::set<Sha256Digest> digests_;
};

}  // namespace trawl::inline v0
