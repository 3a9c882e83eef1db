// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Questions to rtnetlink.
#pragma once
#include <linux/rtnetlink.h>

#include <functional>

#include "capture/linux/system_calls.hpp"
#include "trawl/core/error.hpp"

namespace trawl::inline v0::linux_capture {

/// The attributes behind a message's fixed part.
class Attributes {
 public:
  explicit Attributes(Bytes bytes) : bytes_(bytes) {}
  /// Calls `each(type, value)`, nested flags cut off; stops at the first that does not fit.
  template <class Each> void each(Each visit) const {
    for (Bytes rest = bytes_; rest.size >= sizeof(rtattr);) {
      rtattr head;
      __builtin_memcpy(&head, rest.data, sizeof head);
      if (head.rta_len < sizeof head || head.rta_len > rest.size) return;
      visit(u16(head.rta_type & ~(NLA_F_NESTED | NLA_F_NET_BYTEORDER)), rest.slice(sizeof head, head.rta_len - sizeof head));
      rest = rest.from(RTA_ALIGN(head.rta_len));
    }
  }

 private:
  Bytes bytes_;
};

/// A message of the answer, its netlink header left out.
struct NetlinkMessage {
  u16 type;
  Bytes body;

  /// The fixed part; zero where the message is shorter.
  template <class Fixed> Fixed fixed() const {
    Fixed value{};
    __builtin_memcpy(&value, body.data, body.size < sizeof value ? body.size : sizeof value);
    return value;
  }
  template <class Fixed> Attributes attributes() const { return Attributes(body.from(NLMSG_ALIGN(sizeof(Fixed)))); }
};
using EachMessage = std::function<void(const NetlinkMessage&)>;

/// Asks for everything of a kind (RTM_GETLINK, RTM_GETADDR). `restart` is called when the answer has to be begun again
/// because something changed meanwhile.
Result<void> dump(const SystemCalls& calls, u16 kind, const std::function<void()>& restart, const EachMessage& each);
/// Asks for one link, by index or, when that is 0, by name. @return errno of the kernel in Error::system_error
Result<void> get_link(const SystemCalls& calls, u32 index, std::string_view name, const EachMessage& each);

/// A socket that hears what happens to the RTMGRP_* groups; never blocks. @param buffer_bytes 0: as the system has it
Result<Descriptor> watch(const SystemCalls& calls, u32 groups, u32 buffer_bytes = 0);
/// A socket that becomes readable whenever a link changes.
inline Result<Descriptor> watch_links(const SystemCalls& calls) { return watch(calls, RTMGRP_LINK); }
/// Reads away what it has to say.
void clear_watch(const SystemCalls& calls, int fd);
enum class Heard : u8 { everything, not_everything };
/// Reads what there is now.
Result<Heard> read_changes(const SystemCalls& calls, int fd, const EachMessage& each);

}  // namespace trawl::inline v0::linux_capture
