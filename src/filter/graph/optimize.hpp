// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Makes a graph smaller without changing a verdict on any packet, truncated ones included.
#pragma once
#include "filter/graph/facts.hpp"

namespace trawl::inline v0::filter {

/// Leads every edge past the tests whose outcome is known on it, when what they demand has been met or will be on every
/// way to acceptance. Ends::open also widens ranges over what cannot be, so that they need fewer jumps.
/// @return what has been met before each block
enum class Ends : bool { kept, open };
std::vector<Demand> thread_jumps(Graph& graph, const Values& values, Ends ends = Ends::kept);

/// Tests of a run that leave for the same block are sorted by value, joined where ranges meet, and searched by halves
/// where they are many.
void sort_runs(Graph& graph, const Values& values, const std::vector<Demand>& done);

/// Where all ranges of a value begin and end on multiples of a power of two, testing it masked may need fewer jumps.
void choose_masks(Graph& graph, Values& values);

/// All of these, until nothing changes. @return what has been met before each block
std::vector<Demand> optimize(Graph& graph, Values& values);

}  // namespace trawl::inline v0::filter
