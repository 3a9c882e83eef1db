// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A packet that owns its bytes and can be changed. Hosted: it allocates.
///
///     Packet packet(frame);
///     packet[Ipv4::dst] = "192.0.2.9"_ip4;
///     packet[Tcp::dst_port] = 443;
///     packet.update_checksums();
///
/// The bytes are the truth: a change touches the bits of its field and nothing else, until sums are asked for.
#pragma once
#include <cassert>
#include <vector>

#include "trawl/dissect/update.hpp"
#include "trawl/wire/stack.hpp"

namespace trawl::inline v0 {

class TRAWL_API Packet {
 public:
  Packet() = default;
  /// A copy of the frame's bytes.
  explicit Packet(const Frame& frame, const wire::Catalog& catalog = wire::standard_catalog);
  /// Composes: `Packet packet(Ethernet{} / Ipv4{} / Tcp{});`
  template <wire::Stackable L>
  explicit Packet(const L& layers, LinkType link = LinkType::ethernet, const wire::Catalog& catalog = wire::standard_catalog)
      : Packet(std::vector<u8>(wire::size_of(layers)), link, catalog) {
    (void)wire::compose(layers, bytes_);
    dissect_again();
  }
  Packet(std::vector<u8> bytes, LinkType link, const wire::Catalog& catalog = wire::standard_catalog);
  Packet(const Packet& other) { *this = other; }
  Packet(Packet&& other) noexcept { *this = std::move(other); }
  Packet& operator=(const Packet& other);
  Packet& operator=(Packet&& other) noexcept;

  Bytes bytes() const { return std::span<const u8>(bytes_); }
  /// Borrows this packet's bytes.
  Frame frame() const;
  const Dissection& layers() const { return dissection_; }

  /// Is there an n-th layer of this protocol, not counting quoted ones?
  template <class P> bool has(unsigned n = 0) const { return dissection_.layer<P>(n) != nullptr; }
  template <class P> wire::View<P> find(unsigned n = 0) const& { return dissection_.find<P>(n); }
  template <class P> wire::View<P> find(unsigned n = 0) const&& = delete;  // it would look into a packet that is gone
  /// Empty when there is no such layer. A change of a length or a next-protocol number shows in layers() after dissect_again().
  template <class P> wire::Edit<P> edit(unsigned n = 0) {
    const LayerAt* layer = dissection_.layer<P>(n);
    return layer ? wire::Edit<P>{std::span(bytes_).subspan(layer->offset, layer->header)} : wire::Edit<P>{};
  }
  /// The field in the outermost layer of its protocol. @pre has<its protocol>()
  template <class F> requires requires { F::at; } typename wire::Edit<typename F::owner>::template Slot<F> operator[](const F& field) {
    const auto layer = edit<typename F::owner>();
    assert(layer);
    return layer[field];
  }
  template <class F> requires requires { F::at; } typename F::type operator[](const F& field) const {
    const auto layer = find<typename F::owner>();
    assert(layer);
    return layer[field];
  }

  /// Replaces what the innermost layer carries; lengths below it follow, sums do not. @return does_not_fit when a length cannot
  Result<void> set_payload(Bytes payload);
  /// @return how many sums were written
  u32 update_checksums() { return trawl::update_checksums(dissection_, bytes_); }
  void dissect_again();

  bool operator==(const Packet& other) const { return link_ == other.link_ && bytes_ == other.bytes_; }

 private:
  std::vector<u8> bytes_;
  LinkType link_ = LinkType::ethernet;
  Timestamp time_;
  bool has_time_ = false;
  u32 original_length_ = 0;
  const wire::Catalog* catalog_ = &wire::standard_catalog;
  Dissection dissection_;
};

}  // namespace trawl::inline v0
