// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "vectors.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "trawl/core/endian.hpp"

namespace trawl::test {

namespace {

// Unpacks once; other test processes wait.
std::filesystem::path folder() {
  static const std::filesystem::path result = [] {
    const std::filesystem::path unpack = std::filesystem::path(TRAWL_SHARED_DIR) / "captures/unpack";
    const std::filesystem::path to = std::filesystem::temp_directory_path() / "captures";
    if (std::string_view(TRAWL_SHARED_DIR).empty() || !std::filesystem::exists(unpack)) return std::filesystem::path();
    std::filesystem::create_directories(to);
    const std::string command = "flock '" + to.string() + "/.lock' '" + unpack.string() + "' '" + to.string() + "' >/dev/null 2>&1";
    return std::system(command.c_str()) == 0 ? to / "filter" : std::filesystem::path();
  }();
  return result;
}

std::vector<u8> read_all(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Packet packet_at(const std::vector<u8>& file, size_t at, u32 captured, u32 original) {
  if (at + captured > file.size()) return {};
  const auto first = file.begin() + std::ptrdiff_t(at);
  return {{first, first + std::ptrdiff_t(captured)}, original};
}

std::vector<Packet> read_pcap(const std::vector<u8>& file, Order order) {
  std::vector<Packet> packets;
  for (size_t at = 24; at + 16 <= file.size();) {
    const u32 captured = load<u32>(&file[at + 8], order), original = load<u32>(&file[at + 12], order);
    packets.push_back(packet_at(file, at + 16, captured, original));
    at += 16 + captured;
  }
  return packets;
}

std::vector<Packet> read_pcapng(const std::vector<u8>& file) {
  constexpr u32 section_header = 0x0a0d0d0a, packet_block = 2, simple_packet = 3, enhanced_packet = 6;
  std::vector<Packet> packets;
  Order order = Order::little;
  for (size_t at = 0; at + 12 <= file.size();) {
    u32 type = load<u32>(&file[at], order);
    if (type == section_header) order = load_be<u32>(&file[at + 8]) == 0x1a2b3c4d ? Order::big : Order::little;
    const u32 length = load<u32>(&file[at + 4], order);
    if (length < 12 || at + length > file.size()) break;
    if (type == enhanced_packet || type == packet_block)
      packets.push_back(packet_at(file, at + 28, load<u32>(&file[at + 20], order), load<u32>(&file[at + 24], order)));
    else if (type == simple_packet)
      packets.push_back(packet_at(file, at + 12, std::min(load<u32>(&file[at + 8], order), length - 16), load<u32>(&file[at + 8], order)));
    at += length;
  }
  return packets;
}

}  // namespace

std::vector<std::vector<std::string>> filter_rows(const std::string& name) {
  return folder().empty() ? std::vector<std::vector<std::string>>() : rows_of(folder() / name);
}

std::vector<std::vector<std::string>> rows_of(const std::string& path) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::vector<std::string> row;
    for (size_t at = 0; at <= line.size();) {
      const size_t tab = std::min(line.find('\t', at), line.size());
      row.push_back(line.substr(at, tab - at));
      at = tab + 1;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<Packet> filter_capture(const std::string& name) {
  const std::vector<u8> file = read_all(folder() / "caps" / name);
  if (file.size() < 24) return {};
  const u32 magic = load_be<u32>(file.data());
  if (magic == 0x0a0d0d0a) return read_pcapng(file);
  return read_pcap(file, magic == 0xa1b2c3d4 || magic == 0xa1b23c4d ? Order::big : Order::little);
}

namespace {

template <class T> void put(std::vector<u8>& bytes, T value) {
  bytes.resize(bytes.size() + sizeof(T));
  store_be<T>(&bytes[bytes.size() - sizeof(T)], value);
}

u32 one_of(Random& random, std::initializer_list<u32> values) { return values.begin()[random() % values.size()]; }

void put_link(Random& random, std::vector<u8>& bytes, LinkType link, u32 type) {
  switch (link) {
    case LinkType::ethernet:
      for (int i = 0; i < 2; ++i)
        random() % 3 ? put<u32>(bytes, 0x00112233) : put<u32>(bytes, 0xffffffff), put<u16>(bytes, random() % 2 ? 0x4455 : 0xffff);
      while (random() % 6 == 0)
        put<u16>(bytes, u16(one_of(random, {0x8100, 0x88a8, 0x9100}))), put<u16>(bytes, u16(one_of(random, {10, 20, 100, 0xa00a, 0})));
      put<u16>(bytes, u16(type));
      break;
    case LinkType::linux_sll:
      put<u16>(bytes, u16(random() % 5)), put<u16>(bytes, 1), put<u16>(bytes, 6), put<u64>(bytes, 0x0011223344550000),
          put<u16>(bytes, u16(type));
      break;
    case LinkType::linux_sll2:
      put<u16>(bytes, u16(type)), put<u16>(bytes, 0), put<u32>(bytes, random() % 9), put<u16>(bytes, 1), put<u8>(bytes, u8(random() % 5)),
          put<u8>(bytes, 6);
      put<u64>(bytes, 0x0011223344550000);
      break;
    case LinkType::null: put<u32>(bytes, one_of(random, {2, 0x02000000, 30, 24, 0x1c000000})); break;
    case LinkType::loop: put<u32>(bytes, one_of(random, {2, 30, 24, 28})); break;
    default: break;
  }
}

void put_ipv4(Random& random, std::vector<u8>& bytes, u32 protocol) {
  const u32 words = random() % 5 == 0 ? 5 + random() % 4 : 5;
  put<u8>(bytes, u8(0x40 | words)), put<u8>(bytes, u8(random())), put<u16>(bytes, u16(random() % 1600)), put<u16>(bytes, u16(random()));
  put<u16>(bytes, u16(one_of(random, {0, 0, 0, 0x4000, 0x2000, 0x00b9}))), put<u8>(bytes, u8(one_of(random, {1, 64, 128}))),
      put<u8>(bytes, u8(protocol));
  put<u16>(bytes, u16(random()));
  for (int i = 0; i < 2; ++i)
    put<u32>(bytes, one_of(random, {0x0a000001, 0x0a000002, 0x0a000003, 0xc0a80101, 0xac100001, 0xe0000001, 0xc0a800ff, random()}));
  for (u32 i = 5; i < words; ++i) put<u32>(bytes, 0x01010101);
}

void put_ipv6(Random& random, std::vector<u8>& bytes, u32 protocol) {
  const bool fragment = random() % 8 == 0;
  put<u32>(bytes, 0x60000000), put<u16>(bytes, 40), put<u8>(bytes, u8(fragment ? 44 : protocol)), put<u8>(bytes, 64);
  for (int i = 0; i < 2; ++i) put<u64>(bytes, random() % 2 ? 0x20010db800000000 : 0xff02000000000000), put<u64>(bytes, 1 + random() % 3);
  if (fragment) put<u8>(bytes, u8(protocol)), put<u8>(bytes, 0), put<u16>(bytes, 1), put<u32>(bytes, 7);
}

void put_transport(Random& random, std::vector<u8>& bytes) {
  for (int i = 0; i < 2; ++i) put<u16>(bytes, u16(one_of(random, {22, 25, 53, 67, 80, 443, 8080, 5060, random() % 65536})));
  put<u32>(bytes, random()), put<u32>(bytes, random()), put<u16>(bytes, u16(0x5000 + (random() % 4 << 12) + random() % 64)),
      put<u16>(bytes, 1024), put<u32>(bytes, 0);
  for (u32 i = random() % 12; i > 0; --i) put<u32>(bytes, one_of(random, {0x47455420, 0x16030101, random()}));
}

}  // namespace

Packet random_packet(Random& random, LinkType link) {
  Packet packet;
  std::vector<u8>& bytes = packet.bytes;
  const u32 type = one_of(random, {0x0800, 0x0800, 0x0800, 0x86dd, 0x86dd, 0x0806, 0x8035, 0x0004, 0x0064, 0x809b});
  put_link(random, bytes, link, type);
  const u32 protocol = one_of(random, {6, 6, 17, 17, 1, 58, 132, 2, 50, 51, 112});
  if (type == 0x0806 || type == 0x8035) {
    put<u64>(bytes, 0x0001080006040001), put<u32>(bytes, 0x00112233), put<u16>(bytes, 0x4455),
        put<u32>(bytes, one_of(random, {0x0a000001, 0x0a000002}));
    put<u32>(bytes, 0), put<u16>(bytes, 0), put<u32>(bytes, one_of(random, {0x0a000001, 0xc0a80101}));
  } else if (type == 0x86dd || link == LinkType::ipv6) {
    put_ipv6(random, bytes, protocol);
    put_transport(random, bytes);
  } else {
    put_ipv4(random, bytes, protocol);
    put_transport(random, bytes);
  }
  for (u32 i = random() % 3; i > 0; --i) bytes[random() % bytes.size()] = u8(random());
  packet.original_length = u32(bytes.size()) + (random() % 8 == 0 ? random() % 1500 : 0);
  if (random() % 3 == 0) bytes.resize(random() % (bytes.size() + 1));
  return packet;
}

std::string say(const Error& error) {
  std::ostringstream out;
  out << name(error.operation) << ": " << name(error.reason) << " '" << error.detail << "' at column " << error.column << '+'
      << error.length;
  return out.str();
}

}  // namespace trawl::test
