// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/rewrite/anonymizer.hpp"

#include <algorithm>

#include "rewrite/sums.hpp"
#include "trawl/dissect/walk.hpp"
#include "trawl/file/pcapng.hpp"

namespace trawl::inline v0 {

std::string_view name(Content content) {
  constexpr std::string_view names[] = {"zero", "cut", "keep"};
  return names[size_t(content)];
}

Anonymizer::Anonymizer(const AnonymizationKey& key, const AnonymizerOptions& options, const wire::Catalog& catalog)
    : map_(key, options.addresses),
      content_(options.content),
      catalog_(&catalog) {}

/// Says of each byte what it is.
struct Anonymizer::Marker {
  Anonymizer& of;
  const Dissection& d;
  bool metadata = false;   ///< of the capture (radiotap): all of it says how a packet was received

  void enter(const Entered& e) {
    if (e.list) return;
    metadata = e.record->id == wire::record<wire::Radiotap>.id;
    put(e.offset, std::min<size_t>(e.record->size, e.bytes.size), Mark::field);   // a field may be silent: 802.3's length
  }
  void leave() {}
  void operator()(const Seen& s) {
    if (s.status || s.bytes.empty()) return;
    const size_t at = size_t(s.bytes.data - d.packet.data);
    using wire::Kind;
    const bool mask = s.field->name.ends_with("mask");
    switch (s.field->kind) {
      case Kind::ipv4:
      case Kind::ipv6:
      case Kind::mac:
      case Kind::eui64:
        if (mask) break;
        address(at, s.bytes.size);
        return;
      case Kind::domain_name:
        if (!put(at, s.bytes.size, Mark::name)) return;
        of.names_.push_back({u32(at), u32(s.bytes.size)});
        return;
      case Kind::octets:
        if (s.record->id == wire::record<wire::Ipv6Routing>.id) return routing(at, s);
        if (s.field->type_bytes == 0 && !metadata) return;   // a run: content
        break;
      case Kind::text: return;
      default: break;
    }
    put(at, s.bytes.size, Mark::field);
  }

