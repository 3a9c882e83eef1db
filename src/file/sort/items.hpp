// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Packets and blocks laid out one behind the other, in memory as in the temporary file of the same process.
#pragma once
#include <vector>

#include "trawl/core/frame.hpp"
#include "trawl/file/other_block.hpp"

namespace trawl::inline v0 {

struct ItemHead {
  i64 key = 0;          ///< what is sorted by
  u32 size = 0;         ///< with what follows the head: the packet's bytes and metadata, or the block
  bool is_block = false;
  u32 interface = 0;    ///< of a block
  Frame frame{};        ///< the pointers mean nothing
  Block block{};
};

/// Lays an item at the end of `arena`.
inline void append_item(std::vector<u8>& arena, ItemHead head, Bytes first, Bytes second) {
  const size_t at = arena.size();
  head.size = u32(sizeof head + first.size + second.size);
  arena.resize(at + head.size);
  copy_bytes(arena.data() + at, reinterpret_cast<const u8*>(&head), sizeof head);
  copy_bytes(arena.data() + at + sizeof head, first.data, first.size);
  copy_bytes(arena.data() + at + sizeof head + first.size, second.data, second.size);
}
/// The head of the item that begins there, with pointers to what follows it. @pre it is there to its end
inline ItemHead read_item(const u8* p) {
  ItemHead head;
  copy_bytes(reinterpret_cast<u8*>(&head), p, sizeof head);
  const u8* content = p + sizeof head;
  if (head.is_block) {
    head.block.raw.data = content;
  } else {
    head.frame.bytes.data = content;
    head.frame.info.metadata.data = content + head.frame.bytes.size;
  }
  return head;
}
inline i64 item_key(const u8* p) {
  i64 key = 0;
  copy_bytes(reinterpret_cast<u8*>(&key), p, sizeof key);
  return key;
}

}  // namespace trawl::inline v0
