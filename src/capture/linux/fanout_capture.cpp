// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/socket/fanout_group.hpp"
#include "capture/linux/socket/packet_socket.hpp"
#include "trawl/capture/fanout.hpp"

namespace trawl::inline v0 {

Result<FanoutCapture> FanoutCapture::open(std::string_view name, u32 members, const CaptureOptions& options) {
  using namespace linux_capture;
  if (members == 0 || members > 256) return fail(Operation::open_interface, Reason::invalid_option, "members of a fanout group, 1 to 256");
  const auto& calls = real_system_calls();
  const auto interface = find_link(calls, Operation::open_interface, name);
  if (!interface) return fail(interface.error());
  CaptureOptions member = options;
  if (!member.fanout) member.fanout.emplace();
  auto group = open_fanout_group(calls, *interface, *member.fanout, ignores_outgoing(*interface, options), members);
  if (!group) return fail(group.error());
  FanoutCapture all;
  all.group_ = member.fanout->group = group->number;
  member.filter = [](LinkType link, bpf::Target target) -> Result<bpf::Program> { return bpf::Program::reject_all(link, target); };
  for (u32 i = 0; i < members; ++i) {
    auto opened = Capture::open(name, member);
    if (!opened) return fail(opened.error());
    all.members_.push_back(*std::move(opened));
  }
  group->holder.close();
  const auto text = options.filter_text.empty() ? options.filter.text() : std::string_view(options.filter_text);
  for (auto& one : all.members_)
    if (auto set = one.set_filter(options.filter, text); !set) return fail(set.error());
  return all;
}

void FanoutCapture::stop() {
  for (auto& member : members_) member.stop();
}

CaptureStatistics FanoutCapture::statistics() {
  CaptureStatistics sum;
  for (auto& member : members_) sum.add_member(member.statistics());
  return sum;
}

Result<void> FanoutCapture::close() {
  Result<void> result;
  for (auto& member : members_)
    if (auto closed = member.close(); !closed && result) result = closed;
  return result;
}

}  // namespace trawl::inline v0
