// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/reader/reading.hpp"

#include <algorithm>

#include "file/recognize.hpp"

namespace trawl::inline v0 {
namespace {

constexpr size_t zeros_that_count = 32;
constexpr size_t text_mode_look = 4096;

size_t zeros_at_front(Bytes bytes) {
  return size_t(std::find_if(bytes.begin(), bytes.end(), [](u8 byte) { return byte != 0; }) - bytes.begin());
}

}  // namespace

Error record_damage(Bytes whole, u64 offset, u64 packet, const Error& plain) {
  if (offset && is_file_header(whole)) return problem(Reason::second_file_header, offset, packet);
  if (looks_like_text_mode(whole.first(text_mode_look))) return problem(Reason::text_mode_damage, offset, packet);
  return plain;
}

Result<Opened> open_window(ByteSource source, const ReaderOptions& options) {
  Window window(std::move(source), options.buffer_bytes);
  if (auto filled = window.fill(recognizable_bytes); !filled) return fail(filled.error());
  const FileOrigin origin{window.source().identity(), window.source().size()};
  auto container = std::make_shared<Container>(recognize_compression(window.bytes()), options.max_window_bytes);
  const bool search = options.recovery == Recovery::search;
  const int most_layers = search ? 4 : 1;
  for (int layer = 0; layer < most_layers; ++layer) {
    const Compression found = recognize_compression(window.bytes());
    if (found == Compression::none || !is_supported(found)) break;
    auto inner = layer ? std::make_shared<Container>(found, options.max_window_bytes) : container;
    auto decoded = decoding_source(window.take_source(), window.bytes(), inner);
    if (!decoded) return fail(decoded.error());
    window = Window(std::move(*decoded), options.buffer_bytes);
    if (auto filled = window.fill(recognizable_bytes); !filled && window.bytes().empty()) return fail(filled.error());
  }
  Opened opened{std::move(window), FileFormat::pcap, std::move(container), origin};
  const auto format = recognize(opened.window.bytes().first(recognizable_bytes));
  if (format) opened.format = *format;
  else if (search) opened.unrecognized = format.error();
  else return fail(format.error());
  return opened;
}

void take_warnings(Container& container, Findings& findings) {
  for (const auto& warning : container.warnings.first()) findings.warnings.add(warning);
  container.warnings = {};
}

Result<Zeros> skip_zeros(Window& window, Findings& findings, Error& error) {
  const auto filled = window.fill(zeros_that_count);
  if (!filled) return fail(filled.error());
  const u64 start = window.offset();
  const Bytes front = window.bytes().first(zeros_that_count);
  const size_t zeros = zeros_at_front(front);
  if (zeros < front.size || front.size == 16) return Zeros::too_few;
  for (;;) {
    const Bytes bytes = window.bytes();
    const size_t more = zeros_at_front(bytes);
    window.consume(more);
    if (more < bytes.size) break;
    const auto next = window.fill(1);
    if (!next) return fail(next.error());
    if (!*next) {
      findings.warnings.add(problem(Reason::zero_filled, start, Error::unknown, window.offset() - start, " bytes to the end"));
      return Zeros::to_the_end;
    }
  }
  error = problem(Reason::zero_filled, start, findings.facts.packets + 1, window.offset() - start, " bytes");
  return Zeros::then_others;
}

Error cut_short(const Window& window, size_t needed, const Findings& findings) {
  const u64 packet = findings.facts.packets + 1;
  const auto plain = problem(Reason::truncated, window.offset(), packet, window.bytes().size, " of ", u64{needed}, " bytes are there");
  return record_damage(window.bytes(), window.offset(), packet, plain);
}

}  // namespace trawl::inline v0
