// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What the capture-filter language is made of, for completion and help.
#pragma once
#include <string>
#include <vector>

#include "trawl/core/link_type.hpp"

namespace trawl::inline v0 {

enum class FilterWordKind : u8 {
  protocol,  ///< also what `[...]` may follow, most of them
  keyword,
  constant,  ///< a name for a number: tcp-syn, icmp-echo
  value,     ///< of one keyword: `type mgt`, `reason match`
  field,     ///< ip.ttl
};

struct FilterWord {
  std::string text;
  FilterWordKind kind;
  std::string example;  ///< a whole filter with the word in it; none for `gateway`, which needs names of this machine
  LinkType link;        ///< where the example compiles, as Target::live and as Target::offline
};

/// All of them, each spelling once, in no order that means something. Costs some hundred allocations.
TRAWL_API std::vector<FilterWord> filter_words();

}  // namespace trawl::inline v0
