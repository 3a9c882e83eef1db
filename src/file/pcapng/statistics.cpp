// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/pcapng/statistics.hpp"

namespace trawl::inline v0 {

std::vector<u8> with_statistics_changed(const Block& block, u32 id, const std::function<u64(u64 ticks)>& moved) {
  auto statistics = *parse_interface_statistics(block);
  OptionBuilder builder(block.order);
  OptionWalk walk(statistics.options, block.order);
  while (const auto option = walk.next()) {
    const auto* spec = find_option(block.type, option->code);
    const auto value = spec ? read_value(spec->kind, option->value, block.order) : std::nullopt;
    if (value && spec->kind == OptionKind::halves) builder.add(*spec, {.number = moved(value->number)});
    else builder.add(option->code, option->value);
  }
  statistics.interface = id;
  statistics.ticks = moved(statistics.ticks);
  statistics.options = builder.finish();
  return encode(statistics, block.order);
}

}  // namespace trawl::inline v0
