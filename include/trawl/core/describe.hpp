// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Texts for errors. Hosted: it allocates.
#pragma once
#include <string>

#include "trawl/core/error.hpp"

namespace trawl::inline v0 {

/// One line: "<what>: <why>[ at byte N | packet N | column N][; <what to do>]". Lists valid names, or the closest ones
/// to Error::detail where there are many. Without TRAWL_WITH_ERROR_TEXT: names of operation and reason, and numbers.
TRAWL_API std::string describe(const Error& error);

}  // namespace trawl::inline v0
