// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <unistd.h>
#include <cerrno>

#include "trawl/rewrite/address_map.hpp"

namespace trawl::inline v0 {

Result<AnonymizationKey> AnonymizationKey::random() {
  AnonymizationKey key;
  if (::getentropy(key.octet, sizeof key.octet) != 0) return fail(Operation::edit_packet, Reason::system, "random numbers", errno);
  return key;
}

}  // namespace trawl::inline v0
