// SPDX-License-Identifier: Apache-2.0 OR MIT
/// HMAC-SHA-256, RFC 2104: a keyed hash.
#pragma once
#include "trawl/core/sha256.hpp"

namespace trawl::inline v0 {

/// One key, any number of messages. A message of up to 55 bytes costs two blocks of SHA-256.
class HmacSha256 {
 public:
  explicit HmacSha256(Bytes key) {
    u8 block[64] = {};
    if (key.size > sizeof block) {
      const Sha256Digest hashed = sha256(key);
      copy_bytes(block, hashed.octet, sizeof hashed.octet);
    } else {
      copy_bytes(block, key.data, key.size);
    }
    for (u8& byte : block) byte ^= 0x36;
    inner_.update(block);
    for (u8& byte : block) byte ^= 0x36 ^ 0x5c;
    outer_.update(block);
  }
  Sha256Digest operator()(Bytes message) const {
    Sha256 inner = inner_, outer = outer_;
    inner.update(message);
    outer.update(inner.finish().bytes());
    return outer.finish();
  }

 private:
  Sha256 inner_, outer_;
};

}  // namespace trawl::inline v0
