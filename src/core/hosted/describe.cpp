// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/core/describe.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "trawl/core/switches.hpp"

namespace trawl::inline v0 {
namespace {

constexpr std::string_view operation_names[] = {
    "none",           "open_interface",   "list_interfaces", "read_interface",  "send_packet",  "set_option",      "attach_filter",
    "open_file",      "read_file",        "write_file",      "close_file",      "parse_filter", "compile_filter",  "load_program",
    "run_program",    "parse_expression", "parse_address",   "parse_name",      "parse_time",   "parse_link_type", "dissect_packet",
    "compose_packet", "edit_packet",      "use_index",       "drop_privileges",
};
constexpr std::string_view reason_names[] = {
    "none",
    "system",
    "no_permission",
    "unknown_interface",
    "interface_gone",
    "interface_down",
    "closed",
    "stopped",
    "would_block",
    "not_supported",
    "invalid_option",
    "too_large",
    "no_memory",
    "not_a_capture_file",
    "unsupported_format",
    "unsupported_version",
    "damaged",
    "truncated",
    "text_mode_damage",
    "second_file_header",
    "zero_filled",
    "limit_exceeded",
    "disk_full",
    "broken_pipe",
    "same_file",
    "unexpected_character",
    "unexpected_token",
    "unexpected_end",
    "unknown_name",
    "out_of_range",
    "wrong_type",
    "wrong_link_type",
    "needs_netmask",
    "needs_live_capture",
    "never_matches",
    "not_in_kernel",
    "too_complex",
    "invalid_opcode",
    "invalid_jump",
    "invalid_memory",
    "division_by_zero",
    "no_return",
    "empty_program",
    "does_not_fit",
    "wrong_order",
    "out_of_date",
};
static_assert(std::size(operation_names) == size_t(Operation::drop_privileges) + 1);
static_assert(std::size(reason_names) == size_t(Reason::out_of_date) + 1);

void append(std::string& text, std::initializer_list<std::string_view> parts) {
  for (auto part : parts) text += part;
}

#if TRAWL_WITH_ERROR_TEXT

constexpr std::string_view operation_texts[] = {
    "doing nothing",
    "cannot open the interface",
    "cannot list interfaces",
    "cannot read packets",
    "cannot send",
    "cannot set an option",
    "cannot attach the filter",
    "cannot open the file",
    "cannot read the file",
    "cannot write the file",
    "cannot close the file",
    "bad filter",
    "cannot compile the filter",
    "bad filter program",
    "the filter program failed",
    "bad expression",
    "bad address",
    "bad name",
    "bad time",
    "bad link type",
    "cannot dissect the packet",
    "cannot compose the packet",
    "cannot change the packet",
    "cannot use the index",
    "cannot give up privileges",
};
constexpr std::string_view reason_texts[] = {
    "nothing is wrong",
    "the operating system refused",
    "permission denied",
    "no such interface",
    "the interface was removed",
    "the interface is down",
    "already closed",
    "stopped",
    "nothing there yet",
    "not supported",
    "invalid option",
    "too large",
    "out of memory",
    "not a capture file",
    "a format that is not supported",
    "a version that is not supported",
    "damaged",
    "ends in the middle of a record",
    "damaged by a transfer in text mode",
    "a second file header",
    "zero bytes where a record should be",
    "over the limit",
    "the disk is full",
    "the reader of the pipe is gone",
    "it is the input file",
    "unexpected character",
    "unexpected word",
    "it ends too early",
    "unknown name",
    "out of range",
    "wrong type",
    "another link type",
    "the netmask is not known",
    "only a live capture knows that",
    "it matches nothing",
    "the kernel has no such instruction",
    "too complex",
    "invalid instruction",
    "a jump out of the program",
    "a memory cell that does not exist",
    "division by zero",
    "the last instruction does not return",
    "the program is empty",
    "does not fit",
    "wrong order",
    "it belongs to another state of the file",
};
static_assert(std::size(operation_texts) == std::size(operation_names));
static_assert(std::size(reason_texts) == std::size(reason_names));

/// What to do about it, where that is known.
std::string_view remedy(const Error& error) {
  const bool live = error.operation <= Operation::attach_filter;
  if (error.operation == Operation::use_index && error.reason != Reason::not_supported) return "make it anew: trawl index FILE";
  switch (error.reason) {
    case Reason::no_permission:
      if (error.operation == Operation::drop_privileges) return "only root can become another user";
      return live ? "run as root, or give the program CAP_NET_RAW: sudo setcap cap_net_raw+ep \"$(command -v trawl)\" (docs/privileges.md)"
                  : "";
    case Reason::interface_down: return "bring it up: ip link set dev NAME up";
    case Reason::text_mode_damage: return "transfer it again in binary mode";
    case Reason::second_file_header: return "merge files with trawl merge, not with cat";
    case Reason::same_file: return "write to another file";
    case Reason::limit_exceeded: return error.operation == Operation::read_file ? "raise the limit if the file is to be trusted" : "";
    case Reason::not_in_kernel: return "capture to a file and filter that";
    case Reason::needs_netmask: return "give it with --netmask";
    case Reason::wrong_link_type: return error.operation == Operation::write_file ? "a pcap file holds one link type: write pcapng" : "";
    case Reason::disk_full: return "make room and capture again";
    default: return "";
  }
}

/// Changes of single characters that turn one name into the other.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row[b.size()];
}

/// All of them when they are few, else those that are close to what was said.
std::string valid_names(const Error& error) {
  constexpr size_t few = 16, suggested = 3;
  std::vector<std::string> names;
  error.valid_names([](void* to, std::string_view name) { static_cast<std::vector<std::string>*>(to)->emplace_back(name); }, &names);
  const bool all = names.size() <= few;
  if (!all) {
    const auto said = error.detail_view();
    const size_t limit = 1 + said.size() / 3;
    std::erase_if(names, [&](const std::string& n) { return distance(said, n) > limit; });
    std::ranges::sort(names, {}, [&](const std::string& n) { return std::pair(distance(said, n), std::string_view(n)); });
    if (names.size() > suggested) names.resize(suggested);
  }
  if (names.empty()) return {};
  std::string text = all ? "valid: " : "did you mean ";
  for (size_t i = 0; i < names.size(); ++i) append(text, {i ? ", " : "", names[i]});
  return all ? text : text + "?";
}

/// Texts that quote the user are put behind the operation; facts about damage behind the reason.
bool detail_is_a_fact(Reason reason) {
  switch (reason) {
    case Reason::system:
    case Reason::no_permission:
    case Reason::unknown_interface:
    case Reason::interface_gone:
    case Reason::interface_down:
    case Reason::unexpected_character:
    case Reason::unexpected_token:
    case Reason::unknown_name:
    case Reason::same_file:
    case Reason::disk_full:
    case Reason::broken_pipe:
    case Reason::wrong_type:
    case Reason::out_of_range:
    case Reason::no_memory:
    case Reason::out_of_date:
    case Reason::closed: return false;
    default: return true;
  }
}

std::string system_text(int code) {
  char buffer[160] = {};
#  if defined(__GLIBC__)
  return strerror_r(code, buffer, sizeof buffer);
#  else
  return strerror_r(code, buffer, sizeof buffer) == 0 ? buffer : std::to_string(code);
#  endif
}

std::string text_of(const Error& error) {
  std::string text(operation_texts[size_t(error.operation)]);
  const auto detail = error.detail_view();
  const bool fact = detail_is_a_fact(error.reason) || (error.reason == Reason::out_of_range && error.operation == Operation::read_file);
  if (!detail.empty() && !fact) append(text, {" ", detail});
  text += ": ";
  const bool plain_system = error.reason == Reason::system && error.system_error;
  text += plain_system ? system_text(error.system_error) : std::string(reason_texts[size_t(error.reason)]);
  if (!detail.empty() && fact) append(text, {": ", detail});
  if (error.system_error && !plain_system && error.reason != Reason::disk_full && error.reason != Reason::broken_pipe)
    append(text, {" (", system_text(error.system_error), ")"});
  if (error.packets_lost)
    append(text, {", ", std::to_string(error.packets_lost), error.packets_lost == 1 ? " packet is" : " packets are", " not on disk"});
  return text;
}

#else

std::string_view remedy(const Error&) { return {}; }
std::string valid_names(const Error&) { return {}; }

std::string text_of(const Error& error) {
  std::string text(name(error.operation));
  if (error.detail[0]) append(text, {" ", error.detail_view()});
  append(text, {": ", name(error.reason)});
  if (error.system_error) append(text, {" ", std::to_string(error.system_error)});
  if (error.packets_lost) append(text, {" lost ", std::to_string(error.packets_lost)});
  return text;
}

#endif

}  // namespace

std::string_view name(Operation operation) {
  return size_t(operation) < std::size(operation_names) ? operation_names[size_t(operation)] : "unknown";
}
std::string_view name(Reason reason) { return size_t(reason) < std::size(reason_names) ? reason_names[size_t(reason)] : "unknown"; }

std::string describe(const Error& error) {
  std::string text = text_of(error);
  const char* before = " at ";
  const auto place = [&](std::string_view what, u64 where) {
    append(text, {before, what, " ", std::to_string(where)});
    before = ", ";
  };
  if (error.byte != Error::unknown) place("byte", error.byte);
  if (error.packet != Error::unknown) place("packet", error.packet);
  if (error.column) place("column", error.column);
  const auto names = error.valid_names ? valid_names(error) : std::string();
  const auto what_to_do = remedy(error);
  if (!names.empty()) append(text, {"; ", names});
  if (!what_to_do.empty()) append(text, {"; ", what_to_do});
  return text;
}

}  // namespace trawl::inline v0
