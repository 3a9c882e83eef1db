// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What was anonymized and what was not, to standard error.
#pragma once
#include "cli/output/report.hpp"
#include "trawl/rewrite/anonymizer.hpp"

namespace cli {

/// @param blocks of names, secrets and the like that were left out
void report_anonymized(const trawl::AnonymizerReport& report, trawl::Content content, trawl::u64 blocks, bool json);

}  // namespace cli
