// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <iostream>

#include "cli/command.hpp"
#include "cli/output/output.hpp"
#include "trawl/bpf/disassemble.hpp"
#include "trawl/bpf/explain.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/export/json.hpp"
#include "trawl/filter/filter.hpp"

namespace cli {
namespace {

struct FilterCommand {
  std::vector<std::string> words;
  std::string link_type = "EN10MB", netmask, check;
  trawl::u32 snaplen = 262144;
  int dump = 0;
  bool explain = false, json = false, no_optimize = false, live = false, resolve = false, swapped = false;
  const AfterDashes& rest;

  explicit FilterCommand(const AfterDashes& after) : rest(after) {}

  trawl::Result<trawl::bpf::Program> compile(std::string_view text, trawl::LinkType link) const {
    auto filter = trawl::Filter::parse(text, {.resolve = resolve, .files = true});
    if (!filter) return std::unexpected(filter.error());
    trawl::CompileOptions options{.snaplen = snaplen ? snaplen : 262144, .optimize = !no_optimize, .swapped = swapped};
    if (!netmask.empty()) {
      options.netmask = trawl::parse_ipv4(netmask);
      if (!options.netmask) return trawl::fail(trawl::Operation::parse_expression, trawl::Reason::out_of_range, "--netmask " + netmask);
    }
    return filter->compile(link, live ? trawl::bpf::Target::live : trawl::bpf::Target::offline, options);
  }

  /// LINKTYPE<TAB>EXPR lines in, a verdict a line out.
  Status check_lines() const {
    Output out;
    for (std::string line; std::getline(std::cin, line);) {
      const size_t tab = line.find('\t');
      const std::string type = tab == line.npos ? "EN10MB" : line.substr(0, tab);
      const std::string text = tab == line.npos ? line : line.substr(tab + 1);
      const auto link = trawl::parse_link_type(type);
      trawl::Result<trawl::bpf::Program> program =
          link ? compile(text, *link) : trawl::fail(trawl::Operation::parse_link_type, trawl::Reason::unknown_name, type);
      std::string& to = out.text();
      if (program) {
        to += "{\"ok\":true,\"length\":" + std::to_string(program->instructions().size()) + "}\n";
      } else {
        to += "{\"ok\":false,\"column\":" + std::to_string(program.error().column) + ",\"error\":";
        trawl::append_json_string(to, trawl::describe(program.error()));
        to += "}\n";
      }
      out.flush_if_large();
    }
    return Status::done;
  }

  static std::string bound(const trawl::bpf::Set& set, size_t index) {
    if (set.words == 1) return std::to_string(set.bounds[index]);
    trawl::Ipv6Address address;
    for (size_t i = 0; i < 16; ++i) address.octet[i] = trawl::u8(set.bounds[4 * index + i / 4] >> (24 - 8 * (i % 4)));
    char buffer[trawl::Ipv6Address::text_size];
    trawl::TextOut text(buffer, sizeof buffer);
    put(text, address);
    return '"' + std::string(text.view()) + '"';
  }
  /// Each set as [first, behind the last] pairs, null where nothing is behind.
  static void append_sets(std::string& to, std::span<const trawl::bpf::Set> sets) {
    to += ",\"sets\":[";
    for (const trawl::bpf::Set& set : sets) {
      to += &set == sets.data() ? "[" : ",[";
      for (size_t i = 0; i < set.count; i += 2)
        to += (i ? ",[" : "[") + bound(set, i) + ',' + (i + 1 < set.count ? bound(set, i + 1) : "null") + ']';
      to += ']';
    }
    to += ']';
  }

  Status run() const {
    if (!check.empty()) return check_lines();
    std::string text;
    for (const auto* list : {&words, &rest.words})
      for (const std::string& word : *list) text += (text.empty() ? "" : " ") + word;
    const auto link = trawl::parse_link_type(link_type);
    if (!link) return report(trawl::fail(trawl::Operation::parse_link_type, trawl::Reason::unknown_name, link_type).error());
    const auto program = compile(text, *link);
    if (!program) return report(program.error(), text);
    if (program->rejects_all()) say("warning: this filter matches no packet");
    Output out;
    if (explain) {
      out.text() += trawl::bpf::explain(*program);
      return Status::done;
    }
    if (json) {
      out.text() += "{\"instructions\":[";
      bool first = true;
      for (const trawl::bpf::Instruction& i : program->instructions()) {
        out.text() += first ? "{" : ",{";
        first = false;
        out.text() += "\"code\":" + std::to_string(i.code) + ",\"jt\":" + std::to_string(i.jt) + ",\"jf\":" + std::to_string(i.jf) +
                      ",\"k\":" + std::to_string(i.k) + "}";
      }
      out.text() += "],\"length\":" + std::to_string(program->instructions().size());
      if (!program->sets().empty()) append_sets(out.text(), program->sets().view());
      out.text() += "}\n";
      return Status::done;
    }
    if (!program->sets().empty()) say("warning: this program asks sets (jin), which only trawl can run: no kernel takes it");
    std::string buffer(program->instructions().size() * 96 + 64, 0);
    trawl::TextOut lines(buffer.data(), buffer.size());
    const auto style = dump >= 3 ? trawl::bpf::Listing::decimal : dump == 2 ? trawl::bpf::Listing::c : trawl::bpf::Listing::assembly;
    trawl::bpf::put(lines, program->instructions(), style);
    out.text() += lines.view();
    return Status::done;
  }
};

}  // namespace

void add_filter(CLI::App& app, Run& run, const AfterDashes& rest) {
  CLI::App* command = app.add_subcommand("filter", "compile a capture filter and show the program");
  auto state = std::make_shared<FilterCommand>(rest);
  command->add_option("expression", state->words, "the filter, in words")->type_name("EXPR");
  command->add_option("-y", state->link_type, "link type")->type_name("LINKTYPE");
  command->add_flag("-d", state->dump, "-d assembly (default), -dd C, -ddd decimal");
  command->add_flag("--json", state->json, "the program as JSON");
  command->add_flag("--explain", state->explain, "say in words what is matched");
  command->add_flag("--no-optimize", state->no_optimize, "leave the program as it was generated");
  command->add_option("--netmask", state->netmask, "of the network, for `ip broadcast`")->type_name("ADDR");
  command->add_flag("--live", state->live, "for a live capture: the kernel's extensions may be used");
  command->add_option("--snaplen", state->snaplen, "what the program returns on a match")->type_name("N");
  command->add_flag("--swapped", state->swapped, "for a file of the other byte order");
  command->add_flag("--resolve", state->resolve, "let host names be looked up");
  command->add_option("--check", state->check, "read LINKTYPE<TAB>EXPR lines from standard input")->type_name("-");
  command->callback([state, &run] { run = [state] { return state->run(); }; });
}

}  // namespace cli
