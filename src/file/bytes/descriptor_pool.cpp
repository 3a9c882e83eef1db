// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/bytes/descriptor_pool.hpp"

#include <memory>

namespace trawl::inline v0 {

const ByteSource::Calls DescriptorPool::calls{&DescriptorPool::read, &DescriptorPool::close, &DescriptorPool::seek};

Result<ByteSource> DescriptorPool::open(const std::string& path) {
  auto plain = ByteSource::open(path);
  if (!plain || !plain->identity()) return plain;
  return ByteSource(std::make_unique<Entry>(Entry{this, path}).release(), calls, plain->identity(), plain->size());
}

void DescriptorPool::park(Entry& entry) {
  if (entry.fd < 0) return;
  system_close(entry.fd);
  entry.fd = -1;
  open_.erase(entry.place);
}

/// 0, or errno.
int DescriptorPool::activate(Entry& entry) {
  if (entry.fd >= 0) {
    open_.splice(open_.end(), open_, entry.place);
    return 0;
  }
  while (open_.size() >= most_open_) park(*open_.front());
  const auto opened = system_open_read(entry.path.c_str());
  if (opened.error) return opened.error;
  entry.fd = opened.fd;
  entry.place = open_.insert(open_.end(), &entry);
  return entry.position ? system_seek(entry.fd, entry.position) : 0;
}

Result<size_t> DescriptorPool::read(void* self, std::span<u8> room) {
  auto& entry = *static_cast<Entry*>(self);
  if (const int error = entry.pool->activate(entry)) return fail(Operation::read_file, Reason::system, {}, error);
  const auto got = system_read(entry.fd, room);
  if (got.error) return fail(Operation::read_file, Reason::system, {}, got.error);
  entry.position += got.bytes;
  if (got.bytes == 0) entry.pool->park(entry);  // its end: others may have the descriptor
  return got.bytes;
}

Result<void> DescriptorPool::seek(void* self, u64 offset) {
  auto& entry = *static_cast<Entry*>(self);
  entry.position = offset;
  entry.pool->park(entry);  // opened again, it goes there
  return {};
}

void DescriptorPool::close(void* self) {
  auto* entry = static_cast<Entry*>(self);
  entry->pool->park(*entry);
  delete entry;
}

}  // namespace trawl::inline v0
