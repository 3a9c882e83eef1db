// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/output/statistics.hpp"

#include "cli/output/terminal_line.hpp"

#include <cstdio>

#include <sys/utsname.h>

#include "cli/flags/output_file.hpp"
#include "trawl/core/switches.hpp"
#include "trawl/export/json.hpp"

namespace cli {

Counters of_files(const Pump& pump) {
  const PumpCounts& c = pump.counts();
  return {.received = c.seen, .captured = c.seen, .filtered = c.filtered, .written = c.delivered};
}

namespace {

void append_json(std::string& to, const Counters& c) {
  const auto add = [&](const char* name, trawl::u64 value) { to.append(",\"").append(name).append("\":").append(std::to_string(value)); };
  to += "\"received\":" + std::to_string(c.received);
  add("captured", c.captured);
  add("dropped_kernel", c.dropped_kernel);
  add("dropped_interface", c.dropped_interface);
  add("discarded", c.discarded);
  add("filtered", c.filtered);
  add("written", c.written);
}

}  // namespace

void print_statistics(bool json, const Counters& all, const std::vector<InterfaceCountersOf>& interfaces) {
  std::string text;
  if (json) {
    text += '{';
    append_json(text, all);
    text += ",\"interfaces\":[";
    for (size_t i = 0; i < interfaces.size(); ++i) {
      text += i ? ",{\"name\":" : "{\"name\":";
      trawl::append_json_string(text, interfaces[i].name);
      text += ',';
      append_json(text, interfaces[i].counters);
      text += '}';
    }
    text += "]}\n";
  } else {
    const auto line = [&](trawl::u64 n, const char* what) { text += std::to_string(n) + " packets " + what + '\n'; };
    line(all.received, "received");
    line(all.captured, "captured");
    line(all.written, "written or printed");
    if (all.filtered) line(all.filtered, "rejected by the filter");
    if (all.discarded) line(all.discarded, "unread when stopped");
    line(all.dropped_kernel, "dropped by the kernel");
    if (all.dropped_interface) line(all.dropped_interface, "dropped by the interface");
  }
  TerminalLine::hide();
  std::fputs(text.c_str(), stderr);
}

namespace {

/// Of this machine; kept for the files of a rotation.
const utsname& system_facts() {
  static const utsname facts = [] {
    utsname name{};
    ::uname(&name);
    return name;
  }();
  return facts;
}

trawl::WriterOptions writer_options(const PacketOptions& options) {
  static const std::string os = std::string(system_facts().sysname) + ' ' + system_facts().release;
  trawl::WriterOptions how;
  if (!options.format.empty()) how.format = options.format == "pcap" ? trawl::FileFormat::pcap : trawl::FileFormat::pcapng;
  if (!options.compress.empty()) how.compression = trawl::parse_compression(options.compress);
  how.snaplen = options.snaplen;
  how.flush = options.flush ? trawl::FlushWhen::after_each_packet : trawl::FlushWhen::buffer_is_full;
  how.operating_system = os, how.hardware = system_facts().machine, how.application = "trawl " TRAWL_VERSION;
  return how;
}

}  // namespace

Status open_writer(const PacketOptions& options, const std::vector<std::string>& inputs, std::optional<trawl::FileWriter>& writer) {
  const auto taken = identities_of(inputs);
  const std::string_view comment = options.comment;
  trawl::WriterOptions how = writer_options(options);
  if (!comment.empty()) how.comments = {&comment, 1};
  how.inputs = taken;
  auto opened = trawl::FileWriter::create(options.write_path, how);
  if (!opened) return report(opened.error());
  writer = std::move(*opened);
  return Status::done;
}

Status open_rotation(const PacketOptions& options, const trawl::RotationOptions& rotation, std::optional<trawl::RotatingWriter>& writer) {
  static std::string_view comment;
  comment = options.comment;
  trawl::WriterOptions how = writer_options(options);
  if (!comment.empty()) how.comments = {&comment, 1};
  auto opened = trawl::RotatingWriter::create(options.write_path, how, rotation);
  if (!opened) return report(opened.error());
  writer = std::move(*opened);
  return Status::done;
}

}  // namespace cli
