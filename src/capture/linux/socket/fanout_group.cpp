// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/socket/fanout_group.hpp"

#include <linux/filter.h>
#include <linux/if_packet.h>

#include <cerrno>

#include "capture/linux/interfaces/hardware_types.hpp"
#include "capture/linux/socket/packet_socket.hpp"
#include "capture/linux/system_error.hpp"

namespace trawl::inline v0::linux_capture {
namespace {

// Not in the headers of Debian 12's kernel by name.
constexpr u32 flag_unique_id = 0x2000, flag_ignore_outgoing = 0x4000;

constexpr u32 usual_members = 256;  // that a group has room for

u32 type_of(const Fanout& fanout, bool ignore_outgoing) {
  const auto mode = [&]() -> u32 {
    switch (fanout.mode) {
      case FanoutMode::hash: return PACKET_FANOUT_HASH;
      case FanoutMode::load_balance: return PACKET_FANOUT_LB;
      case FanoutMode::cpu: return PACKET_FANOUT_CPU;
      case FanoutMode::rollover: return PACKET_FANOUT_ROLLOVER;
      case FanoutMode::random: return PACKET_FANOUT_RND;
      case FanoutMode::queue: return PACKET_FANOUT_QM;
      case FanoutMode::program: return PACKET_FANOUT_CBPF;
      case FanoutMode::ebpf: return PACKET_FANOUT_EBPF;
    }
    return PACKET_FANOUT_HASH;
  }();
  return mode | (fanout.defragment ? PACKET_FANOUT_FLAG_DEFRAG : 0u) | (fanout.roll_over ? PACKET_FANOUT_FLAG_ROLLOVER : 0u) |
         (ignore_outgoing ? flag_ignore_outgoing : 0u);
}

Result<void> failed(std::string_view interface, const Fanout& fanout, std::string_view call) {
  const int code = errno;
  auto error = system_error(Operation::open_interface, interface, call, code);
  if (code == EINVAL && call == "PACKET_FANOUT") {
    error.reason = Reason::invalid_option;
    error.with("fanout group " + std::to_string(fanout.group) + " on " + std::string(interface));
  }
  if (code == ENOSPC) {
    error.reason = Reason::limit_exceeded;
    error.with("members of fanout group " + std::to_string(fanout.group) + " on " + std::string(interface));
  }
  return fail(error);
}

/// @param members that the group is to have room for, where it does not exist; 0: the usual 256
Result<void> join(const SystemCalls& calls, int fd, std::string_view interface, const Fanout& fanout, u32 type, u32 members = 0) {
  const u32 arguments[] = {fanout.group | type << 16, members};  // fanout_args; before Linux 5.10 there was the first only
  const socklen_t size = members ? sizeof arguments : sizeof arguments[0];
  if (calls.setsockopt(fd, SOL_PACKET, PACKET_FANOUT, arguments, size) < 0) return failed(interface, fanout, "PACKET_FANOUT");
  if (fanout.mode == FanoutMode::program && fanout.program) {
    static_assert(sizeof(sock_filter) == sizeof(bpf::Instruction));
    const auto instructions = fanout.program->instructions();
    sock_fprog program{};
    program.len = u16(instructions.size());
    program.filter = reinterpret_cast<sock_filter*>(const_cast<bpf::Instruction*>(instructions.data()));
    if (calls.setsockopt(fd, SOL_PACKET, PACKET_FANOUT_DATA, &program, sizeof program) < 0)
      return failed(interface, fanout, "PACKET_FANOUT_DATA");
  }
  if (fanout.mode == FanoutMode::ebpf &&
      calls.setsockopt(fd, SOL_PACKET, PACKET_FANOUT_DATA, &fanout.ebpf_program, sizeof fanout.ebpf_program) < 0)
    return failed(interface, fanout, "PACKET_FANOUT_DATA");
  return {};
}

}  // namespace

Result<void> join_fanout(const SystemCalls& calls, int fd, std::string_view interface, const Fanout& fanout, bool ignore_outgoing) {
  return join(calls, fd, interface, fanout, type_of(fanout, ignore_outgoing));
}

Result<FanoutGroup> open_fanout_group(const SystemCalls& calls, const Interface& interface, const Fanout& fanout, bool ignore_outgoing,
                                      u32 members) {
  const auto name = interface.name();
  FanoutGroup group;
  const bool cooked = !interface.index() || hardware_type(interface.hardware_type).form == Form::cooked;
  group.holder = Descriptor(calls, calls.socket(AF_PACKET, (cooked ? SOCK_DGRAM : SOCK_RAW) | SOCK_CLOEXEC, 0));
  const int fd = group.holder.get();
  if (!group.holder) return fail(system_error(Operation::open_interface, name, "socket", errno));
  if (auto attached = attach_reject_all(calls, fd, name); !attached) return fail(attached.error());
  if (auto bound = bind_to(calls, fd, interface); !bound) return fail(bound.error());
  if (auto joined =
          join(calls, fd, name, fanout, type_of(fanout, ignore_outgoing) | flag_unique_id, members < usual_members ? 0 : members + 1);
      !joined)
    return fail(joined.error());
  u32 argument = 0;
  socklen_t size = sizeof argument;
  if (calls.getsockopt(fd, SOL_PACKET, PACKET_FANOUT, &argument, &size) < 0)
    return fail(system_error(Operation::open_interface, name, "PACKET_FANOUT", errno));
  group.number = u16(argument);
  return group;
}

}  // namespace trawl::inline v0::linux_capture
