// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/builder.hpp"
#include "support/captures.hpp"
#include "trawl/file/file_writer.hpp"
#include "trawl/file/merge.hpp"
#include "trawl/file/pcapng_block_reader.hpp"
#include "trawl/file/rotating_writer.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

Buffer names(std::string_view name, Order order = Order::little) {
  const Buffer value = join({{192, 0, 2, 1}, text(name), {0}});
  return block(4, Put(order)(u16{1})(u16(value.size()))(padded(value))(u32{0}).bytes, order);
}
Buffer secrets(std::string_view keys, Order order = Order::little) {
  return block(10, Put(order)(u32{0x544c534b})(u32(keys.size()))(padded(text(keys))).bytes, order);
}
Buffer statistics(u32 id, u64 ticks, u64 received, Order order = Order::little) {
  const Buffer count = Put(order)(received).bytes, start = Put(order)(u32(ticks >> 32))(u32(ticks)).bytes;
  return block(5, Put(order)(id)(u32(ticks >> 32))(u32(ticks))(option(2, start, order))(option(4, count, order))(u32{0}).bytes, order);
}
Buffer custom(bool may_be_copied, u32 number = 7) {
  return block(may_be_copied ? 0x0bad : 0x40000bad, Put(Order::little)(u32{32473})(number).bytes);
}
const Buffer unknown = block(0x7777, {1, 2, 3, 4});

/// "section interface names packet:12 statistics:1:received" and so on.
std::string shape(const std::string& path) {
  auto reader = PcapngBlockReader::open(path);
  std::string all;
  while (reader) {
    const auto block = reader->next();
    EXPECT_TRUE(block) << (block ? "" : describe(block.error()));
    if (!block || !*block) break;
    const Block& b = **block;
    std::string word(name(b.type));
    if (word.empty()) word = "unknown";
    if (const auto packet = parse_packet(b)) word = "packet:" + std::to_string(packet->interface) + ":" + std::to_string(packet->data[0]);
    if (const auto s = parse_interface_statistics(b))
      word = "statistics:" + std::to_string(s->interface) + ":" + std::to_string(s->ticks) + ":" +
             std::to_string(find(s->options, b.order, statistics_option::received).value_or(0));
    if (const auto s = parse_decryption_secrets(b)) word = "secrets:" + std::string(s->secrets.text());
    if (const auto n = parse_name_resolution(b)) {
      NameWalk walk(n->records, b.order);
      auto record = walk.next();
      word = "names:" + std::string(record ? next_name(record->names) : "?");
    }
    all += all.empty() ? word : " " + word;
  }
  return all;
}

struct Files {
  std::string add(const std::string& name, std::initializer_list<Buffer> parts) const {
    const Buffer whole = join(parts);
    write_bytes(folder / name, whole);
    return folder / name;
  }
  ScratchFolder folder;
};
Buffer packet(u8 first, u64 ticks, u32 id = 0, Order order = Order::little) { return enhanced(packet_bytes(60, first), ticks, id, order); }

/// As the commands do it.
void write_all(auto& source, auto& writer) {
  for (;;) {
    const auto batch = source.next();
    ASSERT_TRUE(batch) << describe(batch.error());
    if (!*batch) break;
    ASSERT_TRUE(writer.write(**batch, source.interfaces(), source.blocks()));
  }
  ASSERT_TRUE(writer.close());
}
constexpr ReaderOptions keep{.blocks = KeepBlocks::others};

}  // namespace

class OtherBlocks : public testing::Test {
 protected:
  void SetUp() override {
    if (!with_pcapng) GTEST_SKIP() << "built without pcapng";
  }
};

TEST_F(OtherBlocks, come_where_they_stood_and_are_counted_all_the_same) {
  const Files files;
  const auto path = files.add("in", {section(), secrets("A"), interface(), names("n"), packet(1, 10), custom(true), packet(2, 20),
                                     statistics(0, 30, 2), unknown, custom(false)});
  auto reader = FileReader::open(path, keep);
  ASSERT_TRUE(reader);
  const auto batch = reader->next();
  ASSERT_TRUE(batch && *batch);
  EXPECT_EQ((*batch)->size(), 2u);
  std::vector<std::pair<BlockType, u32>> got;
  for (const auto& other : reader->blocks()) got.emplace_back(other.block.type, other.before);
  using T = BlockType;
  const std::vector<std::pair<T, u32>> wanted{{T::decryption_secrets, 0},   {T::name_resolution, 0}, {T::custom, 1},
                                              {T::interface_statistics, 2}, {T(0x7777), 2},          {T::custom_do_not_copy, 2}};
  EXPECT_EQ(got, wanted);
  EXPECT_EQ(reader->blocks()[3].interface, 0u);
  EXPECT_FALSE(*reader->next());
  EXPECT_EQ(reader->facts().other_blocks, 6u);
  EXPECT_EQ(reader->facts().uncopyable_blocks, 1u);

  auto plain = FileReader::open(path);
  ASSERT_TRUE(plain && plain->next());
  EXPECT_TRUE(plain->blocks().empty());
}

TEST_F(OtherBlocks, alone_come_in_empty_batches_however_many_they_are) {
  Buffer bytes = join({section(), interface()});
  for (u32 i = 0; i < 1000; ++i) bytes = join({bytes, custom(true, i)});
  auto reader = FileReader::open(ByteSource::memory(bytes), keep);
  ASSERT_TRUE(reader);
  u32 number = 0;
  for (;;) {
    const auto batch = reader->next();
    ASSERT_TRUE(batch);
    if (!*batch) break;
    EXPECT_TRUE((*batch)->empty());
    EXPECT_LE(reader->blocks().size(), Batch::max_frames);
    for (const auto& other : reader->blocks()) EXPECT_EQ(load_le<u32>(parse_custom(other.block)->data.data), number++);
  }
  EXPECT_EQ(number, 1000u);
}

