// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/bpf/native.hpp"

#include <sys/mman.h>

#include <cstring>

#include "bpf/hosted/jit/translate.hpp"

namespace trawl::inline v0::bpf {

/// Pages with code: written first, then made executable and no longer writable.
class NativeProgram::Code {
 public:
  static std::shared_ptr<const Code> make(std::span<const u8> bytes) {
    const size_t size = lead + bytes.size();
    void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return nullptr;
    auto code = std::make_shared<Code>(memory, size);
    std::memcpy(code->begin(), bytes.data(), bytes.size());
    __builtin___clear_cache(code->begin(), code->begin() + bytes.size());
    return mprotect(memory, size, PROT_READ | PROT_EXEC) == 0 ? code : nullptr;
  }
  Code(void* memory, size_t size) : memory_(memory), size_(size) {}
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;
  ~Code() { munmap(memory_, size_); }
  Function function() const { return reinterpret_cast<Function>(begin()); }

 private:
  /// Callers built with -fsanitize=function look for a signature in the bytes before a function: zeros are none.
  static constexpr size_t lead = 64;
  char* begin() const { return static_cast<char*>(memory_) + lead; }
  void* memory_;
  size_t size_;
};

namespace {

std::optional<jit::Machine> this_machine() {
#if defined(__x86_64__)
  return jit::Machine::x86_64;
#elif defined(__aarch64__) && defined(__AARCH64EL__)
  return jit::Machine::aarch64;
#else
  return {};
#endif
}

}  // namespace

NativeProgram::NativeProgram(Program program) : program_(std::move(program)) {
  const auto machine = this_machine();
  if (!machine) return;
  const auto code = jit::translate(program_.instructions(), *machine);
  if (code) code_ = Code::make(*code);
  if (code_) function_ = code_->function(), sets_ = program_.sets().view().data();
}

void NativeProgram::run(std::span<const Frame> frames, std::span<u32> verdicts, const Surroundings& surroundings) const {
  constexpr size_t ahead = 4;
  for (size_t i = 0; i < frames.size(); ++i) {
    if (i + ahead < frames.size()) __builtin_prefetch(frames[i + ahead].bytes.data);
    verdicts[i] = run(frames[i], surroundings);
  }
}

}  // namespace trawl::inline v0::bpf
