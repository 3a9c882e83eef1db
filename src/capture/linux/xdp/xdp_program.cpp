// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/xdp/xdp_program.hpp"

#include <linux/bpf.h>
#include <linux/if_link.h>

#include <cerrno>
#include <cstring>

#include "capture/linux/system_error.hpp"

namespace trawl::inline v0::linux_capture {
namespace {

u64 address_of(const void* memory) { return u64(reinterpret_cast<uintptr_t>(memory)); }

template <class Fill> int command(const SystemCalls& calls, int number, Fill fill) {
  bpf_attr attributes;
  std::memset(&attributes, 0, sizeof attributes);
  fill(attributes);
  return calls.bpf(number, &attributes, sizeof attributes);
}

}  // namespace

Result<XdpProgram> XdpProgram::load(const SystemCalls& calls, std::string_view interface, u32 queues) {
  XdpProgram program(calls);
  program.map_ = Descriptor(calls, command(calls, BPF_MAP_CREATE, [&](bpf_attr& a) {
                              a.map_type = BPF_MAP_TYPE_XSKMAP;
                              a.key_size = a.value_size = sizeof(u32);
                              a.max_entries = queues;
                            }));
  if (!program.map_) return fail(system_error(Operation::open_interface, interface, "BPF_MAP_TYPE_XSKMAP", errno));
  // return redirect_map(map, context->rx_queue_index, XDP_PASS);
  constexpr i16 queue_at = offsetof(xdp_md, rx_queue_index);
  const bpf_insn code[] = {
      {.code = BPF_LDX | BPF_W | BPF_MEM, .dst_reg = 2, .src_reg = 1, .off = queue_at, .imm = 0},
      {.code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = 1, .src_reg = BPF_PSEUDO_MAP_FD, .off = 0, .imm = program.map_.get()},
      {.code = 0, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
      {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 3, .src_reg = 0, .off = 0, .imm = XDP_PASS},
      {.code = BPF_JMP | BPF_CALL, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = BPF_FUNC_redirect_map},
      {.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
  };
  program.program_ = Descriptor(calls, command(calls, BPF_PROG_LOAD, [&](bpf_attr& a) {
                                  a.prog_type = BPF_PROG_TYPE_XDP;
                                  a.insns = address_of(code);
                                  a.insn_cnt = u32(std::size(code));
                                  a.license = address_of("Dual MIT/GPL");
                                }));
  if (!program.program_) return fail(system_error(Operation::open_interface, interface, "BPF_PROG_TYPE_XDP", errno));
  return program;
}

Result<void> XdpProgram::add(std::string_view interface, u32 queue, int socket) const {
  const int done = command(*calls_, BPF_MAP_UPDATE_ELEM, [&](bpf_attr& a) {
    a.map_fd = u32(map_.get());
    a.key = address_of(&queue);
    a.value = address_of(&socket);
  });
  if (done < 0) return fail(system_error(Operation::open_interface, interface, "BPF_MAP_UPDATE_ELEM", errno));
  return {};
}

Result<void> XdpProgram::attach(std::string_view interface, u32 index) {
  for (const u32 mode : {XDP_FLAGS_DRV_MODE, XDP_FLAGS_SKB_MODE}) {
    link_ = Descriptor(*calls_, command(*calls_, BPF_LINK_CREATE, [&](bpf_attr& a) {
      a.link_create.prog_fd = u32(program_.get());
      a.link_create.target_ifindex = index;
      a.link_create.attach_type = BPF_XDP;
      a.link_create.flags = mode;
    }));
    if (link_ || errno == EBUSY) break;
  }
  if (link_) return {};
  return fail(
      system_error(Operation::open_interface, interface, errno == EBUSY ? "it has an XDP program already" : "BPF_LINK_CREATE", errno));
}

}  // namespace trawl::inline v0::linux_capture
