// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The floor: a program written out as C and compiled with -O3 by the C compiler of this machine.
#pragma once
#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "trawl/bpf/program.hpp"

namespace trawl::bench {

using CompiledC = u32 (*)(const u8* data, u64 size, u32 length);

inline std::string c_of(const bpf::Program& program) {
  namespace op = bpf::op;
  std::string c = R"(#include <stdint.h>
#include <string.h>
static inline uint32_t load4(const uint8_t* p) { uint32_t v; memcpy(&v, p, 4); return __builtin_bswap32(v); }
static inline uint32_t load2(const uint8_t* p) { uint16_t v; memcpy(&v, p, 2); return __builtin_bswap16(v); }
static inline uint32_t load1(const uint8_t* p) { return *p; }
uint32_t filter(const uint8_t* data, uint64_t size, uint32_t length) {
  uint32_t a = 0, x = 0, m[16];
  (void)x, (void)m, (void)length;
)";
  const auto code = program.instructions();
  const auto number = [](u64 value) { return std::to_string(value) + 'u'; };
  for (size_t pc = 0; pc < code.size(); ++pc) {
    const bpf::Instruction& in = code[pc];
    const std::string k = number(in.k), by = bpf::uses_x(in.code) ? "x" : k;
    const std::string into = bpf::class_of(in.code) == op::ldx ? "x = " : "a = ";
    c += 'l' + std::to_string(pc) + ": ";
    switch (bpf::class_of(in.code)) {
      case op::ld:
      case op::ldx:
        switch (bpf::mode_of(in.code)) {
          case op::imm: c += into + k; break;
          case op::len: c += into + "length"; break;
          case op::mem: c += into + "m[" + k + ']'; break;
          case op::msh: c += "if (size <= " + k + ") return 0; x = (data[" + k + "] & 15) << 2"; break;
          default: {
            const std::string width = std::to_string(bpf::width_of(in.code));
            const std::string at = bpf::mode_of(in.code) == op::ind ? "(uint64_t)(uint32_t)(x + " + k + ')' : "(uint64_t)" + k;
            c += "if (" + at + " + " + width + " > size) return 0; a = load" + width + "(data + " + at + ')';
          }
        }
        break;
      case op::st: c += "m[" + k + "] = a"; break;
      case op::stx: c += "m[" + k + "] = x"; break;
      case op::alu: {
        constexpr const char* signs[] = {"+", "-", "*", "/", "|", "&", "<<", ">>", "", "%", "^"};
        c += "a = a " + std::string(signs[bpf::operation_of(in.code) >> 4]) + ' ' + by;
        break;
      }
      case op::jmp: {
        constexpr const char* signs[] = {"", "==", ">", ">=", "&"};
        if (in.code == op::jmp) c += "goto l" + std::to_string(pc + 1 + in.k);
        else
          c += "if (a " + std::string(signs[bpf::operation_of(in.code) >> 4]) + ' ' + by + ") goto l" + std::to_string(pc + 1 + in.jt) +
               "; else goto l" + std::to_string(pc + 1 + in.jf);
        break;
      }
      case op::ret: c += "return " + ((in.code & 0x18) == op::a ? std::string("a") : k); break;
      default: c += (in.code & 0xf8) == op::txa ? "a = x" : "x = a";
    }
    c += ";\n";
  }
  return c + "}\n";
}

/// @return nullptr without a C compiler. Stays loaded.
inline CompiledC compile_c(const bpf::Program& program) {
  char folder[] = "/tmp/trawl-bench-XXXXXX";
  if (!mkdtemp(folder)) return nullptr;
  const std::string source = std::string(folder) + "/filter.c", library = std::string(folder) + "/filter.so";
  std::ofstream(source) << c_of(program);
  const bool made = std::system(("cc -O3 -shared -fPIC -o " + library + ' ' + source + " 2>/dev/null").c_str()) == 0;
  void* handle = made ? dlopen(library.c_str(), RTLD_NOW) : nullptr;
  unlink(source.c_str()), unlink(library.c_str()), rmdir(folder);
  return handle ? reinterpret_cast<CompiledC>(dlsym(handle, "filter")) : nullptr;
}

}  // namespace trawl::bench
