// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/xdp/xdp_socket.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "capture/linux/system_error.hpp"

namespace trawl::inline v0::linux_capture {
namespace {

constexpr int bind_attempts = 25;
constexpr long bind_pause = 10'000'000;  // nanoseconds

class Opening {
 public:
  Opening(const SystemCalls& calls, const XdpRequest& request, XdpSocket& socket) : calls_(calls), request_(request), socket_(socket) {}

  Result<void> memory() {
    const u32 ring = std::max(request_.receive_slots, request_.send_slots);
    socket_.chunk_bytes = request_.chunk_bytes;
    socket_.chunks = request_.receive_slots + request_.send_slots;
    const size_t size = size_t{socket_.chunks} * socket_.chunk_bytes;
    void* const memory = calls_.map_private(size);
    if (!memory) return failed("mmap");
    socket_.packets = SharedMemory(calls_, memory, size);
    xdp_umem_reg region{};
    region.addr = u64(reinterpret_cast<uintptr_t>(memory));
    region.len = size;
    region.chunk_size = request_.chunk_bytes;
    if (calls_.setsockopt(socket_.fd.get(), SOL_XDP, XDP_UMEM_REG, &region, sizeof region) < 0) return failed("XDP_UMEM_REG");
    // Both are needed even by a socket that uses one.
    if (!set(XDP_UMEM_FILL_RING, ring) || !set(XDP_UMEM_COMPLETION_RING, ring)) return failed("XDP_UMEM_FILL_RING");
    if (request_.receive_slots && !set(XDP_RX_RING, request_.receive_slots)) return failed("XDP_RX_RING");
    if (request_.send_slots && !set(XDP_TX_RING, request_.send_slots)) return failed("XDP_TX_RING");

    xdp_mmap_offsets at{};
    socklen_t length = sizeof at;
    if (calls_.getsockopt(socket_.fd.get(), SOL_XDP, XDP_MMAP_OFFSETS, &at, &length) < 0) return failed("XDP_MMAP_OFFSETS");
    if (!map(socket_.fill, XDP_UMEM_PGOFF_FILL_RING, at.fr, ring) ||
        !map(socket_.completion, XDP_UMEM_PGOFF_COMPLETION_RING, at.cr, ring) ||
        (request_.receive_slots && !map(socket_.received, XDP_PGOFF_RX_RING, at.rx, request_.receive_slots)) ||
        (request_.send_slots && !map(socket_.to_send, XDP_PGOFF_TX_RING, at.tx, request_.send_slots)))
      return failed("mmap");
    return {};
  }

  Result<void> bind() {
    sockaddr_xdp address{};
    address.sxdp_family = AF_XDP;
    address.sxdp_ifindex = request_.index;
    address.sxdp_queue_id = request_.queue;
    address.sxdp_flags = XDP_USE_NEED_WAKEUP;
    for (int attempt = 0; calls_.bind(socket_.fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0; ++attempt) {
      if (errno == EINVAL) return fail(Operation::open_interface, Reason::not_supported, queue_name() + " for AF_XDP", errno);
      if (errno != EBUSY || attempt == bind_attempts) return failed("bind of AF_XDP to " + queue_name());
      calls_.sleep(bind_pause);
    }
    xdp_options options{};
    socklen_t length = sizeof options;
    if (calls_.getsockopt(socket_.fd.get(), SOL_XDP, XDP_OPTIONS, &options, &length) == 0)
      socket_.zero_copy = options.flags & XDP_OPTIONS_ZEROCOPY;
    return {};
  }

 private:
  bool set(int option, u32 value) { return calls_.setsockopt(socket_.fd.get(), SOL_XDP, option, &value, sizeof value) == 0; }
  template <class Entry> bool map(XdpRing<Entry>& ring, u64 page, const xdp_ring_offset& at, u32 size) {
    const size_t bytes = at.desc + size * sizeof(Entry);
    void* const memory = calls_.map_at(socket_.fd.get(), bytes, page);
    if (memory) ring = XdpRing<Entry>(SharedMemory(calls_, memory, bytes), at, size);
    return memory;
  }
  std::string queue_name() const { return "queue " + std::to_string(request_.queue); }
  std::unexpected<Error> failed(std::string_view call) const {
    return fail(system_error(Operation::open_interface, request_.interface, call, errno));
  }

  const SystemCalls& calls_;
  const XdpRequest& request_;
  XdpSocket& socket_;
};

}  // namespace

Result<XdpSocket> XdpSocket::open(const SystemCalls& calls, const XdpRequest& request) {
  XdpSocket socket;
  socket.fd = Descriptor(calls, calls.socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (!socket.fd) return fail(system_error(Operation::open_interface, request.interface, "AF_XDP", errno));
  Opening opening(calls, request, socket);
  if (auto done = opening.memory(); !done) return fail(done.error());
  if (auto done = opening.bind(); !done) return fail(done.error());
  return socket;
}

}  // namespace trawl::inline v0::linux_capture
