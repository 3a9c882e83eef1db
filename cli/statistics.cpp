// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "statistics.hpp"

#include <cstdio>

#include <sys/stat.h>
#include <sys/utsname.h>

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
  std::fputs(text.c_str(), stderr);
}

Status open_writer(const PacketOptions& options, const std::vector<std::string>& inputs, std::optional<trawl::FileWriter>& writer) {
  std::vector<trawl::FileIdentity> taken;
  for (const std::string& path : inputs) {
    struct stat facts{};
    if (path != "-" && ::stat(path.c_str(), &facts) == 0) taken.push_back({trawl::u64(facts.st_dev), trawl::u64(facts.st_ino)});
  }
  utsname system{};
  ::uname(&system);
  const std::string os = std::string(system.sysname) + ' ' + system.release, hardware = system.machine;
  const std::string_view comment = options.comment;
  trawl::WriterOptions how;
  if (!options.format.empty()) how.format = options.format == "pcap" ? trawl::FileFormat::pcap : trawl::FileFormat::pcapng;
  how.snaplen = options.snaplen;
  how.flush = options.flush ? trawl::FlushWhen::after_each_packet : trawl::FlushWhen::buffer_is_full;
  how.operating_system = os, how.hardware = hardware, how.application = "trawl " TRAWL_VERSION;
  if (!comment.empty()) how.comments = {&comment, 1};
  how.inputs = taken;
  auto opened = trawl::FileWriter::create(options.write_path, how);
  if (!opened) return report(opened.error());
  writer = std::move(*opened);
  return Status::done;
}

}  // namespace cli