  void address(size_t at, size_t size) {
    if (put(at, size, Mark::address)) of.addresses_.push_back({u32(at), u8(size)});
  }
  /// Addresses behind four bytes: types 0 (RFC 2460 4.4), 2 (RFC 6275 6.4) and 4 (RFC 8754 2, whose TLVs are content).
  void routing(size_t at, const Seen& s) {
    const u8 type = s.message.size > 4 ? s.message[2] : 0xff;
    if (type != 0 && type != 2 && type != 4) return;
    put(at, std::min<size_t>(4, s.bytes.size), Mark::field);
    size_t count = s.bytes.size < 4 ? 0 : (s.bytes.size - 4) / 16;
    if (type == 4) count = std::min(count, size_t{s.message[4]} + 1);
    for (size_t i = 0; i < count; ++i) address(at + 4 + 16 * i, 16);
  }
  /// False when something there is an address or a name already.
  bool put(size_t at, size_t size, Mark mark) {
    const auto marks = std::span(of.marks_).subspan(at, size);
    const bool free = std::ranges::all_of(marks, [](Mark m) { return m == Mark::content || m == Mark::field; });
    if (free) std::ranges::fill(marks, mark);
    return free;
  }
};

void Anonymizer::look(const Dissection& d) {
  marks_.assign(d.packet.size, Mark::content);
  addresses_.clear(), names_.clear();
  Marker marker{*this, d};
  walk(d, marker);
}

void Anonymizer::replace(const Dissection&) {
  const auto one = [&]<class A>(A, u8* p, u64& count) {
    A address;
    copy_bytes(address.octet, p, sizeof address.octet);
    const A now = map_(address);
    copy_bytes(p, now.octet, sizeof now.octet);
    ++(now == address ? report_.same : count);
  };
  for (const Found& found : addresses_) {
    u8* p = bytes_.data() + found.at;
    switch (found.size) {
      case 4: one(Ipv4Address{}, p, report_.ipv4); break;
      case 6: one(MacAddress{}, p, report_.macs); break;
      case 8: one(Eui64{}, p, report_.eui64s); break;
      case 16: one(Ipv6Address{}, p, report_.ipv6); break;
      default: break;
    }
  }
  if (content_ == Content::keep) return;
  for (const Name& found : names_) replace_name(found.at, found.size);
}

/// Labels keep their lengths, so that pointers to them stay right (RFC 1035 4.1.4).
void Anonymizer::replace_name(size_t at, size_t size) {
  const auto whole = std::span(bytes_).subspan(at, size);
  for (size_t i = 0; i < size && whole[i] && whole[i] < 0x40;) {
    const size_t length = std::min<size_t>(whole[i], size - i - 1);
    map_.replace_label(whole.subspan(i + 1, length));
    i += 1 + length;
  }
  ++report_.names;
}

/// Counts what is content, by protocol, and deals with it. @param end where a frame check sequence begins, or the end
void Anonymizer::treat_content(const Dissection& d, Frame& frame, size_t end) {
  const auto entry = [&](const LayerAt* layer) -> AnonymizerReport::ByProtocol& {
    std::string protocol(layer ? d.record(*layer).name : name(frame.link));
    if (protocol.empty()) protocol = std::to_string(u32(frame.link));
    const auto found = std::ranges::find(report_.content, protocol, &AnonymizerReport::ByProtocol::protocol);
    if (found != report_.content.end()) return *found;
    return report_.content.emplace_back(std::move(protocol));
  };
  size_t known_end = 0;
  const LayerAt *layer = nullptr, *next = d.begin();
  for (size_t i = 0; i < end;) {
    while (next != d.end() && next->offset <= i) layer = next++;
    if (marks_[i] != Mark::content) {
      known_end = ++i;
      continue;
    }
    const size_t stop = next != d.end() ? std::min<size_t>(end, next->offset) : end;
    size_t header_bytes = 0, payload_bytes = 0;
    for (; i < stop && marks_[i] == Mark::content; ++i) {
      ++(layer && i < layer->payload() ? header_bytes : payload_bytes);
      if (content_ != Content::keep) bytes_[i] = 0;
    }
    auto& counted = entry(layer);
    ++counted.packets, counted.header_bytes += header_bytes, counted.payload_bytes += payload_bytes;
  }
  if (content_ == Content::cut) frame.bytes = frame.bytes.first(known_end);
}

Bytes Anonymizer::packet_options(const FrameInfo& info) {
  options_.clear();
  OptionWalk walk(info.metadata, info.metadata_big_endian ? Order::big : Order::little);
  while (const auto option = walk.next()) {
    const u16 code = option->code;
    const bool stays = code == packet_option::flags.code || code == packet_option::drops.code || code == packet_option::queue.code ||
                       code == packet_option::verdict.code;
    if (stays) options_.insert(options_.end(), option->raw.begin(), option->raw.end());
    else ++report_.packet_options;
  }
  return options_;
}

Frame Anonymizer::operator()(const Frame& frame, const InterfaceInfo* interface) {
  ++report_.packets;
  real_.assign(frame.bytes.begin(), frame.bytes.end());
  bytes_ = real_;
  Frame result = frame;
  result.bytes = bytes_;
  result.info.metadata = packet_options(frame.info);
  result.info.has_hash = false;
  const bool has_check = interface && interface->has_fcs_length && interface->fcs_length == 4 && frame.link == LinkType::ethernet &&
                         !frame.truncated() && bytes_.size() > 4;
  const size_t end = bytes_.size() - (has_check ? 4 : 0);
  Frame without_check = result;
  without_check.bytes = result.bytes.first(end);
  const Dissection d = dissect(without_check, *catalog_);
  look(d);
  replace(d);
  treat_content(d, result, end);
  const u32 moved = detail::move_sums(d, Bytes(real_).first(end), std::span(bytes_).first(end));
  report_.sums += moved;
  if (content_ != Content::keep)
    for (const LayerAt& layer : d)
      if (const auto& when = d.record(layer).rules->fragment_when;
          when.exists() && wire::holds(when, d.packet.data + layer.offset, layer.header)) {
        ++report_.fragments;
        break;
      }
  if (has_check && content_ != Content::cut) detail::move_frame_check(real_, bytes_);
  return result;
}

std::span<const InterfaceInfo> Anonymizer::interfaces(std::span<const InterfaceInfo> real) {
  while (interfaces_.size() < real.size()) {
    const InterfaceInfo& from = real[interfaces_.size()];
    InterfaceInfo info;
    info.link_type = from.link_type, info.snaplen = from.snaplen, info.resolution = from.resolution;
    info.time_offset_seconds = from.time_offset_seconds, info.section = from.section;
    info.fcs_length = from.fcs_length, info.has_fcs_length = from.has_fcs_length;
    info.speed_bits_per_second = from.speed_bits_per_second;
    info.has_mac = from.has_mac, info.mac = map_(from.mac);
    OptionBuilder options(from.options_order);
    OptionWalk walk(from.raw_options, from.options_order);
    namespace o = interface_option;
    while (const auto option = walk.next()) {
      if (auto ipv4 = read(*option, from.options_order, o::ipv4); ipv4 && option->code == o::ipv4.code) {
        ipv4->address = map_(ipv4->address);
        options.add(o::ipv4, *ipv4);
      } else if (auto ipv6 = read(*option, from.options_order, o::ipv6); ipv6 && option->code == o::ipv6.code) {
        ipv6->address = map_(ipv6->address);
        options.add(o::ipv6, *ipv6);
      } else if (auto mac = read(*option, from.options_order, o::mac); mac && option->code == o::mac.code) {
        options.add(o::mac, map_(*mac));
      } else if (auto eui = read(*option, from.options_order, o::eui); eui && option->code == o::eui.code) {
        options.add(o::eui, map_(*eui));
      } else if (option->code == o::resolution.code || option->code == o::time_offset.code || option->code == o::fcs_length.code ||
                 option->code == o::speed.code || option->code == o::transmit_speed.code || option->code == o::receive_speed.code) {
        options.add(option->code, option->value);
      }
    }
    const Bytes built = options.bytes();
    interface_options_.emplace_back(built.begin(), built.end());
    info.options_order = from.options_order, info.raw_options = interface_options_.back();
    interfaces_.push_back(info);
  }
  return interfaces_;
}

}  // namespace trawl::inline v0
