// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/wire/standard.hpp"

namespace trawl::inline v0::wire {
namespace {
constexpr Catalog catalog = detail::make_standard_catalog();
}
constinit const Catalog& standard_catalog = catalog;
}  // namespace trawl::inline v0::wire
