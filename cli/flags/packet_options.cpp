// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/flags/packet_options.hpp"

#include <fstream>
#include <iterator>

namespace cli {

void PacketOptions::declare(CLI::App& command) {
  command.add_option("-w", write_path, "write packets to FILE (.pcap, else pcapng; - is standard output)")->type_name("FILE");
  command.add_option("--format", format, "of the written file, whatever its name")
      ->type_name("pcap|pcapng")
      ->check(CLI::IsMember({"pcap", "pcapng"}));
  command.add_option("--compress", compress, "the written file, whatever its name (.gz, .zst, .lz4)")
      ->type_name("none|gzip|zstd|lz4")
      ->check(CLI::IsMember({"none", "gzip", "zstd", "lz4"}));
  command.add_option("-c", count, "stop after N matching packets")->type_name("N");
  command.add_option("-s", snaplen, "keep at most SNAPLEN bytes of a packet (0: all)")->type_name("SNAPLEN");
  command.add_option("-f", filter_text, "capture filter, instead of words")->type_name("TEXT");
  command.add_option("-F", filter_file, "capture filter from a file")->type_name("FILE");
  command.add_option("-Y", display_text, "display filter: a test of fields, as in Wireshark")->type_name("TEXT");
  command.add_option("-y", link_type, "link type, DLT or LINKTYPE name")->type_name("LINKTYPE");
  command.add_option("--netmask", netmask, "of the network, for `ip broadcast`")->type_name("ADDR");
  command.add_flag("-V", tree, "layers and fields as a tree");
  command.add_flag("-x", hex, "bytes in hex");
  command.add_flag("-A", ascii, "bytes as characters");
  command.add_flag("-q", quiet, "print no packets");
  command.add_flag("--count", count_only, "print only how many packets match");
  command.add_flag("--numbers", numbers, "print the numbers of matching packets");
  command.add_flag("--json", json, "one JSON object a packet");
  command.add_option("-T", form, "fields: chosen fields, tab-separated; csv: the same as CSV")
      ->type_name("fields|csv")
      ->check(CLI::IsMember({"fields", "csv"}));
  command.add_option("-e", fields, "a field for -T, by Wireshark's name (repeat)")
      ->type_name("NAME")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  command.add_option("-E", field_options, "header=y|n, separator=, aggregator=, occurrence=f|l|a, quote=d|s|n")
      ->type_name("K=V")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  command.add_flag("-t", time_style, "-t no time, -tt epoch, -ttt since the last, -tttt date, -ttttt since the first");
  command.add_flag("-n", numeric, "addresses and ports are numbers (always so)");
  command.add_option("--comment", comment, "comment for the written file")->type_name("TEXT");
  command.add_flag("-U", flush, "write each packet out at once");
}

std::optional<std::string> PacketOptions::filter_from(const std::vector<std::string>& words, Status& status) const {
  status = Status::done;
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  const int given = !filter_text.empty() + !filter_file.empty() + !words.empty();
  if (given > 1) {
    say("a filter may be given by words, -f or -F: only one of them");
    status = Status::usage;
    return {};
  }
  if (!filter_text.empty()) return filter_text;
  if (!filter_file.empty()) {
    std::ifstream file(filter_file);
    if (!file) {
      say("cannot read the filter file " + filter_file);
      status = Status::failed;
      return {};
    }
    text.assign(std::istreambuf_iterator<char>(file), {});
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    for (char& c : text)
      if (c == '\n' || c == '\r') c = ' ';
  }
  if (text.empty()) return {};
  return text;
}

std::optional<trawl::FilterMatcher> PacketOptions::matcher(const std::optional<std::string>& text, Status& status) const {
  if (!text) return {};
  const auto filter = trawl::Filter::parse(*text, {.files = true});
  const auto options = compile_options();
  if (!filter) status = report(filter.error(), *text);
  else if (!options) status = report(options.error());
  if (status != Status::done) return {};
  return trawl::FilterMatcher(*filter, *options);
}

std::optional<trawl::DisplayFilter> PacketOptions::display_filter(Status& status) const {
  if (display_text.empty()) return {};
  auto filter = trawl::DisplayFilter::parse(display_text);
  if (filter) return *filter;
  status = report(filter.error(), display_text);
  return {};
}

trawl::Result<trawl::CompileOptions> PacketOptions::compile_options() const {
  trawl::CompileOptions options;
  if (!netmask.empty()) {
    options.netmask = trawl::parse_ipv4(netmask);
    if (!options.netmask) return trawl::fail(trawl::Operation::parse_expression, trawl::Reason::out_of_range, "--netmask " + netmask);
  }
  return options;
}

trawl::TimeStyle PacketOptions::style() const {
  constexpr trawl::TimeStyle styles[] = {trawl::TimeStyle::time_of_day,    trawl::TimeStyle::none, trawl::TimeStyle::epoch,
                                         trawl::TimeStyle::since_previous, trawl::TimeStyle::date, trawl::TimeStyle::since_first};
  return styles[time_style < 0 || time_style > 5 ? 5 : time_style];
}

namespace {

std::string unescape(std::string_view text) {
  if (text == "/t") return "\t";
  if (text == "/s") return " ";
  return std::string(text);
}

}  // namespace

trawl::Result<trawl::ColumnOptions> PacketOptions::columns() const {
  trawl::ColumnOptions options;
  options.csv = form == "csv";
  if (options.csv) options.separator = ",", options.aggregator = ";";
  for (const std::string& one : field_options) {
    const size_t equals = one.find('=');
    const std::string key = one.substr(0, equals), value = equals == one.npos ? "" : one.substr(equals + 1);
    bool good = equals != one.npos;
    if (key == "header") good = good && (value == "y" || value == "n");
    else if (key == "separator") options.separator = unescape(value);
    else if (key == "aggregator") options.aggregator = unescape(value);
    else if (key == "occurrence" && (value == "f" || value == "l" || value == "a"))
      options.occurrence = value == "f" ? trawl::Occurrence::first : value == "l" ? trawl::Occurrence::last : trawl::Occurrence::all;
    else if (key == "quote" && (value == "d" || value == "s" || value == "n"))
      options.quote = value == "d" ? '"' : value == "s" ? '\'' : '\0';
    else good = false;
    if (!good) return trawl::fail(trawl::Operation::parse_expression, trawl::Reason::unknown_name, "-E " + one);
  }
  return options;
}

bool PacketOptions::check(std::string& problem) const {
  if (!form.empty() && fields.empty()) problem = "-T " + form + " needs at least one -e NAME";
  else if (form.empty() && !fields.empty()) problem = "-e needs -T fields or -T csv";
  else if (int(json) + int(!form.empty()) + int(count_only) + int(numbers) > 1)
    problem = "--json, -T, --count and --numbers exclude each other";
  return problem.empty();
}

}  // namespace cli
