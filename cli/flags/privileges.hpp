// SPDX-License-Identifier: Apache-2.0 OR MIT
/// -Z, and what capture and send give up whoever they run as (docs/privileges.md).
#pragma once
#include "cli/command.hpp"
#include "trawl/capture/privileges.hpp"

namespace cli {

/// Whether the command still starts programs of the user's, which then have all that it has.
enum class StartsPrograms : trawl::u8 { no, yes };

class Privileges {
 public:
  void declare(CLI::App& command);
  /// When the interfaces are open: becomes the user of -Z, so that files are read and written as that.
  Status drop_before_files() const;
  /// When the first file is open, and nothing but packets is left to do. `rights`: to later files; not with -Z.
  Status drop_the_rest(trawl::FileRights rights, StartsPrograms starts) const;

 private:
  std::string user_;
};

}  // namespace cli
