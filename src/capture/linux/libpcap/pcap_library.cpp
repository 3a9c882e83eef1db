// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/libpcap/pcap_library.hpp"

#include <dlfcn.h>

#include <optional>

namespace trawl::inline v0::linux_capture {
namespace {

template <class F> bool look_up(void* library, F& function, const char* name) {
  function = reinterpret_cast<F>(::dlsym(library, name));
  return function;
}

std::optional<PcapLibrary> load() {
  // The project's own name for it, and Debian's.
  for (const char* name : {"libpcap.so.1", "libpcap.so.0.8"}) {
    void* const file = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!file) continue;
    PcapLibrary l{};
    const bool whole = look_up(file, l.create, "pcap_create") && look_up(file, l.set_snaplen, "pcap_set_snaplen") &&
                       look_up(file, l.set_promisc, "pcap_set_promisc") && look_up(file, l.set_timeout, "pcap_set_timeout") &&
                       look_up(file, l.set_buffer_size, "pcap_set_buffer_size") &&
                       look_up(file, l.set_immediate_mode, "pcap_set_immediate_mode") &&
                       look_up(file, l.set_tstamp_precision, "pcap_set_tstamp_precision") &&
                       look_up(file, l.get_tstamp_precision, "pcap_get_tstamp_precision") && look_up(file, l.activate, "pcap_activate") &&
                       look_up(file, l.setnonblock, "pcap_setnonblock") && look_up(file, l.setdirection, "pcap_setdirection") &&
                       look_up(file, l.datalink, "pcap_datalink") && look_up(file, l.set_datalink, "pcap_set_datalink") &&
                       look_up(file, l.get_selectable_fd, "pcap_get_selectable_fd") && look_up(file, l.dispatch, "pcap_dispatch") &&
                       look_up(file, l.stats, "pcap_stats") && look_up(file, l.geterr, "pcap_geterr") &&
                       look_up(file, l.statustostr, "pcap_statustostr") && look_up(file, l.close, "pcap_close");
    if (whole) return l;  // stays loaded
    ::dlclose(file);
  }
  return {};
}

}  // namespace

const PcapLibrary* PcapLibrary::find() {
  static const std::optional<PcapLibrary> library = load();
  return library ? &*library : nullptr;
}

}  // namespace trawl::inline v0::linux_capture
