// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/pcapng/process_numbers.hpp"

namespace trawl::inline v0 {

Bytes ProcessNumbers::renumbered(Bytes options, Order order, std::deque<std::vector<u8>>& room) const {
  bool copied = false;
  OptionWalk walk(options, order);
  while (const auto option = walk.next()) {
    const bool is_number = option->code == packet_option::process_index.code || option->code == packet_option::effective_process_index.code;
    if (!is_number || option->value.size != sizeof(u32)) continue;
    const u32 number = load<u32>(option->value.data, order);
    if (number >= numbers_.size() || numbers_[number] == number) continue;
    if (!copied) room.emplace_back(options.begin(), options.end());
    copied = true;
    store<u32>(room.back().data() + (option->value.data - options.data), numbers_[number], order);
  }
  return copied ? Bytes(room.back().data(), room.back().size()) : options;
}

}  // namespace trawl::inline v0
