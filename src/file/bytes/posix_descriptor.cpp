// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <string>

#include "file/bytes/descriptor.hpp"

namespace trawl::inline v0 {
namespace {

/// Holds SIGPIPE back from this thread while it writes, and takes away the one that the write has raised.
class PipeGuard {
 public:
  explicit PipeGuard(bool needed) : needed_(needed) {
    if (!needed_) return;
    sigset_t pending;
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~PipeGuard() {
    if (!needed_) return;
    const timespec now{};
    if (!was_pending_)
      while (sigtimedwait(&pipe_, nullptr, &now) == -1 && errno == EINTR) {}
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  PipeGuard(const PipeGuard&) = delete;
  PipeGuard& operator=(const PipeGuard&) = delete;

 private:
  bool needed_, was_pending_ = false;
  sigset_t pipe_{}, before_{};
};

void wait_until_ready(int fd, short events) {
  pollfd entry{fd, events, 0};
  poll(&entry, 1, -1);
}

bool try_again(int error, int fd, short events) {
  if (error == EINTR) return true;
  if (error != EAGAIN) return false;
  wait_until_ready(fd, events);
  return true;
}

}  // namespace

OpenedFile system_open_read(const char* path) {
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return {-1, errno};
  posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  return {fd, 0};
}

OpenedFile system_open_write(const char* path) {
  const int fd = ::open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
  return fd < 0 ? OpenedFile{-1, errno} : OpenedFile{fd, 0};
}

OpenedFile system_open_temporary(const char* folder) {
  std::string name = std::string(folder) + "/trawl-XXXXXX";
  const int fd = ::mkostemp(name.data(), O_CLOEXEC);
  if (fd < 0) return {-1, errno};
  ::unlink(name.c_str());
  return {fd, 0};
}

FileStatus system_status(int fd) {
  struct stat status{};
  if (fstat(fd, &status) != 0) return {};
  return {.identity = {u64{status.st_dev}, u64{status.st_ino}},
          .size = u64(status.st_size),
          .modified_ns = i64{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec,
          .regular = S_ISREG(status.st_mode),
          .directory = S_ISDIR(status.st_mode),
          .may_raise_sigpipe = S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)};
}

Transfer system_read(int fd, std::span<u8> room) {
  for (;;) {
    const ssize_t got = ::read(fd, room.data(), room.size());
    if (got >= 0) return {size_t(got), 0};
    if (!try_again(errno, fd, POLLIN)) return {0, errno};
  }
}

Transfer system_read_at(int fd, std::span<u8> room, u64 offset) {
  for (;;) {
    const ssize_t got = ::pread(fd, room.data(), room.size(), off_t(offset));
    if (got >= 0) return {size_t(got), 0};
    if (errno != EINTR) return {0, errno};
  }
}

Transfer system_write(int fd, std::span<const Bytes> pieces, const FileStatus& status) {
  constexpr size_t most = 256;
  const PipeGuard guard(status.may_raise_sigpipe);
  iovec vectors[most];
  size_t done = 0, into = 0;  // bytes in all, and of the first piece that is left
  while (!pieces.empty()) {
    size_t count = 0;
    for (; count < std::min(most, pieces.size()); ++count) {
      const Bytes piece = count ? pieces[count] : pieces[0].from(into);
      vectors[count] = {const_cast<u8*>(piece.data), piece.size};
    }
    ssize_t put = ::writev(fd, vectors, int(count));
    if (put < 0) {
      if (const int error = errno; !try_again(error, fd, POLLOUT)) return {done, error};
      continue;
    }
    done += size_t(put);
    const size_t before = into;
    for (into += size_t(put); !pieces.empty() && into >= pieces[0].size; pieces = pieces.subspan(1)) into -= pieces[0].size;
    if (put == 0 && !pieces.empty() && before == into && count) return {done, ENOSPC};
  }
  return {done, 0};
}

int system_truncate(int fd, u64 size) { return ftruncate(fd, off_t(size)) == 0 ? 0 : errno; }

u64 system_position(int fd) {
  const off_t at = lseek(fd, 0, SEEK_CUR);
  return at < 0 ? 0 : u64(at);
}

int system_seek(int fd, u64 position) { return lseek(fd, off_t(position), SEEK_SET) < 0 ? errno : 0; }

int system_close(int fd) { return ::close(fd) == 0 || errno == EINTR ? 0 : errno; }

}  // namespace trawl::inline v0
