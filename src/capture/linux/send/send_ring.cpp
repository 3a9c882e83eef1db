// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A send ring (TPACKET_V2) that nobody sees: what the kernel does not take with a call is taken back, as with a socket.
#include <cerrno>

#include "capture/linux/ring/ring.hpp"
#include "capture/linux/ring/send_slots.hpp"
#include "capture/linux/send/send_path.hpp"
#include "capture/linux/system_error.hpp"

namespace trawl::inline v0::linux_capture {
namespace {

constexpr size_t ring_bytes = 4u << 20;

class SendRing final : public SendPath {
 public:
  SendRing(const SystemCalls& calls, Descriptor fd, SharedMemory memory, const SlotGeometry& geometry)
      : calls_(calls),
        fd_(std::move(fd)),
        memory_(std::move(memory)),
        slots_(memory_.data(), geometry) {}

  Offered offer(std::span<const Bytes> frames) override {
    u32 count = 0;
    int too_large = 0;
    for (; count < frames.size() && count < slots_.size(); ++count) {
      if (!slots_.is_free(head_ + count)) break;
      if (frames[count].size > slots_.most_bytes()) {
        too_large = EMSGSIZE;
        break;
      }
      slots_.request(head_ + count, frames[count]);
    }
    if (count == 0) return {.code = too_large ? too_large : EAGAIN};
    const int code = calls_.send(fd_.get(), nullptr, 0, MSG_DONTWAIT | MSG_NOSIGNAL, nullptr, 0) < 0 ? errno : 0;
    u32 taken = 0;
    while (taken < count && !slots_.is_waiting(head_ + taken)) ++taken;
    int why = 0;
    if (taken < count) why = code ? code : slots_.is_refused(head_ + taken) ? EINVAL : EAGAIN;
    for (u32 i = taken; i < count; ++i) slots_.take_back(head_ + i);
    head_ = (head_ + taken) % slots_.size();
    return {.taken = taken, .code = why};
  }

  u32 in_flight() override { return slots_.busy(); }
  int fd() const override { return fd_.get(); }
  int close() override {
    memory_.close();
    slots_ = {};
    return fd_.close();
  }

 private:
  const SystemCalls& calls_;
  Descriptor fd_;
  SharedMemory memory_;
  SendSlots<tpacket2_hdr> slots_;
  u32 head_ = 0;
};

}  // namespace

Result<std::unique_ptr<SendPath>> open_send_ring(const PathRequest& request) {
  auto fd = open_sending_socket(request);
  if (!fd) return fail(fd.error());
  const auto& calls = request.calls;
  const auto name = request.interface.name();
  if (auto set = set_ring_version(calls, fd->get(), name, TPACKET_V2); !set) return fail(set.error());
  const u32 slot_bytes = slot_bytes_for(request.interface, request.type, SendSlots<tpacket2_hdr>::header_bytes);
  const auto geometry = ask_for_send_slots(calls, fd->get(), name, TPACKET_V2, slot_bytes, ring_bytes);
  if (!geometry) return fail(geometry.error());
  SharedMemory memory(calls, calls.map(fd->get(), geometry->bytes()), geometry->bytes());
  if (!memory) return fail(system_error(Operation::open_interface, name, "mmap", errno));
  return std::make_unique<SendRing>(calls, *std::move(fd), std::move(memory), *geometry);
}

}  // namespace trawl::inline v0::linux_capture
