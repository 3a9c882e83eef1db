// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Makes a graph smaller without changing a verdict on any packet, truncated ones included.
#pragma once
#include "filter/graph/facts.hpp"

namespace trawl::inline v0::filter {

/// What has been met before each block.
using Done = std::vector<Demand>;

/// Leads every edge past the tests whose outcome is known on it, when what they demand has been met or will be on every
/// way to acceptance. Ends::open also widens ranges over what cannot be, so that they need fewer jumps.
/// @return whether anything changed; `done` is of the graph as it was
enum class Ends : bool { kept, open };
bool thread_jumps(Graph& graph, const Values& values, Done& done, Ends ends = Ends::kept);

/// Tests of a run that leave for the same block are sorted by value, joined where ranges meet, and searched by halves
/// where they are many. @return whether there was such a run
bool sort_runs(Graph& graph, const Values& values, const Done& done);

/// Where all ranges of a value begin and end on multiples of a power of two, testing it masked may need fewer jumps.
/// @return whether anything is masked now
bool choose_masks(Graph& graph, Values& values);

/// All of these, until nothing changes.
Done optimize(Graph& graph, Values& values);

}  // namespace trawl::inline v0::filter
