// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <cmath>
#include <cstdio>
#include <ctime>

#include <sys/stat.h>

#include "cli/command.hpp"
#include "cli/flags/limits.hpp"
#include "cli/output/output.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/core/sha256.hpp"
#include "trawl/dissect/value_text.hpp"
#include "trawl/export/hex.hpp"
#include "trawl/export/json.hpp"
#include "trawl/file/file_reader.hpp"
#include "trawl/file/pcapng_block_reader.hpp"

namespace cli {
namespace {

/// What a file turned out to hold.
struct Facts {
  std::string file, sha256;
  std::optional<trawl::u64> size;
  trawl::u64 packets = 0, bytes = 0, captured_bytes = 0;
  std::optional<trawl::Timestamp> first, last;
  bool in_order = true;
};

void take(Facts& facts, const trawl::Batch& batch, trawl::Timestamp& previous, bool& any) {
  for (const trawl::Frame& frame : batch) {
    facts.bytes += frame.original_length;
    facts.captured_bytes += frame.bytes.size;
    if (!frame.info.has_time) continue;
    if (!any) {
      any = true;
      facts.first = facts.last = frame.time;
    } else {
      if (frame.time < previous) facts.in_order = false;
      if (frame.time < *facts.first) facts.first = frame.time;
      if (frame.time > *facts.last) facts.last = frame.time;
    }
    previous = frame.time;
  }
  facts.packets += batch.size();
}

std::string time_text(trawl::Timestamp time) {
  char text[40];
  trawl::TextOut out(text);
  trawl::put_time(out, time);
  return std::string(out.view());
}
std::string date_text(trawl::Timestamp time) {
  const std::time_t seconds = time.seconds();
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[40];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &utc);
  char whole[64];
  std::snprintf(whole, sizeof whole, "%s.%09u UTC", text, time.subsecond());
  return whole;
}
/// Exact where a double holds it, as a JSON number or string.
std::string ticks_per_second(trawl::Resolution r) {
  if (r.binary()) {
    if (r.exponent() <= 53) return std::to_string(trawl::u64{1} << r.exponent());
    if (r.exponent() <= 63) return '"' + std::to_string(trawl::u64{1} << r.exponent()) + '"';
    return "\"2^" + std::to_string(r.exponent()) + '"';
  }
  std::string text = "1" + std::string(r.exponent(), '0');
  return r.exponent() <= 15 ? text : '"' + text + '"';
}
std::string_view byte_order(const trawl::FileFacts& facts) {
  return facts.mixed_order ? "mixed" : facts.order == trawl::Order::little ? "little" : "big";
}
std::string link_name(trawl::LinkType type) {
  const std::string_view known = trawl::name(type);
  return known.empty() ? "LINKTYPE_" + std::to_string(trawl::u16(type)) : std::string(known);
}
/// Only the reason: the position stands beside it.
std::string reason_of(const trawl::Error& error) {
  std::string text(trawl::name(error.reason));
  if (!error.detail_view().empty()) text += ": " + std::string(error.detail_view());
  return text;
}

void append_json_optional(std::string& to, std::optional<trawl::Timestamp> time) {
  if (time) to += '"' + time_text(*time) + '"';
  else to += "null";
}
void append_position(std::string& to, const char* name, trawl::u64 value) {
  to.append("\"").append(name).append("\":").append(value == trawl::Error::unknown ? "null" : std::to_string(value));
}

void append_json(std::string& to, const Facts& f, const trawl::FileReader& reader) {
  const trawl::FileFacts& facts = reader.facts();
  to += "{\"file\":";
  trawl::append_json_string(to, f.file);
  to += ",\"file_size\":" + (f.size ? std::to_string(*f.size) : "null");
  to.append(",\"format\":\"")
      .append(trawl::name(facts.format))
      .append("\",\"compression\":")
      .append(facts.compression == trawl::Compression::none ? "null" : '"' + std::string(trawl::name(facts.compression)) + '"')
      .append(",\"byte_order\":\"")
      .append(byte_order(facts));
  to += "\",\"sections\":" + std::to_string(facts.sections) + ",\"interfaces\":[";
  trawl::u32 id = 0;
  for (const trawl::InterfaceInfo& i : reader.interfaces()) {
    to += id ? ",{" : "{";
    to += "\"id\":" + std::to_string(id++) + ",\"section\":" + std::to_string(i.section) + ",\"name\":";
    if (i.name.empty()) to += "null";
    else trawl::append_json_string(to, i.name);
    to += ",\"link_type\":";
    trawl::append_json_string(to, link_name(i.link_type));
    to += ",\"link_type_number\":" + std::to_string(trawl::u16(i.link_type)) + ",\"snaplen\":" + std::to_string(i.snaplen) +
          ",\"ticks_per_second\":" + ticks_per_second(i.resolution) + "}";
  }
  to += "],\"packets\":" + std::to_string(f.packets) + ",\"bytes\":" + std::to_string(f.bytes) +
        ",\"captured_bytes\":" + std::to_string(f.captured_bytes) + ",\"first\":";
  append_json_optional(to, f.first);
  to += ",\"last\":";
  append_json_optional(to, f.last);
  to += std::string(",\"in_order\":") + (f.in_order ? "true" : "false") + ",\"comments\":" + std::to_string(facts.comments) +
        ",\"warnings\":[";
  bool first = true;
  for (const trawl::Error& w : reader.warnings().first()) {
    to += first ? "{" : ",{";
    first = false;
    append_position(to, "offset", w.byte);
    to += ',';
    append_position(to, "packet", w.packet);
    to += ",\"reason\":";
    trawl::append_json_string(to, reason_of(w));
    to += '}';
  }
  to += "],\"damaged\":";
  if (reader.damage().empty()) {
    to += "null";
  } else {
    const trawl::Error& d = reader.damage().first()[0];
    to += '{';
    append_position(to, "offset", d.byte);
    to += ",\"reason\":";
    trawl::append_json_string(to, reason_of(d));
    to += '}';
  }
  to += ",\"damage_count\":" + std::to_string(reader.damage().count());
  if (!f.sha256.empty()) to += ",\"sha256\":\"" + f.sha256 + '"';
  to += "}\n";
}

void append_text(std::string& to, const Facts& f, const trawl::FileReader& reader) {
  const trawl::FileFacts& facts = reader.facts();
  const auto line = [&](std::string_view label, std::string_view value) {
    to.append(label).append(label.size() < 20 ? 20 - label.size() : 1, ' ').append(value).append("\n");
  };
  line("File:", f.file);
  std::string format = std::string(trawl::name(facts.format)) + ", " + std::string(byte_order(facts)) + "-endian";
  if (facts.compression != trawl::Compression::none) format.append(", ").append(trawl::name(facts.compression));
  line("Format:", format);
  if (f.size) line("Size:", std::to_string(*f.size) + " bytes");
  if (facts.sections > 1) line("Sections:", std::to_string(facts.sections));
  line("Packets:", std::to_string(f.packets));
  line("Bytes on the wire:", std::to_string(f.bytes));
  line("Bytes captured:", std::to_string(f.captured_bytes));
  if (f.first) {
    line("First packet:", date_text(*f.first));
    line("Last packet:", date_text(*f.last));
    const trawl::i64 length = f.last->nanoseconds - f.first->nanoseconds;
    line("Duration:", time_text({length}) + " s");
    if (length > 0) {
      char rate[80];
      const double seconds = double(length) / 1e9;
      std::snprintf(rate, sizeof rate, "%.1f packets/s, %.1f kbit/s", double(f.packets) / seconds, double(f.bytes) * 8 / seconds / 1000);
      line("Mean rate:", rate);
    }
    line("Order of time:", f.in_order ? "yes" : "no");
  }
  if (facts.comments) line("Comments:", std::to_string(facts.comments));
  trawl::u32 id = 0;
  for (const trawl::InterfaceInfo& i : reader.interfaces()) {
    std::string text = std::to_string(id++) + ": ";
    if (!i.name.empty()) text.append(i.name).append(", ");
    text += link_name(i.link_type) + " (" + std::to_string(trawl::u16(i.link_type)) + "), snaplen " + std::to_string(i.snaplen);
    if (!i.filter.empty()) text.append(", filter \"").append(i.filter).append("\"");
    line("Interface:", text);
  }
  if (!f.sha256.empty()) line("SHA-256:", f.sha256);
  if (!reader.warnings().empty()) line("Warnings:", std::to_string(reader.warnings().count()));
  if (!reader.damage().empty())
    line("Damage:", std::to_string(reader.damage().count()) + ", first: " + reason_of(reader.damage().first()[0]));
}

struct InfoCommand {
  std::vector<std::string> paths;
  bool json = false, sha256 = false, blocks = false;

