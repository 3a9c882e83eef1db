// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Packets with other addresses, and without what they say.
///
/// Every byte of a packet is one of these, by what its protocols declare, whichever they are:
/// - an address (IPv4, IPv6, MAC, EUI-64; in quoted packets, tunnels, options, ARP, neighbor discovery, DNS records):
///   replaced by the AddressMap. Fields that are masks stay;
/// - a domain name: its labels become letters, or stay (Content::keep);
/// - a checksum: changed by as much as what it covers changed (RFC 1624), so that a right one is right and a wrong one
///   is wrong by as much as before. UDP's zero stays. An Ethernet FCS that the interface says is there, too;
/// - another field of a header: stays;
/// - content: texts, blobs, what no protocol declares, and what is behind the last header. What happens to it is
///   AnonymizerOptions::content, and how much there was is reported by protocol.
#pragma once
#include <deque>
#include <string>

#include "trawl/core/interface_info.hpp"
#include "trawl/dissect/dissection.hpp"
#include "trawl/rewrite/address_map.hpp"

namespace trawl::inline v0 {

enum class Content : u8 {
  zero,   ///< zero bytes in its place
  cut,    ///< the packet ends where nothing but content follows; content before that becomes zero
  keep,   ///< stays: whatever addresses and names are in it stay as well
};
TRAWL_API std::string_view name(Content content);

struct AnonymizerOptions {
  AddressMapOptions addresses = {};
  Content content = Content::zero;
};

/// What was done, and what not.
struct AnonymizerReport {
  u64 packets = 0;
  u64 ipv4 = 0, ipv6 = 0, macs = 0, eui64s = 0;   ///< addresses that are others now
  u64 same = 0;                       ///< addresses that stay, by the rules of AddressMap
  u64 names = 0;                      ///< domain names whose letters are others now
  u64 sums = 0;                       ///< checksums that are others now
  u64 fragments = 0;                  ///< packets whose sums cover content of other packets: those do not fit when content is not kept
  u64 packet_options = 0;             ///< pcapng options of packets left out: comments, hashes, custom and unknown ones
  struct ByProtocol {
    std::string protocol;             ///< Wireshark's name; of frames without a known layer the link type's
    u64 packets = 0, header_bytes = 0, payload_bytes = 0;   ///< of content
  };
  std::vector<ByProtocol> content;    ///< in order of first appearance
};

class TRAWL_API Anonymizer {
 public:
  explicit Anonymizer(const AnonymizationKey& key, const AnonymizerOptions& options = {},
                      const wire::Catalog& catalog = wire::standard_catalog);
  /// The frame with its bytes and metadata changed; they live until the next call. Of pcapng options it keeps flags, drop
  /// count, queue and verdicts. Costs a dissection and a walk over all fields: ~2 us with addresses that are known.
  Frame operator()(const Frame& frame, const InterfaceInfo* interface = nullptr);
  /// The interfaces, with addresses replaced and without names, descriptions, filters and the like. Takes what its
  /// argument has more than at the last call; what it gave stays where it is in meaning, the span lives until the next call.
  std::span<const InterfaceInfo> interfaces(std::span<const InterfaceInfo> real);
  const AnonymizerReport& report() const { return report_; }

 private:
  enum class Mark : u8 { content, field, address, name };
  struct Marker;
  void look(const Dissection& d);
  void replace(const Dissection& d);
  void replace_name(size_t at, size_t size);
  void treat_content(const Dissection& d, Frame& frame, size_t end);
  void mend_sums(const Dissection& d);
  Bytes packet_options(const FrameInfo& info);

  AddressMap map_;
  Content content_;
  const wire::Catalog* catalog_;
  AnonymizerReport report_;
  std::vector<u8> bytes_, real_, options_;
  std::vector<Mark> marks_;
  struct Found {
    u32 at;
    u8 size;        ///< 4, 6, 8 or 16
  };
  std::vector<Found> addresses_;
  struct Name {
    u32 at, size;
  };
  std::vector<Name> names_;
  std::vector<InterfaceInfo> interfaces_;
  std::deque<std::vector<u8>> interface_options_;
};

}  // namespace trawl::inline v0
