// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/export/tree.hpp"

#include "trawl/export/value.hpp"

namespace trawl::inline v0 {
namespace {

class TreePrinter {
 public:
  explicit TreePrinter(std::string& to) : to_(to) {}

  void enter(const Entered& e) {
    indent(depth_++);
    to_ += e.record->title;
    to_ += " [";
    number(e.offset);
    to_ += ", ";
    number(e.bytes.size);
    to_ += " bytes]";
    if (e.layer && e.layer->quoted) to_ += " (quoted)";
    if (e.layer && e.layer->cut) to_ += " (its length says more than its carrier has)";
    if (e.at_fault) to_ += " (incomplete)";
    to_ += '\n';
  }
  void leave() { --depth_; }
  void operator()(const Seen& seen) {
    indent(depth_ + seen.field->depth);
    append_name(to_, seen);
    to_ += ": ";
    if (seen.field->kind == wire::Kind::octets && seen.bytes.size > shown_bytes) {
      Seen part = seen;
      part.bytes = seen.bytes.first(shown_bytes);
      append_value(to_, part);
      to_ += "... (";
      number(seen.bytes.size);
      to_ += " bytes)";
    } else {
      append_value(to_, seen);
    }
    if (const std::string_view name = seen.value_name(); !name.empty()) to_.append(" (").append(name).append(")");
    if (seen.status) to_.append(" (").append(status_name(seen.number)).append(")");
    to_ += '\n';
  }

 private:
  static constexpr size_t shown_bytes = 64;
  static std::string_view status_name(u64 status) {
    constexpr std::string_view names[] = {"bad", "good", "unverified", "not present"};
    return names[status & 3];
  }
  void indent(unsigned depth) { to_.append(size_t{4} * depth, ' '); }
  void number(u64 n) { to_ += std::to_string(n); }

  std::string& to_;
  unsigned depth_ = 0;
};

}  // namespace

void append_tree(std::string& to, const Frame& frame, const Dissection& d, const FrameContext& context) {
  to += "Frame " + std::to_string(context.number) + ": " + std::to_string(frame.original_length) + " bytes on wire, " +
        std::to_string(frame.bytes.size) + " captured, interface " + std::to_string(frame.interface);
  if (frame.info.has_time) {
    char text[40];
    TextOut out(text);
    put_time(out, frame.time);
    to.append(", time ").append(out.view());
  }
  to += '\n';
  TreePrinter printer(to);
  walk(d, printer);
  if (d.count) {
    if (const Bytes data = d.payload(d.layers[d.count - 1]); !data.empty() && !d.fault) {
      to += "Data [" + std::to_string(d.layers[d.count - 1].payload()) + ", " + std::to_string(data.size) + " bytes]\n";
    }
  }
  if (d.fault) {
    to.append("Fault: ").append(name(d.fault.kind));
    to += " at byte " + std::to_string(d.fault.offset) + ": " + std::to_string(d.fault.needed) + " bytes needed, " +
          std::to_string(d.fault.available) + " there\n";
  }
}

}  // namespace trawl::inline v0
