// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The few functions of libpcap that a capture needs, found at run time. Their declarations are ours, after pcap(3PCAP).
#pragma once
#include <sys/time.h>

#include "trawl/core/bytes.hpp"

namespace trawl::inline v0::linux_capture {

struct pcap;  // theirs

struct PcapPacketHeader {
  timeval time;  ///< with nanoseconds in tv_usec if asked for
  u32 captured, length;
};
struct PcapStatistics {
  u32 received, dropped, dropped_interface;
};
using PcapCallback = void (*)(u8* user, const PcapPacketHeader* header, const u8* bytes);

struct PcapLibrary {
  static constexpr size_t error_bytes = 256;

  /// Null where it is not installed.
  static const PcapLibrary* find();

  pcap* (*create)(const char* device, char* error);
  int (*set_snaplen)(pcap*, int);
  int (*set_promisc)(pcap*, int);
  int (*set_timeout)(pcap*, int milliseconds);
  int (*set_buffer_size)(pcap*, int);
  int (*set_immediate_mode)(pcap*, int);
  int (*set_tstamp_precision)(pcap*, int);
  int (*get_tstamp_precision)(pcap*);
  int (*activate)(pcap*);
  int (*setnonblock)(pcap*, int, char* error);
  int (*setdirection)(pcap*, int);
  int (*datalink)(pcap*);
  int (*set_datalink)(pcap*, int);
  int (*get_selectable_fd)(pcap*);
  int (*dispatch)(pcap*, int count, PcapCallback, u8* user);
  int (*stats)(pcap*, PcapStatistics*);
  char* (*geterr)(pcap*);
  const char* (*statustostr)(int);
  void (*close)(pcap*);
};

}  // namespace trawl::inline v0::linux_capture
