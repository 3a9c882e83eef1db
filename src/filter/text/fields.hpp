// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Fields that filters may name: those at fixed places in the headers that a kernel program can find.
#pragma once
#include "filter/text/words.hpp"
#include "trawl/wire/field.hpp"

namespace trawl::inline v0::filter {

struct NamedField {
  Word protocol = Word::none;               ///< whose bytes it is in; link: the link header
  const wire::FieldInfo* info = nullptr;    ///< null: there is no such field
  u64 most() const { return (info->width >= 32 ? 0xffffffffu : (1u << info->width) - 1) * u64{info->say.times}; }
};

/// By Wireshark's name: "ip.ttl", "tcp.flags.syn". Names that stand for several fields ("ip.addr") are none.
NamedField find_field(std::string_view name);
/// Each name that find_field() knows.
void each_field(void (*each)(void* context, std::string_view name), void* context);

}  // namespace trawl::inline v0::filter
