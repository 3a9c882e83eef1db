// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/output/packet_printer.hpp"

#include "trawl/export/hex.hpp"
#include "trawl/export/json.hpp"
#include "trawl/export/tree.hpp"

namespace cli {

trawl::Result<std::unique_ptr<PacketPrinter>> PacketPrinter::make(const PacketOptions& options) {
  std::unique_ptr<PacketPrinter> printer(new PacketPrinter(options));
  if (!options.form.empty()) {
    const auto how = options.columns();
    if (!how) return std::unexpected(how.error());
    auto columns = trawl::Columns::resolve(options.fields, *how);
    if (!columns) return std::unexpected(columns.error());
    printer->columns_ = std::move(*columns);
    bool header = options.form == "csv";
    for (const std::string& one : options.field_options)
      if (one.starts_with("header=")) header = one == "header=y";
    if (header) printer->columns_->append_header(printer->output_.text());
  }
  return printer;
}

void PacketPrinter::print(const trawl::Frame& frame, const trawl::FrameContext& context) {
  ++count_;
  if (options_.count_only || options_.quiet) return;
  std::string& text = output_.text();
  if (options_.numbers) {
    text += std::to_string(context.number) + '\n';
    return output_.flush_if_large();
  }
  const trawl::Dissection d = trawl::dissect(frame);
  if (columns_) {
    columns_->append_row(text, frame, d, context);
  } else if (options_.json) {
    trawl::append_json(text, frame, d, context);
  } else {
    if (options_.tree) {
      trawl::append_tree(text, frame, d, context);
    } else {
      trawl::append_time(text, frame, context, options_.style());
      summary_.append(text, frame, d);
      text += '\n';
    }
    if (options_.hex) trawl::append_hex_dump(text, frame.bytes);
    if (options_.ascii) {
      for (trawl::u8 b : frame.bytes) text += (b >= 0x20 && b < 0x7f) || b == '\n' || b == '\t' ? char(b) : '.';
      text += '\n';
    }
    if (options_.tree) text += '\n';
  }
  output_.flush_if_large();
}

void PacketPrinter::finish() {
  if (options_.count_only) output_.text() += std::to_string(count_) + '\n';
  output_.flush();
}

}  // namespace cli
