// SPDX-License-Identifier: Apache-2.0 OR MIT
/// libpcap as a peer: what is needed of pcap.h, found at run time, so that benchmarks build without it.
#pragma once
#include <dlfcn.h>

#include "trawl/core/bytes.hpp"

namespace trawl::peer {

struct Program {
  unsigned length = 0;
  void* instructions = nullptr;
};

struct Libpcap {
  static constexpr int ethernet = 1, snaplen = 262144, optimize = 1;

  void* library = dlopen("libpcap.so.0.8", RTLD_NOW);
  template <class F> F* function(const char* name) const { return reinterpret_cast<F*>(library ? dlsym(library, name) : nullptr); }
  unsigned (*filter)(const void*, const u8*, unsigned,
                     unsigned) = function<unsigned(const void*, const u8*, unsigned, unsigned)>("bpf_filter");
  void* (*open_dead)(int, int) = function<void*(int, int)>("pcap_open_dead");
  int (*compile)(void*, Program*, const char*, int, unsigned) = function<int(void*, Program*, const char*, int, unsigned)>("pcap_compile");
  void (*free_code)(Program*) = function<void(Program*)>("pcap_freecode");

  void (*close)(void*) = function<void(void*)>("pcap_close");
  int (*data_link)(const char*) = function<int(const char*)>("pcap_datalink_name_to_val");

  explicit operator bool() const { return filter && open_dead && compile && free_code; }
};

inline const Libpcap& libpcap() {
  static const Libpcap instance;
  return instance;
}

}  // namespace trawl::peer
