// SPDX-License-Identifier: Apache-2.0 OR MIT
/// AF_XDP: packets go from shared memory to the driver.
#include <cerrno>
#include <cstring>
#include <vector>

#include "capture/linux/send/send_path.hpp"
#include "capture/linux/xdp/xdp_socket.hpp"

namespace trawl::inline v0::linux_capture {
namespace {

constexpr u32 slots = 2048;
constexpr u32 small_chunk = 2048, large_chunk = 4096;
constexpr u32 packets_per_call = 256;
constexpr int max_send_budget = 9;        // XDP_MAX_TX_SKB_BUDGET, since Linux 6.17
constexpr u64 nowhere = ~u64{0} << 1;     // outside the memory: the kernel passes over such a descriptor

/// Without zero-copy the kernel works only within our calls, one packet after the other, and says EBUSY after one that
/// the driver dropped. That one is put in front of those still waiting, so that order is kept.
class SendXdp final : public SendPath {
 public:
  SendXdp(const SystemCalls& calls, XdpSocket socket) : calls_(calls), socket_(std::move(socket)), uses_(socket_.chunks) {
    for (u32 i = 0; i < socket_.chunks; ++i) free_.push_back(u64{i} * socket_.chunk_bytes);
  }

  Offered offer(std::span<const Bytes> frames) override {
    collect();
    if (dropped_) {  // offered again
      put_back();
      ++waiting_;
      dropped_ = false;
    }
    int too_large = 0;
    for (u32 i = waiting_; i < std::min<size_t>(frames.size(), packets_per_call); ++i) {
      if (free_.empty() || waiting_ == slots) break;
      if (frames[i].size > socket_.chunk_bytes) {
        too_large = EMSGSIZE;
        break;
      }
      const u64 at = free_.back();
      free_.pop_back();
      ++uses_[at / socket_.chunk_bytes];
      std::memcpy(socket_.packets.data() + at, frames[i].data, frames[i].size);
      socket_.to_send[end_++] = {.addr = at, .len = u32(frames[i].size), .options = 0};
      ++waiting_;
    }
    if (waiting_ == 0) return {.code = too_large ? too_large : EAGAIN};
    socket_.to_send.produce_to(end_);
    return socket_.zero_copy ? hand_over() : push();
  }
  void skip() override {
    if (!dropped_ && waiting_) void_first();
    dropped_ = false;
  }
  void forget() override {
    while (waiting_) void_first();
    dropped_ = false;
  }
  u32 in_flight() override {
    collect();
    if (socket_.zero_copy) wake();
    return u32(socket_.chunks - free_.size());
  }
  int fd() const override { return socket_.fd.get(); }
  int close() override { return socket_.fd.close(); }

 private:
  int wake() { return calls_.send(socket_.fd.get(), nullptr, 0, MSG_DONTWAIT | MSG_NOSIGNAL, nullptr, 0) < 0 ? errno : 0; }

  /// The driver takes them from the ring when it can.
  Offered hand_over() {
    const int code = socket_.to_send.needs_wakeup() ? wake() : 0;
    if (code && code != EAGAIN && code != EBUSY && code != ENOBUFS) return {.code = code};
    return {.taken = std::exchange(waiting_, 0)};
  }

  Offered push() {
    u32 taken = 0;
    while (waiting_) {
      const u32 first = end_ - waiting_;
      const int code = wake();
      // The kernel tells its position only when it has sent one; a dropped one alone does not move it.
      const u32 told = socket_.to_send.consumed();
      u32 passed = i32(told - first) > 0 ? told - first : 0;
      if (code == EBUSY) {
        if (passed == 0) passed = 1;
        dropped_ = true;
      }
      waiting_ -= passed;
      taken += passed - (dropped_ ? 1 : 0);
      if (dropped_) return {.taken = taken, .code = ENOBUFS};
      if (code && !(code == EAGAIN && passed)) return {.taken = taken, .code = code};
      if (!code && !passed) return {.taken = taken, .code = EAGAIN};
    }
    return {.taken = taken};
  }

  /// The kernel may have looked how many there are, so none can be taken out of the ring.
  void void_first() {
    auto& descriptor = socket_.to_send[end_ - waiting_--];
    give_back(descriptor.addr);
    descriptor = {.addr = nowhere, .len = 0, .options = 0};
  }

  /// The packet behind which the kernel stopped comes before the waiting ones again.
  void put_back() {
    const xdp_desc dropped = socket_.to_send[end_ - waiting_ - 1];
    for (u32 i = end_; i != end_ - waiting_; --i) socket_.to_send[i] = socket_.to_send[i - 1];
    socket_.to_send[end_ - waiting_] = dropped;
    ++uses_[dropped.addr / socket_.chunk_bytes];
    std::erase(free_, dropped.addr);
    ++end_;
  }

  void collect() {
    const u32 produced = socket_.completion.produced();
    u32 at = socket_.completion.consumed();
    if (at == produced) return;
    for (; at != produced; ++at) give_back(socket_.completion[at]);
    socket_.completion.consume_to(at);
  }
  /// Some kernels report voided descriptors as done, too.
  void give_back(u64 address) {
    const u64 chunk = address / socket_.chunk_bytes;
    if (chunk < uses_.size() && uses_[chunk] && --uses_[chunk] == 0) free_.push_back(chunk * socket_.chunk_bytes);
  }

  const SystemCalls& calls_;
  XdpSocket socket_;
  std::vector<u64> free_;
  std::vector<u32> uses_;  ///< of each chunk: descriptors that the kernel has or will get
  u32 end_ = 0;            ///< behind the last descriptor
  u32 waiting_ = 0;        ///< descriptors that the kernel has not taken
  bool dropped_ = false;
};

}  // namespace

Result<std::unique_ptr<SendPath>> open_send_xdp(const PathRequest& request) {
  const auto name = std::string(request.interface.name());
  if (request.type.link != LinkType::ethernet)
    return fail(Operation::open_interface, Reason::not_supported, "AF_XDP on " + name + ", which is no Ethernet");
  const u32 largest = request.interface.mtu + request.type.header_bytes;
  if (largest > large_chunk)
    return fail(Operation::open_interface, Reason::not_supported,
                "AF_XDP with the MTU of " + name + ", " + std::to_string(request.interface.mtu));
  auto socket = XdpSocket::open(request.calls, {.interface = request.interface.name(),
                                                .index = request.interface.index(),
                                                .queue = request.options.queue,
                                                .chunk_bytes = largest > small_chunk ? large_chunk : small_chunk,
                                                .send_slots = slots});
  if (!socket) return fail(socket.error());
  const u32 budget = packets_per_call;  // packets with one call; older kernels keep to 32
  request.calls.setsockopt(socket->fd.get(), SOL_XDP, max_send_budget, &budget, sizeof budget);
  return std::make_unique<SendXdp>(request.calls, *std::move(socket));
}

}  // namespace trawl::inline v0::linux_capture
