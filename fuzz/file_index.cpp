// SPDX-License-Identifier: Apache-2.0 OR MIT
// The first byte chooses a pcap or a pcapng file; the others are sections of an index that claims to be of that file. Whatever
// such an index says, reading by it stays inside the file and ends.
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "trawl/core/describe.hpp"
#include "trawl/core/endian.hpp"
#include "trawl/core/sha256.hpp"
#include "trawl/core/switches.hpp"
#include "trawl/file/file_index.hpp"
#include "trawl/file/file_writer.hpp"
#include "trawl/file/pcapng_block_reader.hpp"

using namespace trawl;

namespace {

constexpr size_t header_bytes = 64, file_section_bytes = 16 + 48;
constexpr u32 packets = 40;
const ReaderOptions reading{.buffer_bytes = 4096};

/// A capture file, and the beginning of its index: header, and the section that says which file it is of.
struct Base {
  std::string path, index_path;
  std::vector<u8> beginning;

  explicit Base(FileFormat format) {
    const char* const memory = ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    path = std::string(memory) + "/trawl-fuzz-" + std::to_string(::getpid()) + (format == FileFormat::pcap ? ".pcap" : ".pcapng");
    index_path = FileIndex::path_for(path);
    auto writer = FileWriter::create(path, {.format = format, .order = Order::little});
    const InterfaceInfo interface{.link_type = LinkType::ethernet};
    u8 bytes[60] = {};
    for (u32 i = 0; i < packets; ++i) {
      bytes[0] = u8(i);
      const Frame frame{.bytes = {bytes, sizeof bytes}, .original_length = sizeof bytes, .time = {i64(i) * 1'000'000'000}};
      if (!writer || !writer->write(frame, {&interface, 1})) std::abort();
    }
    if (!writer->close() || !FileIndex::build(path)->save(index_path)) std::abort();
    std::ifstream file(index_path, std::ios::binary);
    beginning.resize(header_bytes + file_section_bytes);
    if (!file.read(reinterpret_cast<char*>(beginning.data()), std::streamsize(beginning.size()))) std::abort();
  }
  ~Base() {
    std::filesystem::remove(path);
    std::filesystem::remove(index_path);
  }
  Base(const Base&) = delete;
  Base& operator=(const Base&) = delete;

  void write_index(Bytes sections) const {
    std::vector<u8> all = beginning;
    all.insert(all.end(), sections.begin(), sections.end());
    u32 count = 1;
    for (Bytes left = sections; left.size >= 16; ++count) {
      const u64 size = (load_le<u64>(left.data + 8) + 7) & ~u64{7};
      left = size < left.size - 16 ? left.from(size_t(16 + size)) : Bytes();
    }
    store_le(all.data() + 12, count);
    store_le(all.data() + 16, u64{all.size()});
    const auto digest = sha256(Bytes(all.data(), all.size()).from(header_bytes));
    std::memcpy(all.data() + 24, digest.octet, sizeof digest.octet);
    std::ofstream(index_path, std::ios::binary).write(reinterpret_cast<const char*>(all.data()), std::streamsize(all.size()));
  }
};

/// A place may lie anywhere, and what stands there may look like records: of 16 bytes at least, and all within the file.
u64 read_on(FileReader& reader, u64 file_bytes) {
  constexpr u64 smallest_record = 16;
  u64 read = 0;
  for (auto batch = reader.next(); batch && *batch; batch = reader.next())
    for (const Frame& frame : **batch) {
      if (frame.interface >= reader.interfaces().size() || frame.bytes.size > file_bytes) std::abort();
      if (++read > file_bytes / smallest_record) std::abort();
    }
  return read;
}

void use(const std::string& path, const FileIndex& index) {
  const u64 file_bytes = std::filesystem::file_size(path);
  const u64 last = index.packets();
  for (const u64 wanted : {u64{1}, u64{2}, last / 2 + 1, last, last + 1}) {
    auto reader = FileReader::open(path, reading);
    const auto sought = reader->seek(index, wanted);
    if (sought) read_on(*reader, file_bytes);
    else if (describe(sought.error()).empty()) std::abort();
  }
  for (const i64 time : {i64{0}, i64{20'500'000'000}, INT64_MAX}) {
    auto reader = FileReader::open(path, reading);
    const auto number = reader->seek(index, Timestamp{time});
    if (number && *number > 0) read_on(*reader, file_bytes);
    if (index.first_from({time}) > last + 1 || index.all_from({time}) > last + 1) std::abort();
  }
#if TRAWL_WITH_PCAPNG
  if (auto blocks = PcapngBlockReader::open(path, reading)) {
    if (const auto first = blocks->next(); !first || !*first) std::abort();
    (void)blocks->pass_packets(index, last / 2 + 1);
    u32 seen = 0;
    for (auto block = blocks->next(); block && *block; block = blocks->next())
      if (++seen > 100'000) std::abort();
  }
#endif
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Base bases[] = {Base(FileFormat::pcap), Base(TRAWL_WITH_PCAPNG ? FileFormat::pcapng : FileFormat::pcap)};
  if (size == 0) return 0;
  const Base& base = bases[data[0] & 1];
  base.write_index({data + 1, size - 1});
  const auto index = FileIndex::load(base.index_path, base.path);
  if (index) use(base.path, *index);
  else if (describe(index.error()).empty()) std::abort();
  return 0;
}
