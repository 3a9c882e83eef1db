// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Something that went wrong in the world: a file, an interface, a text that a user typed.
#pragma once
#include <expected>
#include <type_traits>

#include "trawl/core/bytes.hpp"

namespace trawl::inline v0 {

// clang-format off
/// What was being done.
enum class Operation : u8 {
  none,
  open_interface, list_interfaces, read_interface, send_packet, set_option, attach_filter,
  open_file, read_file, write_file, close_file,
  parse_filter, compile_filter, load_program, run_program,
  parse_expression, parse_address, parse_name, parse_time, parse_link_type,
  dissect_packet, compose_packet, edit_packet,
  use_index,
  drop_privileges,
};

/// Why it did not work. Where the operating system said no, `system` and Error::system_error say what.
enum class Reason : u8 {
  none,
  system,
  no_permission, unknown_interface, interface_gone, interface_down, closed, stopped, would_block, not_supported, invalid_option, too_large, no_memory,
  not_a_capture_file, unsupported_format, unsupported_version, damaged, truncated, text_mode_damage, second_file_header, zero_filled, limit_exceeded,
  disk_full, broken_pipe, same_file,
  unexpected_character, unexpected_token, unexpected_end, unknown_name, out_of_range, wrong_type, wrong_link_type, needs_netmask, needs_live_capture,
  never_matches, not_in_kernel, too_complex,
  invalid_opcode, invalid_jump, invalid_memory, division_by_zero, no_return, empty_program,
  does_not_fit, wrong_order,
  out_of_date,
};
// clang-format on

/// Calls `each(context, name)` for every valid name, so that describe() can list or suggest them.
using NameList = void (*)(void (*each)(void* context, std::string_view name), void* context);

/// Trivially copyable, no allocation. describe() makes the text.
struct Error {
  static constexpr u64 unknown = ~u64{};

  Operation operation = Operation::none;
  Reason reason = Reason::none;
  i32 system_error = 0;            ///< errno; 0 when the operating system was not the one that refused
  u64 byte = unknown;              ///< where in the file, from 0
  u64 packet = unknown;            ///< which packet, from 1
  u64 packets_lost = 0;            ///< packets handed over that are not on disk
  u32 column = 0;                  ///< where in the text, 1-based byte of the offending token; 0: nowhere
  u32 length = 0;                  ///< bytes of the offending token
  NameList valid_names = nullptr;  ///< what could have been said instead
  char detail[80] = {};            ///< NUL-terminated: the interface, file or token at fault, or a short fact

  constexpr std::string_view detail_view() const { return detail; }
  /// Keeps what fits.
  constexpr Error& with(std::string_view text) {
    size_t i = 0;
    for (; i < text.size() && i + 1 < sizeof detail; ++i) detail[i] = text[i];
    detail[i] = 0;
    return *this;
  }
  constexpr Error& at_byte(u64 offset) { return byte = offset, *this; }
  constexpr Error& at_packet(u64 number) { return packet = number, *this; }
  constexpr Error& at_column(u32 first, u32 count = 1) { return column = first, length = count, *this; }
};
static_assert(std::is_trivially_copyable_v<Error>);

template <class T> using Result = std::expected<T, Error>;

constexpr std::unexpected<Error> fail(const Error& error) { return std::unexpected<Error>(error); }
constexpr std::unexpected<Error> fail(Operation operation, Reason reason, std::string_view detail = {}, i32 system_error = 0) {
  Error error{.operation = operation, .reason = reason, .system_error = system_error};
  error.with(detail);
  return std::unexpected<Error>(error);
}

TRAWL_API std::string_view name(Operation operation);
TRAWL_API std::string_view name(Reason reason);

}  // namespace trawl::inline v0
