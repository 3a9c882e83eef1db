// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The words of the capture-filter language.
#pragma once
#include <optional>

#include "trawl/core/error.hpp"

namespace trawl::inline v0::filter {

/// Keywords; spellings that mean the same are one word. The first group names protocols.
enum class Word : u8 {
  none,
  link,
  ip,
  arp,
  rarp,
  tcp,
  udp,
  sctp,
  icmp,
  igmp,
  igrp,
  pim,
  vrrp,
  carp,
  ip6,
  icmp6,
  ah,
  esp,
  atalk,
  aarp,
  decnet,
  lat,
  sca,
  moprc,
  mopdl,
  iso,
  esis,
  isis,
  clnp,
  l1,
  l2,
  iih,
  lsp,
  snp,
  csnp,
  psnp,
  stp,
  ipx,
  netbeui,
  radio,
  last_protocol = radio,
  src,
  dst,
  addr1,
  addr2,
  addr3,
  addr4,
  ra,
  ta,
  host,
  net,
  mask,
  port,
  portrange,
  proto,
  protochain,
  gateway,
  less,
  greater,
  byte,
  broadcast,
  multicast,
  and_,
  or_,
  not_,
  len,
  inbound,
  outbound,
  ifindex,
  vlan,
  mpls,
  pppoed,
  pppoes,
  geneve,
  vxlan,
  type,
  subtype,
  dir,
  llc,
  lane,
  metac,
  bcc,
  oamf4ec,
  oamf4sc,
  sc,
  ilmic,
  oam,
  oamf4,
  connectmsg,
  metaconnect,
  vpi,
  vci,
  ifname,
  rset,
  rnr,
  srnr,
  reason,
  action,
  fisu,
  lssu,
  msu,
  hfisu,
  hlssu,
  hmsu,
  sio,
  opc,
  dpc,
  sls,
  hsio,
  hopc,
  hdpc,
  hsls,
};
constexpr bool is_protocol(Word word) { return word > Word::none && word <= Word::last_protocol; }

/// @return Word::none for anything that is not a keyword. Case matters.
Word find_word(std::string_view text);
/// The first spelling.
std::string_view name(Word word);
/// icmptype, tcp-syn, ...: numbers with names.
std::optional<u32> find_constant(std::string_view text);

/// For Error::valid_names.
void each_word(void (*each)(void* context, std::string_view name), void* context);
void each_protocol_word(void (*each)(void* context, std::string_view name), void* context);
void each_constant(void (*each)(void* context, std::string_view name), void* context);

}  // namespace trawl::inline v0::filter
