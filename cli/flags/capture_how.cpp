// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/flags/capture_how.hpp"

#include <unistd.h>

#include <utility>

#include "trawl/capture/interfaces.hpp"

namespace cli {
namespace {

template <class T, size_t N> T value_of(const std::pair<const char*, T> (&table)[N], const std::string& name) {
  for (const auto& [text, value] : table)
    if (name == text) return value;
  return table[0].second;
}
template <class T, size_t N> std::vector<std::string> names(const std::pair<const char*, T> (&table)[N]) {
  std::vector<std::string> result;
  for (const auto& entry : table) result.emplace_back(entry.first);
  return result;
}

constexpr std::pair<const char*, trawl::CaptureMethod> backends[] = {{"auto", trawl::CaptureMethod::automatic},
                                                                     {"ring", trawl::CaptureMethod::ring},
                                                                     {"socket", trawl::CaptureMethod::socket},
                                                                     {"xdp", trawl::CaptureMethod::xdp},
                                                                     {"libpcap", trawl::CaptureMethod::libpcap}};
constexpr std::pair<const char*, trawl::CaptureDirection> directions[] = {
    {"inout", trawl::CaptureDirection::inout}, {"in", trawl::CaptureDirection::in}, {"out", trawl::CaptureDirection::out}};
// Linux has one clock for packets: its low and its high precision are the same.
constexpr std::pair<const char*, trawl::TimeStampType> clocks[] = {{"host", trawl::TimeStampType::host},
                                                                   {"host_lowprec", trawl::TimeStampType::host},
                                                                   {"host_hiprec", trawl::TimeStampType::host},
                                                                   {"adapter", trawl::TimeStampType::adapter},
                                                                   {"adapter_unsynced", trawl::TimeStampType::adapter_unsynced}};

bool shows_radio(trawl::LinkType link) { return link == trawl::LinkType::ieee802_11 || link == trawl::LinkType::ieee802_11_radiotap; }
bool is_wireless(const std::string& name) { return ::access(("/sys/class/net/" + name + "/phy80211").c_str(), F_OK) == 0; }

}  // namespace

void CaptureHow::declare(CLI::App& command) {
  command.add_option("-B", buffer_kib_, "buffer between kernel and program")->type_name("KIB");
  command.add_flag("-p", not_promiscuous_, "only packets that this machine would see anyway");
  command.add_flag("-I", monitor_, "802.11 with radio headers; the interface must be in monitor mode");
  command.add_flag("--immediate", immediate_, "hand packets over as they come");
  command.add_option("-Q", direction_, "direction")->type_name("in|out|inout")->check(CLI::IsMember(names(directions)));
  command.add_option("--backend", backend_, "how to capture")
      ->type_name("auto|ring|socket|xdp|libpcap")
      ->check(CLI::IsMember(names(backends)));
  command.add_option("--time-stamp-type", time_stamps_, "whose clock: host, host_lowprec, host_hiprec, adapter, adapter_unsynced")
      ->type_name("TYPE")
      ->check(CLI::IsMember(names(clocks)));
}

trawl::CaptureOptions CaptureHow::options() const {
  trawl::CaptureOptions o;
  if (buffer_kib_) o.buffer_bytes = size_t(buffer_kib_) << 10;
  o.promiscuous = not_promiscuous_ ? trawl::Promiscuous::off : trawl::Promiscuous::on;
  o.immediate = immediate_ ? trawl::Immediate::on : trawl::Immediate::off;
  o.method = value_of(backends, backend_);
  o.direction = value_of(directions, direction_);
  o.time_stamps = value_of(clocks, time_stamps_);
  return o;
}

Status CaptureHow::check(const std::vector<std::string>& interfaces) const {
  if (!monitor_) return Status::done;
  for (const std::string& name : interfaces) {
    const auto interface = trawl::find_interface(name);
    if (!interface) return report(interface.error());
    if (shows_radio(interface->info.link_type)) continue;
    say("cannot open the interface " + name + ": " +
        (is_wireless(name) ? "it is not in monitor mode; make one that is: iw dev " + name +
                                 " interface add mon0 type monitor && ip link set mon0 up, then -i mon0"
                           : std::string("it is not wireless and has no monitor mode; leave -I out")));
    return Status::failed;
  }
  return Status::done;
}

}  // namespace cli
