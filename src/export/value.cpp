// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/export/value.hpp"

namespace trawl::inline v0 {
namespace {

template <class Put> void append(std::string& to, size_t room, Put put) {
  const size_t old = to.size();
  to.resize_and_overwrite(old + room, [&](char* data, size_t) {
    TextOut out(data + old, room);
    put(out);
    return old + out.size();
  });
}

}  // namespace

void append_value(std::string& to, const Seen& seen) {
  const size_t room = seen.field->kind == wire::Kind::domain_name ? 1200 : 64 + 2 * seen.bytes.size;
  append(to, room, [&](TextOut& out) { put_value(out, seen); });
}

void append_name(std::string& to, const Seen& seen) {
  append(to, seen.record->name.size() + seen.field->name.size() + 10, [&](TextOut& out) { put_name(out, seen); });
}

}  // namespace trawl::inline v0