TEST_F(OtherBlocks, are_written_in_the_byte_order_and_resolution_of_the_new_file) {
  const Files files;
  const auto path = files.add("in", {section(Order::big), interface(Order::big), names("n", Order::big), packet(1, 10, 0, Order::big),
                                     statistics(0, 3'000'000, 2, Order::big)});
  auto reader = FileReader::open(path, keep);
  auto writer = FileWriter::create(files.folder / "out", {.order = Order::little, .resolution = Resolution::nanoseconds()});
  ASSERT_TRUE(reader && writer);
  write_all(*reader, *writer);
  EXPECT_EQ(shape(files.folder / "out"), "section_header names:n interface_description packet:0:1 statistics:0:3000000000:2");
}

TEST_F(OtherBlocks, of_merged_files_keep_their_interfaces_and_come_once) {
  const Files files;
  const auto a = files.add("a", {section(), interface(), interface(), secrets("A"), packet(1, 10, 1), names("late"), packet(3, 30, 1),
                                 statistics(1, 40, 2), statistics(0, 40, 0), custom(false)});
  const auto b = files.add("b", {section(), interface(), secrets("B"), secrets("A"), packet(2, 20), statistics(0, 25, 1), packet(4, 50)});
  auto merge = Merge::open({a, b}, {.reader = keep});
  auto writer = FileWriter::create(files.folder / "out", {});
  ASSERT_TRUE(writer);
  write_all(merge, *writer);
  EXPECT_EQ(shape(files.folder / "out"),
            "section_header secrets:A secrets:B interface_description packet:0:1 names:late interface_description packet:1:2 "
            "statistics:1:25:1 packet:0:3 statistics:0:40:2 interface_description statistics:2:40:0 packet:1:4");
  EXPECT_EQ(merge.other_blocks(), 5u + 3u);
  EXPECT_EQ(merge.uncopyable_blocks(), 1u);
}

TEST_F(OtherBlocks, of_a_source_are_not_lost_when_one_input_has_nothing_else) {
  const Files files;
  Buffer many = join({section(), interface()});
  for (u32 i = 0; i < 600; ++i) many = join({many, custom(true, i)});
  write_bytes(files.folder / "many", many);
  const auto b = files.add("b", {section(), interface(), packet(2, 20)});
  for (auto order : {MergeOrder::by_time, MergeOrder::as_given}) {
    auto merge = Merge::open({files.folder / "many", b}, {.order = order, .reader = keep});
    size_t blocks = 0, frames = 0;
    for (;;) {
      const auto batch = merge.next();
      ASSERT_TRUE(batch);
      if (!*batch) break;
      blocks += merge.blocks().size(), frames += (*batch)->size();
    }
    EXPECT_EQ(blocks, 600u);
    EXPECT_EQ(frames, 1u);
  }
}

TEST_F(OtherBlocks, that_later_packets_need_are_in_each_part_of_a_split_file) {
  const Files files;
  const auto hardware = option(2, text("box"));
  const auto path =
      files.add("in", {section(Order::little, join({hardware, option(4, text("theirs"))})), interface(), secrets("A"), custom(true),
                       packet(1, 10), packet(2, 20), names("late"), names("late"), packet(3, 30), statistics(0, 40, 3)});
  auto reader = FileReader::open(path, {.blocks = KeepBlocks::all});
  std::vector<std::string> parts;
  auto writer = RotatingWriter::create(files.folder / "p.pcapng", {.application = "ours"},
                                       {.max_packets = 1, .finished = [&](const std::string& part) { parts.push_back(part); }});
  ASSERT_TRUE(reader && writer);
  write_all(*reader, *writer);
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(shape(parts[0]), "section_header secrets:A custom interface_description packet:0:1");
  EXPECT_EQ(shape(parts[1]), "section_header secrets:A interface_description packet:0:2 names:late names:late");
  EXPECT_EQ(shape(parts[2]), "section_header secrets:A names:late interface_description packet:0:3 statistics:0:40:3");
  for (const auto& part : parts) {
    auto blocks = PcapngBlockReader::open(part);
    const auto first = blocks->next();
    const Bytes options = parse_section_header(**first)->options;
    EXPECT_EQ(find(options, (*first)->order, section_option::hardware), "box");
    EXPECT_EQ(find(options, (*first)->order, section_option::application), "ours");
  }
}

TEST_F(OtherBlocks, survive_in_a_damaged_file) {
  const Files files;
  const auto path = files.add("in", {section(), interface(), secrets("A"), packet(1, 10), Buffer(41, 0x5a), names("n"), packet(2, 20),
                                     custom(false), statistics(0, 30, 2)});
  auto reader = FileReader::open(path, {.recovery = Recovery::search, .blocks = KeepBlocks::all});
  auto writer = FileWriter::create(files.folder / "out", {});
  ASSERT_TRUE(reader && writer);
  for (;;) {
    const auto batch = reader->next();
    if (!batch || !*batch) break;
    ASSERT_TRUE(writer->write(**batch, reader->interfaces(), reader->blocks()));
  }
  ASSERT_TRUE(writer->close());
  EXPECT_EQ(reader->damage().count(), 1u);
  EXPECT_EQ(shape(files.folder / "out"),
            "section_header secrets:A interface_description packet:0:1 names:n packet:0:2 custom_do_not_copy statistics:0:30:2");
}
