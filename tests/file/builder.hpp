// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Capture files made by hand, and readers run to their end.
#pragma once
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "trawl/core/describe.hpp"
#include "trawl/core/endian.hpp"
#include "trawl/core/switches.hpp"
#include "trawl/file/file_reader.hpp"

namespace trawl::test {

using Buffer = std::vector<u8>;

inline constexpr bool with_pcapng = TRAWL_WITH_PCAPNG;
inline constexpr bool with_compression = TRAWL_WITH_ZLIB && TRAWL_WITH_ZSTD && TRAWL_WITH_LZ4;

/// Texts are left out of small builds.
inline void expect_text(const Error& error, std::string_view text) {
  if (TRAWL_WITH_ERROR_TEXT) { EXPECT_EQ(describe(error), text); }
}

/// Puts numbers one behind the other in one byte order.
class Put {
 public:
  explicit Put(Order order) : order_(order) {}
  template <std::unsigned_integral T> Put& operator()(T value) {
    bytes.resize(bytes.size() + sizeof(T));
    store(bytes.data() + bytes.size() - sizeof(T), value, order_);
    return *this;
  }
  Put& operator()(const Buffer& other) {
    bytes.insert(bytes.end(), other.begin(), other.end());
    return *this;
  }
  Buffer bytes;

 private:
  Order order_;
};

inline Buffer join(std::initializer_list<Buffer> parts) {
  Buffer all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}
inline Buffer packet_bytes(size_t size, u8 first = 0) {
  Buffer bytes(size);
  for (size_t i = 0; i < size; ++i) bytes[i] = u8(first + i);
  return bytes;
}

struct PcapHeader {
  Order order = Order::little;
  u32 magic = 0xa1b2c3d4;
  u16 major = 2, minor = 4;
  u32 snaplen = 65535, link = 1;
};
inline Buffer pcap_header(const PcapHeader& h = {}) {
  return Put(h.order)(h.magic)(h.major)(h.minor)(u32{0})(u32{0})(h.snaplen)(h.link).bytes;
}
inline Buffer pcap_record(const Buffer& data, u32 seconds = 1, u32 fraction = 0, Order order = Order::little) {
  return Put(order)(seconds)(fraction)(u32(data.size()))(u32(data.size()))(data).bytes;
}

inline Buffer padded(Buffer bytes) {
  bytes.resize((bytes.size() + 3) & ~size_t{3});
  return bytes;
}
inline Buffer block(u32 type, const Buffer& body, Order order = Order::little) {
  const Buffer whole = padded(body);
  const u32 size = u32(whole.size() + 12);
  return Put(order)(type)(size)(whole)(size).bytes;
}
inline Buffer option(u16 code, const Buffer& value, Order order = Order::little) {
  return Put(order)(code)(u16(value.size()))(padded(value)).bytes;
}
inline Buffer text(std::string_view characters) { return Buffer(characters.begin(), characters.end()); }
inline Buffer section(Order order = Order::little, const Buffer& options = {}, u16 major = 1, u64 length = ~u64{}) {
  return block(0x0a0d0d0a, Put(order)(u32{0x1a2b3c4d})(major)(u16{0})(length)(options).bytes, order);
}
inline Buffer interface(Order order = Order::little, const Buffer& options = {}, u16 link = 1, u32 snaplen = 0) {
  return block(1, Put(order)(link)(u16{0})(snaplen)(options).bytes, order);
}
inline Buffer enhanced(const Buffer& data, u64 ticks = 1'000'000, u32 id = 0, Order order = Order::little, const Buffer& options = {}) {
  return block(6, Put(order)(id)(u32(ticks >> 32))(u32(ticks))(u32(data.size()))(u32(data.size()))(padded(data))(options).bytes, order);
}

/// All that a reader gives for some bytes.
struct ReadAll {
  std::vector<Frame> frames;        ///< their bytes are copied to `bytes`
  std::vector<Buffer> bytes, records;
  std::vector<u64> offsets;
  std::vector<InterfaceInfo> interfaces;  ///< texts die with the reader
  std::optional<Error> error;
  Warnings warnings, damage;
  FileFacts facts;
  std::string error_text() const { return error ? describe(*error) : ""; }
};
inline ReadAll read_all(FileReader& reader) {
  ReadAll all;
  for (;;) {
    const auto batch = reader.next();
    if (!batch) {
      all.error = batch.error();
      break;
    }
    if (!*batch) break;
    for (u32 i = 0; i < (*batch)->size(); ++i) {
      const Frame& frame = (**batch)[i];
      const Bytes record = reader.record(i);
      all.frames.push_back(frame);
      all.bytes.emplace_back(frame.bytes.begin(), frame.bytes.end());
      all.records.emplace_back(record.begin(), record.end());
      all.offsets.push_back(reader.record_offset(i));
    }
  }
  all.interfaces.assign(reader.interfaces().begin(), reader.interfaces().end());
  all.warnings = reader.warnings(), all.damage = reader.damage(), all.facts = reader.facts();
  return all;
}
inline ReadAll read_all(ByteSource source, const ReaderOptions& options = {}) {
  auto reader = FileReader::open(std::move(source), options);
  if (reader) return read_all(*reader);
  ReadAll all;
  all.error = reader.error();
  return all;
}
inline ReadAll read_all(const Buffer& bytes, const ReaderOptions& options = {}) { return read_all(ByteSource::memory(bytes), options); }
inline ReadAll read_file(const std::string& path, const ReaderOptions& options = {}) {
  auto source = ByteSource::open(path);
  if (source) return read_all(std::move(*source), options);
  ReadAll all;
  all.error = source.error();
  return all;
}

}  // namespace trawl::test
