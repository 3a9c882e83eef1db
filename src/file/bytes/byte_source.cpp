// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/file/byte_source.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include "file/bytes/descriptor.hpp"

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
constexpr ByteSource::Calls file_calls{owned_calls.read, owned_calls.close, [](void* self, u64 offset) -> Result<void> {
                                         if (const int error = system_seek(unpack(self), offset))
                                           return fail(Operation::read_file, Reason::system, {}, error);
                                         return {};
                                       }};
constexpr ByteSource::Calls borrowed_calls{[](void* self, std::span<u8> room) { return read_fd(unpack(self), room); }, nullptr};

struct Memory {
  Bytes all;
  size_t at = 0;
};
constexpr ByteSource::Calls memory_calls{[](void* self, std::span<u8> room) -> Result<size_t> {
                                           auto& memory = *static_cast<Memory*>(self);
                                           const Bytes piece = memory.all.from(memory.at).first(room.size());
                                           copy_bytes(room.data(), piece.data, piece.size);
                                           memory.at += piece.size;
                                           return piece.size;
                                         },
                                         [](void* self) { delete static_cast<Memory*>(self); },
                                         [](void* self, u64 offset) -> Result<void> {
                                           auto& memory = *static_cast<Memory*>(self);
                                           memory.at = size_t(offset < memory.all.size ? offset : memory.all.size);
                                           return {};
                                         }};

}  // namespace

Result<ByteSource> ByteSource::open(std::string_view path) {
  if (path == "-") return descriptor(0);
  const auto opened = system_open_read(std::string(path).c_str());
  if (opened.error) {
    const bool permission = opened.error == EACCES || opened.error == EPERM;
    return fail(Operation::open_file, permission ? Reason::no_permission : Reason::system, path, opened.error);
  }
  const auto status = system_status(opened.fd);
  ByteSource source(pack(opened.fd), status.regular ? file_calls : owned_calls);
  if (status.directory) return fail(Operation::open_file, Reason::system, path, EISDIR);
  if (status.regular) source.identity_ = status.identity, source.size_ = status.size, source.modified_ns_ = status.modified_ns;
  return source;
}

ByteSource ByteSource::descriptor(int fd) {
  ByteSource source(pack(fd), borrowed_calls);
  if (const auto status = system_status(fd); status.regular) source.identity_ = status.identity;
  return source;
}

ByteSource ByteSource::memory(Bytes bytes) {
  ByteSource source(std::make_unique<Memory>(Memory{bytes}).release(), memory_calls);
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
  modified_ns_ = other.modified_ns_;
  return *this;
}

Result<void> ByteSource::seek(u64 offset) {
  if (!can_seek()) return fail(Operation::read_file, Reason::not_supported, "one cannot go to a place in it");
  return calls_->seek(self_, offset);
}

void ByteSource::close() {
  if (calls_ && calls_->close) calls_->close(self_);
  calls_ = nullptr;
}

}  // namespace trawl::inline v0
