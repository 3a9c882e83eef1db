// SPDX-License-Identifier: Apache-2.0 OR MIT
/// All that this room asks of the operating system. Errors are errno values, 0 for none; EINTR is dealt with here.
#pragma once
#include <span>

#include "trawl/file/byte_source.hpp"

namespace trawl::inline v0 {

struct OpenedFile {
  int fd = -1;
  int error = 0;
};
struct Transfer {
  size_t bytes = 0;  ///< done before the error
  int error = 0;
};
struct FileStatus {
  FileIdentity identity;
  u64 size = 0;
  i64 modified_ns = 0;             ///< since 1970
  bool regular = false, directory = false;
  bool may_raise_sigpipe = false;  ///< a pipe or a socket
};

OpenedFile system_open_read(const char* path);
/// Creates the file when it is not there, leaves its content alone.
OpenedFile system_open_write(const char* path);
/// A file without a name that goes away with its descriptor.
OpenedFile system_open_temporary(const char* folder);
FileStatus system_status(int fd);
/// Waits until something is there, also on a non-blocking descriptor. No bytes and no error: the end.
Transfer system_read(int fd, std::span<u8> room);
/// The same from a place of a regular file.
Transfer system_read_at(int fd, std::span<u8> room, u64 offset);
/// Writes all of it in this order, or as much as goes before an error. Never raises SIGPIPE: `status` says whether it could.
Transfer system_write(int fd, std::span<const Bytes> pieces, const FileStatus& status);
int system_truncate(int fd, u64 size);
/// Where the next byte is written; 0 for pipes.
u64 system_position(int fd);
int system_seek(int fd, u64 position);
int system_close(int fd);

}  // namespace trawl::inline v0
