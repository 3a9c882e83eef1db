// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Reset handler, semihosting and the loop over tests for QEMU's mps2-an385 board (Cortex-M3).
#include "harness.hpp"

#include <cstddef>
#include <cstdint>

extern "C" {
extern std::uint32_t stack_top, data_load, data_start, data_end, bss_start, bss_end;
extern void (*init_array_start[])();
extern void (*init_array_end[])();
[[noreturn]] void reset();
[[noreturn]] void fault();
void* __dso_handle = nullptr;

// Nothing is destroyed: the image ends by leaving the emulator.
int __aeabi_atexit(void*, void (*)(void*), void*) { return 0; }
[[noreturn]] void __cxa_pure_virtual() { fault(); }
[[noreturn]] void abort() { fault(); }
}

namespace {

enum class Call : std::uint32_t { write = 0x04, exit = 0x18 };

std::uintptr_t semihost(Call call, std::uintptr_t argument) {
  register std::uintptr_t r0 asm("r0") = static_cast<std::uintptr_t>(call);
  register std::uintptr_t r1 asm("r1") = argument;
  asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

[[noreturn]] void leave(bool good) {
  semihost(Call::exit, good ? 0x20026u : 0x20023u);  // ADP_Stopped_ApplicationExit, ADP_Stopped_RunTimeErrorUnknown
  for (;;) {}
}

arm::Test* first = nullptr;
arm::Test** last = &first;
bool current_failed = false;

int run_all() {
  unsigned long passed = 0, count = 0;
  for (const arm::Test* test = first; test; test = test->next, ++count) {
    current_failed = false;
    test->run();
    if (!current_failed) ++passed;
    arm::print(current_failed ? "FAILED " : "ok     ");
    arm::print(test->name);
    arm::print("\n");
  }
  arm::print(passed);
  arm::print(" of ");
  arm::print(count);
  arm::print(" tests passed\n");
  return count != 0 && passed == count;
}

}  // namespace

namespace arm {

Test::Test(const char* test_name, void (*body)()) : name(test_name), run(body) {
  *last = this;
  last = &next;
}

void print(const char* text) { semihost(Call::write, reinterpret_cast<std::uintptr_t>(text)); }

void print(unsigned long number) {
  char digits[21] = {};
  char* p = digits + 20;
  do *--p = static_cast<char>('0' + number % 10);
  while (number /= 10);
  print(p);
}

void failed(const char* file, int line, const char* expression) {
  current_failed = true;
  print(file);
  print(":");
  print(static_cast<unsigned long>(line));
  print(": not so: ");
  print(expression);
  print("\n");
}

}  // namespace arm

extern "C" void fault() {
  arm::print("FAULT\n");
  leave(false);
}

extern "C" void reset() {
  const std::uint32_t* from = &data_load;
  for (std::uint32_t* to = &data_start; to != &data_end;) *to++ = *from++;
  for (std::uint32_t* to = &bss_start; to != &bss_end;) *to++ = 0;
  for (auto* init = init_array_start; init != init_array_end; ++init) (*init)();
  leave(run_all());
}

extern "C" [[gnu::section(".vectors"), gnu::used]] void* const vectors[16] = {
    &stack_top,
    reinterpret_cast<void*>(reset),
    reinterpret_cast<void*>(fault),  // NMI
    reinterpret_cast<void*>(fault),  // hard fault
    reinterpret_cast<void*>(fault),  // memory management
    reinterpret_cast<void*>(fault),  // bus
    reinterpret_cast<void*>(fault),  // usage
};
