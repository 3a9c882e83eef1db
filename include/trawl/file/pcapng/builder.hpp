// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Makes options and blocks, for FileWriter::write_raw() or another process.
#pragma once
#include <string_view>
#include <vector>

#include "trawl/file/pcapng/blocks.hpp"
#include "trawl/file/pcapng/options.hpp"

namespace trawl::inline v0 {

/// Options one behind the other. A value longer than 65535 bytes is cut.
class TRAWL_API OptionBuilder {
 public:
  explicit OptionBuilder(Order order) : order_(order) {}
  template <class T> OptionBuilder& add(const OptionOf<T>& which, const std::type_identity_t<T>& value) {
    return add(which, to_value(value));
  }
  OptionBuilder& add(const OptionSpec& which, const OptionValue& value);
  /// Any code, known or not.
  OptionBuilder& add(u16 code, Bytes value);
  /// Leaves out an empty text.
  OptionBuilder& add_unless_empty(const OptionOf<std::string_view>& which, std::string_view text);
  /// Options of a block of `type` as they stood, in this builder's byte order. `but_not`: a code to leave out.
  OptionBuilder& copy(Bytes options, Order order, BlockType type, u16 but_not = end_of_options);
  /// With opt_endofopt behind them, if there are any. Lives until the builder is changed.
  Bytes finish();
  /// Without it: what FrameInfo::metadata wants.
  Bytes bytes() const { return bytes_; }
  Order order() const { return order_; }
  bool empty() const { return bytes_.empty(); }
  void clear() { bytes_.clear(); }

 private:
  Order order_;
  std::vector<u8> bytes_;
};

/// A block of any type: numbers in its byte order, bytes, options; finish() gives it its lengths.
class TRAWL_API BlockBuilder {
 public:
  BlockBuilder(BlockType type, Order order);
  template <std::unsigned_integral T> BlockBuilder& number(T value) {
    const size_t at = bytes_.size();
    bytes_.resize(at + sizeof value);
    store(bytes_.data() + at, value, order_);
    return *this;
  }
  /// Padded to 32 bits.
  BlockBuilder& data(Bytes bytes);
  /// Whole options, opt_endofopt at the end if there are any.
  BlockBuilder& options(Bytes whole) { return data(whole); }
  std::vector<u8> finish();

 private:
  Order order_;
  std::vector<u8> bytes_;
};

/// A whole block. The options in these views must be in `order`; OptionBuilder::finish() gives such.
TRAWL_API std::vector<u8> encode(const SectionHeader& header, Order order);
TRAWL_API std::vector<u8> encode(const InterfaceDescription& interface, Order order);
/// As an enhanced, simple or obsolete packet block. Simple ones carry neither time nor options.
TRAWL_API std::vector<u8> encode(const PacketBlock& packet, Order order, BlockType type = BlockType::enhanced_packet);
TRAWL_API std::vector<u8> encode(const NameResolution& names, Order order);
TRAWL_API std::vector<u8> encode(const InterfaceStatistics& statistics, Order order);
TRAWL_API std::vector<u8> encode(const DecryptionSecrets& secrets, Order order);
TRAWL_API std::vector<u8> encode(const JournalEntry& entry, Order order);
TRAWL_API std::vector<u8> encode(const CustomBlock& block, Order order);
TRAWL_API std::vector<u8> encode(const ProcessInformation& process, Order order);
TRAWL_API std::vector<u8> encode(const ZigbeeNetworkKey& key, Order order);
TRAWL_API std::vector<u8> encode(const ZigbeeApsKey& key, Order order);

/// The records of a name resolution block; finish() ends them.
class TRAWL_API NameBuilder {
 public:
  explicit NameBuilder(Order order) : order_(order) {}
  /// @param address as many bytes as the type has
  NameBuilder& add(NameRecordType type, Bytes address, std::span<const std::string_view> names);
  Bytes finish();

 private:
  Order order_;
  std::vector<u8> bytes_;
};

}  // namespace trawl::inline v0
