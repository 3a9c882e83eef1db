// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <algorithm>

#include "file/index/index_data.hpp"
#include "file/problem.hpp"

namespace trawl::inline v0::detail {
namespace {

constexpr std::string_view magic = "trawlidx";
constexpr u16 major_version = 1, minor_version = 0;
constexpr size_t header_bytes = 64, digest_at = 24;

/// Kinds of sections. What a program does not know it passes over, unless the section says that it must be known.
enum class Kind : u32 { file = 1, contents = 2, places = 3, descriptors = 4, others = 5 };
constexpr u32 must_be_known = 1;

enum ContentFlags : u64 { in_order = 1, unknown_sections = 2 };

class Writer {
 public:
  template <class T> Writer& put(T value) {
    const size_t at = bytes.size();
    bytes.resize(at + sizeof value);
    store_le(bytes.data() + at, std::make_unsigned_t<T>(value));
    return *this;
  }
  Writer& put(Bytes raw) {
    for (const u8 byte : raw) bytes.push_back(byte);
    while (bytes.size() % 8) bytes.push_back(0);
    return *this;
  }
  std::vector<u8> bytes;
};

/// Numbers one behind the other; zeros, and not good(), behind the end.
class Reader {
 public:
  explicit Reader(Bytes bytes) : left_(bytes) {}
  template <class T> T take() {
    if (left_.size < sizeof(T)) return good_ = false, T{};
    const auto value = load_le<std::make_unsigned_t<T>>(left_.data);
    left_ = left_.from(sizeof(T));
    return T(value);
  }
  Bytes take(size_t size) {
    const size_t padded = (size + 7) & ~size_t{7};
    if (padded < size || left_.size < padded) return good_ = false, Bytes();
    const Bytes raw = left_.first(size);
    left_ = left_.from(padded);
    return raw;
  }
  size_t left() const { return left_.size; }
  bool good() const { return good_; }

