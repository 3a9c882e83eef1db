// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The blocks and options of pcapng files (draft-ietf-opsawg-pcapng): views, values, and builders of them.
#pragma once
#include "trawl/file/pcapng/block.hpp"
#include "trawl/file/pcapng/blocks.hpp"
#include "trawl/file/pcapng/builder.hpp"
#include "trawl/file/pcapng/options.hpp"
