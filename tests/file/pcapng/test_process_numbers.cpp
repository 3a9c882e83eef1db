// SPDX-License-Identifier: Apache-2.0 OR MIT
// Packets of Apple's captures name their process by the number of its block: after a merge, too.
#include <gtest/gtest.h>

#include <fstream>

#include "support/captures.hpp"
#include "trawl/core/switches.hpp"
#include "trawl/file/file_writer.hpp"
#include "trawl/file/merge.hpp"

#if TRAWL_WITH_PCAPNG

using namespace trawl;

namespace {

/// A packet a second from `start` on, of one process after the other; each packet's bytes are its process' names.
std::string write(const test::ScratchFolder& folder, const std::string& name, std::vector<std::string> processes, i64 start, Order order) {
  const std::string path = folder / name;
  auto writer = FileWriter::create(path, {.format = FileFormat::pcapng, .order = order});
  const InterfaceInfo interface{.link_type = LinkType::ethernet};
  EXPECT_TRUE(writer->describe(0, {&interface, 1}));
  for (const std::string& process : processes) {
    OptionBuilder options(order);
    options.add(process_option::name, process);
    EXPECT_TRUE(writer->write_raw(encode(ProcessInformation{1, options.finish()}, order)));
  }
  for (u32 i = 0; i < 10; ++i) {
    const u32 sender = i % u32(processes.size()), effective = (i + 1) % u32(processes.size());
    OptionBuilder options(order);
    options.add(packet_option::flags, {}).add(packet_option::process_index, sender).add(packet_option::effective_process_index, effective);
    options.add(any_option::comment, "kept");
    const std::string text = processes[sender] + ' ' + processes[effective];
    const PacketBlock packet{.ticks = u64(start + i) * 1'000'000,
                             .captured_length = u32(text.size()),
                             .original_length = u32(text.size()),
                             .data = Bytes::of(text),
                             .options = options.finish()};
    EXPECT_TRUE(writer->write_raw(encode(packet, order), 1));
  }
  EXPECT_TRUE(writer->close());
  return path;
}

// How many packets there are, each with the processes that its bytes speak of.
u32 count_right(const std::string& path) {
  auto reader = FileReader::open(path, {.blocks = KeepBlocks::others});
  std::vector<std::string> names;
  u32 right = 0;
  for (auto batch = reader->next(); batch && *batch; batch = reader->next()) {
    auto blocks = reader->blocks();
    for (u32 i = 0; i <= (*batch)->size(); ++i) {
      for (; !blocks.empty() && blocks.front().before <= i; blocks = blocks.subspan(1))
        if (const auto process = parse_process_information(blocks.front().block))
          names.emplace_back(find(process->options, blocks.front().block.order, process_option::name).value_or(""));
      if (i == (*batch)->size()) break;
      const Frame& frame = (**batch)[i];
      const Order order = frame.info.metadata_big_endian ? Order::big : Order::little;
      const auto sender = find(frame.info.metadata, order, packet_option::process_index);
      const auto effective = find(frame.info.metadata, order, packet_option::effective_process_index);
      if (!sender || !effective || *sender >= names.size() || *effective >= names.size()) continue;
      const bool comment = find(frame.info.metadata, order, any_option::comment) == "kept";
      right += comment && names[*sender] + ' ' + names[*effective] == frame.bytes.text();
    }
  }
  return right;
}

}  // namespace

TEST(ProcessNumbers, are_those_of_the_merged_file) {
  const test::ScratchFolder folder;
  const std::vector<std::string> inputs{write(folder, "a.pcapng", {"mail", "safari"}, 100, Order::little),
                                        write(folder, "b.pcapng", {"kernel_task", "mail", "sshd"}, 95, Order::big),
                                        write(folder, "c.pcapng", {"launchd"}, 103, Order::little)};
  for (const std::string& path : inputs) EXPECT_EQ(count_right(path), 10u) << path;
  for (const MergeOrder order : {MergeOrder::by_time, MergeOrder::as_given}) {
    const std::string path = folder / "out.pcapng";
    auto merge = Merge::open(inputs, {.order = order, .reader = {.blocks = KeepBlocks::others}});
    auto writer = FileWriter::create(path, {});
    for (auto batch = merge.next(); batch && *batch; batch = merge.next())
      ASSERT_TRUE(writer->write(**batch, merge.interfaces(), merge.blocks()));
    ASSERT_TRUE(writer->close());
    EXPECT_EQ(count_right(path), 30u) << int(order);
  }
}

// What a writer is given of one source after the other, sections of one file included.
TEST(ProcessNumbers, are_those_of_the_written_section) {
  const test::ScratchFolder folder;
  const std::vector<std::string> inputs{write(folder, "a.pcapng", {"mail", "safari"}, 100, Order::little),
                                        write(folder, "b.pcapng", {"kernel_task", "mail", "sshd"}, 95, Order::big),
                                        write(folder, "c.pcapng", {"launchd"}, 103, Order::little)};
  const std::string sections = folder / "sections.pcapng";
  for (const std::string& input : inputs)
    std::ofstream(sections, std::ios::binary | std::ios::app) << std::ifstream(input, std::ios::binary).rdbuf();
  for (const auto& sources : {inputs, std::vector<std::string>{sections}, std::vector<std::string>{sections, inputs[1]}}) {
    for (const Order order : {Order::little, Order::big}) {
      const std::string path = folder / "out.pcapng";
      auto writer = FileWriter::create(path, {.order = order});
      for (const std::string& source : sources) {
        auto reader = FileReader::open(source, {.blocks = KeepBlocks::all});
        for (auto batch = reader->next(); batch && *batch; batch = reader->next())
          ASSERT_TRUE(writer->write(**batch, reader->interfaces(), reader->blocks()));
      }
      ASSERT_TRUE(writer->close());
      EXPECT_EQ(count_right(path), sources.back() == inputs[1] ? 40u : 30u) << sources.size();
    }
  }
}

#endif