  static trawl::Result<std::string> digest_of(const std::string& path) {
    auto source = trawl::ByteSource::open(path);
    if (!source) return std::unexpected(source.error());
    trawl::Sha256 sha;
    std::vector<trawl::u8> buffer(256u << 10);
    for (;;) {
      const auto n = source->read(buffer);
      if (!n) return std::unexpected(n.error());
      if (*n == 0) break;
      sha.update({buffer.data(), *n});
    }
    std::string text;
    trawl::append_hex(text, sha.finish().bytes());
    return text;
  }

  Status list_blocks(const std::string& path, std::string& to) const {
    auto reader = trawl::PcapngBlockReader::open(path, reader_options());
    if (!reader) return report(reader.error());
    for (;;) {
      const auto block = reader->next();
      if (!block) return report_input(path, block.error());
      if (!*block) return Status::done;
      const trawl::Block& b = **block;
      if (json) {
        to += "{\"offset\":" + std::to_string(b.offset) + ",\"type\":" + std::to_string(trawl::u32(b.type)) + ",\"name\":";
        trawl::append_json_string(to, trawl::name(b.type));
        to += ",\"length\":" + std::to_string(b.raw.size) + "}\n";
      } else {
        char text[160];
        const std::string name(trawl::name(b.type));
        std::snprintf(text, sizeof text, "%12llu  0x%08x  %8zu  %s\n", static_cast<unsigned long long>(b.offset), unsigned(b.type),
                      b.raw.size, name.c_str());
        to += text;
      }
    }
  }

