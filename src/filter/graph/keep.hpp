// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Which values are worth a word of memory: those that several blocks compute and that take more than a load.
#pragma once
#include "filter/graph/graph.hpp"

namespace trawl::inline v0::filter {

/// At most 12, those that cost most first.
std::vector<ValueId> values_to_keep(const Graph& graph, const Values& values);

}  // namespace trawl::inline v0::filter
