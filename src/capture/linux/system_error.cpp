// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/system_error.hpp"

#include <cerrno>
#include <string>

#include "trawl/capture/interfaces.hpp"

namespace trawl::inline v0::linux_capture {
namespace {

Reason reason_of(Operation operation, int code) {
  switch (code) {
    case EPERM:
    case EACCES: return Reason::no_permission;
    case ENODEV:
    case ENXIO: return operation == Operation::open_interface ? Reason::unknown_interface : Reason::interface_gone;
    case ENETDOWN: return Reason::interface_down;
    case ENOMEM: return Reason::no_memory;
    case EMSGSIZE: return Reason::too_large;
    case EOPNOTSUPP:
    case ENOPROTOOPT:
    case EAFNOSUPPORT:
    case EPROTONOSUPPORT: return Reason::not_supported;
    default: return Reason::system;
  }
}

}  // namespace

Error system_error(Operation operation, std::string_view interface, std::string_view call, int code) {
  Error error{.operation = operation, .reason = reason_of(operation, code), .system_error = code};
  if (error.reason == Reason::unknown_interface) error.valid_names = list_names;
  switch (error.reason) {
    case Reason::system:
    case Reason::not_supported:
    case Reason::no_memory: {
      std::string detail(interface);
      if (!detail.empty() && !call.empty()) detail += ": ";
      error.with(detail.append(call));
      break;
    }
    default: error.with(interface);
  }
  return error;
}

void list_names(void (*each)(void* context, std::string_view name), void* context) {
  const auto list = interfaces();
  if (!list) return;
  for (const auto& interface : *list) each(context, interface.name());
}

}  // namespace trawl::inline v0::linux_capture