  Status one(const std::string& path, std::string& to) const {
    Facts facts;
    facts.file = path;
    struct stat about{};
    if (path != "-" && ::stat(path.c_str(), &about) == 0) facts.size = trawl::u64(about.st_size);
    auto reader = trawl::FileReader::open(path, reader_options());
    if (!reader) return report(reader.error());
    if (sha256 && path != "-") {
      auto digest = digest_of(path);
      if (!digest) return report(digest.error());
      facts.sha256 = *digest;
    }
    Status status = Status::done;
    trawl::Timestamp previous;
    bool any = false;
    for (;;) {
      const auto batch = reader->next();
      if (!batch) {
        status = report_input(path, batch.error());
        break;
      }
      if (!*batch) break;
      take(facts, **batch, previous, any);
    }
    report_warnings(path, reader->warnings());
    if (json) append_json(to, facts, *reader);
    else append_text(to, facts, *reader);
    return status;
  }

  Status run() const {
    Status status = Status::done;
    Output out;
    for (const std::string& path : paths) {
      if (!json && paths.size() > 1 && &path != &paths.front()) out.text() += '\n';
      const Status mine = blocks ? list_blocks(path, out.text()) : one(path, out.text());
      if (mine != Status::done) status = mine;
      out.flush_if_large();
    }
    return status;
  }
};

}  // namespace

void add_info(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("info", "say what is in capture files");
  auto state = std::make_shared<InfoCommand>();
  command->add_option("files", state->paths, "capture files; - is standard input")->type_name("FILE")->required();
  command->add_flag("--json", state->json, "one JSON object a file");
  command->add_flag("--sha256", state->sha256, "the digest of the file");
  command->add_flag("--blocks", state->blocks, "list the blocks of a pcapng file");
  command->callback([state, &run] { run = [state] { return state->run(); }; });
}

}  // namespace cli
