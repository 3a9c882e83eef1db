// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>

#include "file/bytes/descriptor.hpp"
#include "file/problem.hpp"

namespace trawl::inline v0 {
namespace {

struct Following {
  int fd = -1, watch = -1, stop = -1;
  u64 position = 0;
  Follow what = Follow::file;
  std::string path{};
  FileIdentity identity{};
  bool leaving = false;  ///< what is still there is read, then this is the end
  ~Following() {
    if (fd >= 0) system_close(fd);
    if (watch >= 0) system_close(watch);
  }
};

std::unexpected<Error> refused() { return fail(Operation::read_file, Reason::system, {}, errno); }

bool is_replaced(const Following& file) {
  struct stat now{};
  if (::stat(file.path.c_str(), &now) != 0 || now.st_size == 0) return false;
  return FileIdentity{u64{now.st_dev}, u64{now.st_ino}} != file.identity;
}

/// False: it is to stop.
Result<bool> wait_for_more(Following& file) {
  const bool by_name = file.what == Follow::name;
  if (system_status(file.fd).size < file.position) {
    if (by_name) return false;
    return fail(problem(Reason::damaged, file.position, Error::unknown, "the file has become shorter while it was followed"));
  }
  if (by_name && is_replaced(file)) return file.leaving = true;
  pollfd entries[] = {{file.watch, POLLIN, 0}, {file.stop, POLLIN, 0}};
  while (::poll(entries, 2, -1) < 0)
    if (errno != EINTR) return refused();
  if (entries[1].revents) return false;
  alignas(inotify_event) char events[4096];
  if (::read(file.watch, events, sizeof events) < 0 && errno != EAGAIN && errno != EINTR) return refused();
  return true;
}

Result<size_t> read(void* self, std::span<u8> room) {
  auto& file = *static_cast<Following*>(self);
  for (;;) {
    const auto got = system_read(file.fd, room);
    if (got.error) return fail(Operation::read_file, Reason::system, {}, got.error);
    file.position += got.bytes;
    if (got.bytes) return got.bytes;
    if (file.leaving) return 0;
    const auto more = wait_for_more(file);
    if (!more) return fail(more.error());
    if (!*more) return 0;
  }
}

constexpr ByteSource::Calls calls{read, [](void* self) { delete static_cast<Following*>(self); }};

}  // namespace

Result<ByteSource> ByteSource::follow(std::string_view path, int stop_fd, Follow what) {
  const std::string name(path);
  auto file = std::make_unique<Following>();
  file->stop = stop_fd, file->what = what, file->path = name;
  const auto opened = system_open_read(name.c_str());
  if (opened.error) return fail(Operation::open_file, Reason::system, path, opened.error);
  file->fd = opened.fd;
  const auto status = system_status(opened.fd);
  if (!status.regular) return fail(Operation::open_file, Reason::not_supported, "following what is not a regular file");
  file->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  file->identity = status.identity;
  bool watched = file->watch >= 0 && inotify_add_watch(file->watch, name.c_str(), IN_MODIFY | IN_CLOSE_WRITE) >= 0;
  if (watched && what == Follow::name) {
    const auto slash = name.rfind('/');
    const std::string folder = slash == name.npos ? "." : name.substr(0, slash + 1);
    watched = inotify_add_watch(file->watch, folder.c_str(), IN_CREATE | IN_MOVED_TO | IN_MODIFY) >= 0;
  }
  if (!watched) return fail(Operation::open_file, Reason::system, path, errno);
  return ByteSource(file.release(), calls, status.identity);
}

}  // namespace trawl::inline v0
