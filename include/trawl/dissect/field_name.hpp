// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Names at run time: "tcp.options.mss_val" is resolved once, then found in each packet without looking at names again.
#pragma once
#include <span>

#include "trawl/core/error.hpp"
#include "trawl/core/interface_info.hpp"
#include "trawl/dissect/walk.hpp"

namespace trawl::inline v0 {

/// What fields of the frame itself are computed from: `frame.number`, `frame.time_relative` ...
struct FrameContext {
  u64 number = 0;                  ///< from 1
  Timestamp first = {}, previous = {}, previous_displayed = {};   ///< of the first frame, of the one before, of the one shown before
  Timestamp first_displayed = {};
  std::span<const InterfaceInfo> interfaces = {};
};

class LayersSought;

/// A resolved name: the ways to every field that has it. A value; made for one catalog.
class FieldName {
 public:
  static constexpr unsigned max_ways = 16;
  /// A field by its name ("tcp.dstport", "ip.addr", "frame.len", "tcp.checksum.status"), or a protocol by its own ("tcp":
  /// presence). @return Reason::unknown_name, with the closest valid names in reach of describe()
  static TRAWL_API Result<FieldName> resolve(std::string_view name, const wire::Catalog& catalog = wire::standard_catalog);

  /// Visits each occurrence in the packet, outermost layer first, in the order of the packet.
  TRAWL_API void each(const Dissection& d, const Frame& frame, const FrameContext& context, const Visit& visit) const;
  /// Of a field that stands in packets: no frame fields.
  TRAWL_API void each(const Dissection& d, const Visit& visit) const;

  /// The occurrences in one layer.
  TRAWL_API void in(const LayerAt& layer, const Dissection& d, const Visit& visit) const;

  /// Adds the layers that each() looks at: all for `frame.protocols`, none for other fields of the frame.
  TRAWL_API void seek(LayersSought& sought) const;

  /// What the first of its fields says of itself; null for a protocol.
  TRAWL_API const wire::FieldInfo* info() const;
  /// Whether it is the status of a checksum, which is a number (walk.hpp, ChecksumStatus).
  bool status() const { return ways_ && way_[0].status; }
  /// Whether it is of the frame itself and not of a layer.
  bool is_frame_field() const { return frame_field_ >= 0; }
  /// Whether this is a protocol and not a field.
  bool is_protocol() const { return ways_ && !way_[0].field && frame_field_ < 0; }

 private:
  struct Way {
    wire::ProtocolIndex layer = wire::unknown_protocol;
    const wire::Record* record = nullptr;
    const wire::FieldInfo* field = nullptr;        ///< null: the protocol itself
    const wire::Derived* derived = nullptr;
    i8 list = -1;                                  ///< the part of the layer's record in whose elements it is
    bool status = false;
  };
  bool add(const Way& way);
  void find_in(const wire::Record& r, std::string_view rest, Way way, const wire::Catalog& catalog, unsigned depth);
  void find_in_lists(const wire::Record& r, std::string_view name, const Way& way, const wire::Catalog& catalog, unsigned depth);
  void visit_layer(const Way& way, const Dissection& d, const LayerAt* layer, Bytes header, const Visit& visit) const;

  Way way_[max_ways];
  u8 ways_ = 0;
  i8 frame_field_ = -1;
};

/// Calls `each(context, name)` for every name that resolve() knows, in the order of the catalog.
TRAWL_API void each_field_name(const wire::Catalog& catalog, void (*each)(void*, std::string_view), void* context);
/// "eth:ethertype:ip:tcp": the layers as Wireshark names them.
TRAWL_API void put_protocols(TextOut& out, const Dissection& d);

}  // namespace trawl::inline v0
