// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/output/output.hpp"

#include <unistd.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "cli/output/report.hpp"

namespace cli {

void Output::flush() {
  size_t at = 0;
  while (at < text_.size()) {
    const ssize_t n = ::write(STDOUT_FILENO, text_.data() + at, text_.size() - at);
    if (n >= 0) {
      at += size_t(n);
    } else if (errno == EPIPE) {
      std::_Exit(0);
    } else if (errno != EINTR && errno != EAGAIN) {
      say(std::string("cannot write the output: ") + std::strerror(errno));
      std::_Exit(1);
    }
  }
  text_.clear();
}

}  // namespace cli
