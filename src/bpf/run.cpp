// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/bpf/run.hpp"

#include "bpf/ancillary.hpp"
#include "trawl/core/endian.hpp"

namespace trawl::inline v0::bpf {

namespace {

// Loads at offsets with the top bit set are relative to the network or the link header (linux/filter.h SKF_NET_OFF, SKF_LL_OFF).
[[gnu::noinline]] bool load_negative(u32 at, u32 width, const Frame& frame, u32& value) {
  u64 start = 0;
  if (at >= ancillary::network_base) start = u64{at - ancillary::network_base} + detail::network_offset(frame.link);
  else if (at >= ancillary::link_base) start = at - ancillary::link_base;
  else return false;
  if (start + width > frame.bytes.size) return false;
  const u8* p = frame.bytes.data + start;
  value = width == 4 ? load_be<u32>(p) : width == 2 ? load_be<u16>(p) : *p;
  return true;
}

// A load that is not inside the captured bytes: something beside the packet, or false.
template <class T> [[gnu::noinline]] bool load_elsewhere(u32 at, const Frame& frame, u32& value) {
  return at >= ancillary::link_base && load_negative(at, sizeof(T), frame, value);
}

}  // namespace

// Dispatch is repeated after every instruction, so that the branch predictor sees each pair of instructions on its own.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
u32 run(const ProgramView& program, const Frame& frame, const Surroundings& surroundings) {
  // Index: the opcode. Opcodes that validate() refuses reject, should one ever arrive here.
  static const void* const labels[256] = {
#include "bpf/labels.inc"
  };
  const Instruction* in = program.instructions().data();
  const u8* const data = frame.bytes.data;
  const u64 size = frame.bytes.size < 0x7fffffff ? frame.bytes.size : 0x7fffffff;  // so that no negative offset is inside
  constexpr u32 most_jumps_back = 0x10000;
  u32 a = 0, x = 0, jumps_back = 0;
  u32 memory[memory_words];  // validate() has seen that words are stored before they are loaded

#define TRAWL_NEXT goto* labels[u8((++in)->code)]
#define TRAWL_LOAD(T, AT, INTO, ELSEWHERE) \
  { \
    const u32 at = (AT); \
    if (at + u64{sizeof(T)} <= size) [[likely]] { \
      INTO = load_be<T>(data + at); \
      TRAWL_NEXT; \
    } \
    ELSEWHERE \
    u32 value = 0; \
    if (!load_elsewhere<T>(at, frame, value)) return 0; \
    INTO = value; \
    TRAWL_NEXT; \
  }
#define TRAWL_ANCILLARY \
  if (at >= ancillary::base) { \
    a = detail::load_ancillary(at, a, x, frame, surroundings); \
    TRAWL_NEXT; \
  }
#define TRAWL_JUMP(CONDITION) \
  in += (CONDITION) ? in->jt : in->jf; \
  TRAWL_NEXT
  goto* labels[u8(in->code)];

ld_word_abs:
  TRAWL_LOAD(u32, in->k, a, TRAWL_ANCILLARY)
ld_half_abs:
  TRAWL_LOAD(u16, in->k, a, TRAWL_ANCILLARY)
ld_byte_abs:
  TRAWL_LOAD(u8, in->k, a, TRAWL_ANCILLARY)
ld_word_ind:
  TRAWL_LOAD(u32, x + in->k, a, )
ld_half_ind:
  TRAWL_LOAD(u16, x + in->k, a, )
ld_byte_ind:
  TRAWL_LOAD(u8, x + in->k, a, )
ld_imm:
  a = in->k;
  TRAWL_NEXT;
ld_len:
  a = frame.original_length;
  TRAWL_NEXT;
ld_mem:
  a = memory[in->k % memory_words];
  TRAWL_NEXT;
ldx_imm:
  x = in->k;
  TRAWL_NEXT;
ldx_len:
  x = frame.original_length;
  TRAWL_NEXT;
ldx_mem:
  x = memory[in->k % memory_words];
  TRAWL_NEXT;
ldx_msh:
  if (in->k < size) [[likely]] {
    x = (data[in->k] & 0xfu) << 2;
    TRAWL_NEXT;
  }
  if (!load_elsewhere<u8>(in->k, frame, x)) return 0;
  x = (x & 0xf) << 2;
  TRAWL_NEXT;
st:
  memory[in->k % memory_words] = a;
  TRAWL_NEXT;
stx:
  memory[in->k % memory_words] = x;
  TRAWL_NEXT;
add_k:
  a += in->k;
  TRAWL_NEXT;
add_x:
  a += x;
  TRAWL_NEXT;
sub_k:
  a -= in->k;
  TRAWL_NEXT;
sub_x:
  a -= x;
  TRAWL_NEXT;
mul_k:
  a *= in->k;
  TRAWL_NEXT;
mul_x:
  a *= x;
  TRAWL_NEXT;
div_k:
  a /= in->k;
  TRAWL_NEXT;
div_x:
  if (x == 0) return 0;
  a /= x;
  TRAWL_NEXT;
mod_k:
  a %= in->k;
  TRAWL_NEXT;
mod_x:
  if (x == 0) return 0;
  a %= x;
  TRAWL_NEXT;
and_k:
  a &= in->k;
  TRAWL_NEXT;
and_x:
  a &= x;
  TRAWL_NEXT;
or_k:
  a |= in->k;
  TRAWL_NEXT;
or_x:
  a |= x;
  TRAWL_NEXT;
xor_k:
  a ^= in->k;
  TRAWL_NEXT;
xor_x:
  a ^= x;
  TRAWL_NEXT;
lsh_k:
  a <<= in->k & 31;
  TRAWL_NEXT;
lsh_x:
  a <<= x & 31;
  TRAWL_NEXT;
rsh_k:
  a >>= in->k & 31;
  TRAWL_NEXT;
rsh_x:
  a >>= x & 31;
  TRAWL_NEXT;
neg:
  a = 0 - a;
  TRAWL_NEXT;
tax:
  x = a;
  TRAWL_NEXT;
txa:
  a = x;
  TRAWL_NEXT;
ja:
  if (in->k >> 31 && ++jumps_back > most_jumps_back) return 0;
  in += i32(in->k);
  TRAWL_NEXT;
jeq_k:
  TRAWL_JUMP(a == in->k);
jeq_x:
  TRAWL_JUMP(a == x);
jgt_k:
  TRAWL_JUMP(a > in->k);
jgt_x:
  TRAWL_JUMP(a > x);
jge_k:
  TRAWL_JUMP(a >= in->k);
jge_x:
  TRAWL_JUMP(a >= x);
jset_k:
  TRAWL_JUMP(a & in->k);
jset_x:
  TRAWL_JUMP(a & x);
jin_k:
  TRAWL_JUMP(program.sets()[in->k].contains(a));
jin_x:
  if (a + u64{16} > size) return 0;
  TRAWL_JUMP(program.sets()[in->k].contains(data + a));
ret_k:
  return in->k;
ret_a:
  return a;
bad:
  return 0;
#undef TRAWL_NEXT
#undef TRAWL_LOAD
#undef TRAWL_ANCILLARY
#undef TRAWL_JUMP
}
#pragma GCC diagnostic pop

}  // namespace trawl::inline v0::bpf
