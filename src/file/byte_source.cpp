// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/file/byte_source.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include "file/descriptor.hpp"

namespace trawl::inline v0 {
namespace {

Result<size_t> read_fd(int fd, std::span<u8> room) {
  const auto got = system_read(fd, room);
  if (got.error) return fail(Operation::read_file, Reason::system, {}, got.error);
  return got.bytes;
}

void* pack(int fd) { return reinterpret_cast<void*>(std::intptr_t{fd}); }
int unpack(void* self) { return int(reinterpret_cast<std::intptr_t>(self)); }

constexpr ByteSource::Calls owned_calls{[](void* self, std::span<u8> room) { return read_fd(unpack(self), room); },
                                        [](void* self) { system_close(unpack(self)); }};
constexpr ByteSource::Calls borrowed_calls{[](void* self, std::span<u8> room) { return read_fd(unpack(self), room); }, nullptr};

constexpr ByteSource::Calls memory_calls{[](void* self, std::span<u8> room) -> Result<size_t> {
                                           auto& left = *static_cast<Bytes*>(self);
                                           const Bytes piece = left.first(room.size());
                                           copy_bytes(room.data(), piece.data, piece.size);
                                           left = left.from(piece.size);
                                           return piece.size;
                                         },
                                         [](void* self) { delete static_cast<Bytes*>(self); }};

}  // namespace

Result<ByteSource> ByteSource::open(std::string_view path) {
  if (path == "-") return descriptor(0);
  const auto opened = system_open_read(std::string(path).c_str());
  if (opened.error) {
    const bool permission = opened.error == EACCES || opened.error == EPERM;
    return fail(Operation::open_file, permission ? Reason::no_permission : Reason::system, path, opened.error);
  }
  ByteSource source(pack(opened.fd), owned_calls);
  const auto status = system_status(opened.fd);
  if (status.directory) return fail(Operation::open_file, Reason::system, path, EISDIR);
  if (status.regular) source.identity_ = status.identity, source.size_ = status.size;
  return source;
}

ByteSource ByteSource::descriptor(int fd) {
  ByteSource source(pack(fd), borrowed_calls);
  if (const auto status = system_status(fd); status.regular) source.identity_ = status.identity;
  return source;
}

ByteSource ByteSource::memory(Bytes bytes) {
  ByteSource source(std::make_unique<Bytes>(bytes).release(), memory_calls);
  source.size_ = bytes.size;
  return source;
}

ByteSource& ByteSource::operator=(ByteSource&& other) noexcept {
  if (this == &other) return *this;
  close();
  self_ = other.self_;
  calls_ = std::exchange(other.calls_, nullptr);
  identity_ = other.identity_;
  size_ = other.size_;
  return *this;
}

void ByteSource::close() {
  if (calls_ && calls_->close) calls_->close(self_);
  calls_ = nullptr;
}

}  // namespace trawl::inline v0