 private:
  Bytes left_;
  bool good_ = true;
};

std::unexpected<Error> refuse(Reason reason, std::string_view what) { return fail(Operation::use_index, reason, what); }

bool read_section(Kind kind, Bytes bytes, IndexData& data) {
  Reader in(bytes);
  switch (kind) {
    case Kind::file: {
      data.state.size = in.take<u64>();
      data.state.modified_ns = in.take<i64>();
      const Bytes digest = in.take(sizeof data.state.ends.octet);
      copy_bytes(data.state.ends.octet, digest.data, digest.size);
      break;
    }
    case Kind::contents: {
      const u32 format = in.take<u32>(), compression = in.take<u32>();
      if (format > u32(FileFormat::snoop) || compression > u32(Compression::lz4)) return false;
      data.format = FileFormat(format), data.compression = Compression(compression);
      data.packets = in.take<u64>();
      data.uncopyable_blocks = in.take<u64>();
      data.earliest = in.take<i64>(), data.latest = in.take<i64>();
      const u64 flags = in.take<u64>();
      data.in_order = flags & in_order, data.unknown_sections = flags & unknown_sections;
      break;
    }
    case Kind::places:
      for (data.places.reserve(in.left() / sizeof(IndexData::Place)); in.left() && in.good();)
        data.places.push_back({in.take<u64>(), in.take<u64>(), in.take<i64>(), in.take<i64>()});
      break;
    case Kind::descriptors:
      while (in.left() && in.good()) {
        const u64 offset = in.take<u64>(), size = in.take<u64>();
        const Bytes raw = in.take(size_t(size));
        data.descriptors.push_back({offset, data.descriptor_bytes.size(), raw.size});
        data.descriptor_bytes.insert(data.descriptor_bytes.end(), raw.begin(), raw.end());
      }
      break;
    case Kind::others:
      for (data.others.reserve(in.left() / sizeof(IndexData::Other)); in.left() && in.good();)
        data.others.push_back({in.take<u64>(), in.take<u32>(), in.take<u32>()});
      break;
  }
  return in.good();
}

bool makes_sense(const IndexData& data) {
  const auto ascending = [](const auto& list, auto member) { return std::ranges::is_sorted(list, std::less_equal<>(), member); };
  constexpr u64 most = INT64_MAX;   // so that the number behind the last is one
  return data.packets < most && (data.places.empty() == (data.packets == 0)) && (data.places.empty() || data.places.front().packets == 0) &&
         ascending(data.places, &IndexData::Place::packets) && ascending(data.places, &IndexData::Place::offset) &&
         (data.places.empty() || data.places.back().packets < data.packets) && ascending(data.others, &IndexData::Other::offset) &&
         ascending(data.descriptors, &IndexData::Descriptor::offset);
}

}  // namespace

std::vector<u8> encode(const IndexData& data) {
  Writer out;
  out.bytes.resize(header_bytes);
  u32 sections = 0;
  const auto section = [&](Kind kind, u32 flags, const Writer& body) {
    out.put(u32(kind)).put(flags).put(u64{body.bytes.size()}).put(Bytes(body.bytes));
    ++sections;
  };
  section(Kind::file, must_be_known, Writer().put(data.state.size).put(data.state.modified_ns).put(data.state.ends.bytes()));
  section(Kind::contents, must_be_known,
          Writer()
              .put(u32(data.format))
              .put(u32(data.compression))
              .put(data.packets)
              .put(data.uncopyable_blocks)
              .put(data.earliest)
              .put(data.latest)
              .put((data.in_order ? in_order : u64{0}) | (data.unknown_sections ? unknown_sections : u64{0})));
  Writer places, descriptors, others;
  for (const auto& place : data.places) places.put(place.packets).put(place.offset).put(place.latest_through).put(place.earliest_from);
  for (const auto& one : data.descriptors)
    descriptors.put(one.offset).put(u64{one.size}).put(Bytes(data.descriptor_bytes).slice(one.at, one.size));
  for (const auto& other : data.others) others.put(other.offset).put(other.type).put(other.size);
  section(Kind::places, must_be_known, places);
  if (!data.descriptors.empty()) section(Kind::descriptors, must_be_known, descriptors);
  if (!data.others.empty()) section(Kind::others, 0, others);

  u8* header = out.bytes.data();
  copy_bytes(header, Bytes::of(magic).data, magic.size());
  store_le(header + 8, major_version), store_le(header + 10, minor_version), store_le(header + 12, sections);
  store_le(header + 16, u64{out.bytes.size()});
  const auto digest = sha256(Bytes(out.bytes).from(header_bytes));
  copy_bytes(header + digest_at, digest.octet, sizeof digest.octet);
  return std::move(out.bytes);
}

Result<IndexData> decode_index(Bytes bytes) {
  if (bytes.size < header_bytes || bytes.first(magic.size()).text() != magic)
    return refuse(Reason::unsupported_format, "it is not an index");
  if (const u16 major = load_le<u16>(bytes.data + 8); major != major_version)
    return refuse(Reason::unsupported_version, std::to_string(major));
  if (load_le<u64>(bytes.data + 16) != bytes.size) return refuse(Reason::damaged, "its size is not what it says");
  if (sha256(bytes.from(header_bytes)).bytes() != bytes.slice(digest_at, sizeof(Sha256Digest)))
    return refuse(Reason::damaged, "its digest is wrong");
  IndexData data;
  Reader in(bytes.from(header_bytes));
  for (u32 left = load_le<u32>(bytes.data + 12); left; --left) {
    const u32 kind = in.take<u32>(), flags = in.take<u32>();
    const Bytes body = in.take(size_t(in.take<u64>()));
    const bool known = kind >= u32(Kind::file) && kind <= u32(Kind::others);
    if (!known && (flags & must_be_known)) return refuse(Reason::unsupported_version, "it has a section that must be known");
    if (!in.good() || (known && !read_section(Kind(kind), body, data))) return refuse(Reason::damaged, "a section leaves it");
  }
  if (!makes_sense(data)) return refuse(Reason::damaged, "its places are not in order");
  return data;
}

}  // namespace trawl::inline v0::detail
