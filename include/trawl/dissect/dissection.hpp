// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Dissecting: bytes -> an array of {protocol, offset, header, end}. Nothing is copied, nothing allocated.
#pragma once
#include "trawl/core/fault.hpp"
#include "trawl/core/frame.hpp"
#include "trawl/wire/catalog.hpp"
#include "trawl/wire/standard.hpp"

namespace trawl::inline v0 {

/// One layer of a packet. Positions are bytes from the packet's start.
struct LayerAt {
  wire::ProtocolIndex protocol;   ///< in the catalog of the dissection
  bool quoted;                    ///< inside a packet that an ICMP error quotes
  bool cut;                       ///< its length says that it ends behind what carries it
  u32 offset;
  u32 header;                     ///< bytes, parts included
  u32 end;                        ///< of its payload, as the lengths say: may lie behind the captured bytes
  constexpr u32 payload() const { return offset + header; }
};

/// The layers of one packet. Borrows its bytes and its catalog.
class Dissection {
 public:
  static constexpr unsigned max_layers = 24;

  // The layers stay uninitialised.
  Dissection() {}
  /// Without a layer yet.
  Dissection(Bytes bytes, u32 length, ChecksumState sums, const wire::Catalog& c)
      : original_length(length),
        checksum(sums),
        packet(bytes),
        catalog(&c) {}
  const LayerAt* begin() const { return layers; }
  const LayerAt* end() const { return layers + count; }
  const wire::Record& record(const LayerAt& layer) const { return *(*catalog)[layer.protocol].record; }
  /// As far as captured.
  Bytes header(const LayerAt& layer) const { return packet.slice(layer.offset, layer.header); }
  /// What the layer carries, padding left out, as far as captured.
  Bytes payload(const LayerAt& layer) const { return packet.first(layer.end).from(layer.payload()); }

  /// The n-th layer of protocol P that is not quoted, n from 0; null when there is none.
  template <class P> const LayerAt* layer(unsigned n = 0) const {
    for (const LayerAt& l : *this)
      if ((*catalog)[l.protocol].id == wire::record<P>.id && !l.quoted && n-- == 0) return &l;
    return nullptr;
  }
  /// A view of it: false when there is none. The view borrows the packet's bytes only, not this object.
  template <class P> wire::View<P> find(unsigned n = 0) const {
    const LayerAt* l = layer<P>(n);
    return l ? wire::View<P>{header(*l), payload(*l)} : wire::View<P>{};
  }

  LayerAt layers[max_layers];
  u32 count = 0;
  u32 original_length = 0;
  ChecksumState checksum = ChecksumState::unknown;
  Fault fault;                    ///< what stopped it; the layers before are good
  Bytes packet;
  const wire::Catalog* catalog = nullptr;
};

/// Reads as much as is there: a layer that claims more bytes than its carrier has is kept and marked `cut` (captures that
/// were cut short, first fragments, quoted packets). What follows the last layer is payload. ~6 ns for Ethernet/IP/TCP.
TRAWL_API Dissection dissect(const Frame& frame, const wire::Catalog& catalog = wire::standard_catalog);
/// Stops with Fault::too_short at the first layer that claims more than there is.
TRAWL_API Dissection dissect_strict(const Frame& frame, const wire::Catalog& catalog = wire::standard_catalog);
/// The same from a given protocol on, for bytes that come from elsewhere than a frame.
TRAWL_API Dissection dissect(Bytes bytes, const wire::Record& first, const wire::Catalog& catalog = wire::standard_catalog);
TRAWL_API Dissection dissect_strict(Bytes bytes, const wire::Record& first, const wire::Catalog& catalog = wire::standard_catalog);

}  // namespace trawl::inline v0
