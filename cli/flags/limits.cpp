// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/flags/limits.hpp"

#include <limits>

#include "cli/flags/units.hpp"

namespace cli {

trawl::ReaderOptions& reader_options() {
  static trawl::ReaderOptions options;
  return options;
}

trawl::ReaderOptions reader_options(trawl::KeepBlocks blocks) {
  trawl::ReaderOptions options = reader_options();
  options.blocks = blocks;
  return options;
}

void declare_limits(CLI::App& app) {
  const auto limit = [&](const char* flag, const char* what, auto& to) {
    app.add_option_function<std::string>(
           flag,
           [flag, &to](const std::string& text) {
             const auto size = parse_size(text);
             if (!size || !*size || *size > std::numeric_limits<std::remove_reference_t<decltype(to)>>::max())
               throw CLI::ValidationError(flag, text + ": a number is needed, such as 64Mi");
             to = std::remove_reference_t<decltype(to)>(*size);
           },
           what)
        ->type_name("SIZE")
        ->group("");   // the footers of the commands name them
  };
  limit("--max-packet", "bytes of a packet or block (32Mi)", reader_options().max_packet_bytes);
  limit("--max-window", "bytes that a zstd frame may look back (16Mi)", reader_options().max_window_bytes);
  limit("--max-interfaces", "interfaces of a file (100000)", reader_options().max_interfaces);
  limit("--max-interface-bytes", "bytes of options that describe them (8Mi)", reader_options().max_interface_bytes);
}

}  // namespace cli
