// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/command.hpp"
#include "cli/output/output.hpp"
#include "cli/output/progress.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/file/file_index.hpp"

namespace cli {
namespace {

struct IndexCommand {
  std::vector<std::string> paths;
  bool check = false;

  Status one(const std::string& path, Output& out) const {
    const std::string beside = trawl::FileIndex::path_for(path);
    if (check) {
      const auto found = trawl::FileIndex::load(beside, path);
      if (!found) {
        say(beside + ": " + trawl::describe(found.error()));
        return Status::failed;
      }
      return Status::done;
    }
    Progress progress(Progress::size_of({path}));
    const auto index = trawl::FileIndex::build(path, {.progress = [&](trawl::u64 bytes) { progress.tick(bytes); }});
    if (!index) return report_input(path, index.error());
    if (const auto saved = index->save(beside); !saved) return report(saved.error());
    out.text().append(beside).append(": ").append(std::to_string(index->packets())).append(" packets, ");
    out.text().append(std::to_string(index->places())).append(index->places() == 1 ? " place" : " places");
    out.text() += index->in_order() ? "\n" : ", not in the order of time\n";
    return Status::done;
  }

  Status run() const {
    Status status = Status::done;
    Output out;
    for (const std::string& path : paths)
      if (const Status mine = one(path, out); mine != Status::done) status = mine;
    return status;
  }
};

}  // namespace

void add_index(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("index", "write an index beside capture files: FILE.index");
  auto state = std::make_shared<IndexCommand>();
  command->add_option("files", state->paths, "capture files, compressed or not")->type_name("FILE")->required();
  command->add_flag("--check", state->check, "only say whether the index there is belongs to the file");
  command->callback([state, &run] { run = [state] { return state->run(); }; });
}

}  // namespace cli
