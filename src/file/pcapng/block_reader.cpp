// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/file/pcapng_block_reader.hpp"

#include <algorithm>

#include "file/index/index_data.hpp"
#include "file/pcapng/parser.hpp"
#include "file/reader/reading.hpp"

namespace trawl::inline v0 {
namespace detail {

class BlockReaderBody {
 public:
  BlockReaderBody(Opened opened, const ReaderOptions& options)
      : options_(options),
        window_(std::move(opened.window)),
        container_(std::move(opened.container)),
        findings_{.options = options_} {
    findings_.facts.format = FileFormat::pcapng;
    findings_.facts.compression = container_->compression;
  }
  Result<std::optional<Block>> next();
  Result<void> pass_packets(const IndexData& index, u64 packet);
  Result<Frame> frame(const Block& block) { return parser_.packet(block, findings_.facts.packets, findings_); }
  const PcapngParser& parser() const { return parser_; }
  const Findings& findings() const { return findings_; }
  u64 bytes_read() const {
    return container_->compression == Compression::none ? window_.offset() + window_.bytes().size : container_->bytes_read;
  }

 private:
  std::unexpected<Error> break_off(const Error& error) {
    ended_ = true;
    take_warnings(*container_, findings_);
    return fail(error);
  }
  Result<bool> go_on(const Progress& progress);
  Result<std::optional<Block>> next_in_file();

  ReaderOptions options_;
  Window window_;
  std::shared_ptr<Container> container_;
  Findings findings_;
  PcapngParser parser_;
  size_t out_ = 0;  ///< size of the block that the caller has
  /// Blocks to be given out before going on at a place; where they begin, the last one first.
  std::vector<u64> detour_;
  IndexData::Place behind_detour_{};
  u64 to_pass_ = 0;  ///< up to this number packets are not given out
  bool ended_ = false;
};

/// Deals with what kept a block from being cut. False: the end.
Result<bool> BlockReaderBody::go_on(const Progress& progress) {
  if (progress.stop == Stop::damage) return break_off(progress.error);
  if (progress.stop == Stop::needs_bytes) {
    const auto filled = window_.fill(progress.needed);
    if (!filled) return break_off(filled.error());
    if (*filled) return true;
    if (!window_.bytes().empty()) return break_off(cut_short(window_, progress.needed, findings_));
  } else {
    Error error;
    const auto zeros = skip_zeros(window_, findings_, error);
    if (!zeros) return break_off(zeros.error());
    if (*zeros == Zeros::too_few) error = problem(Reason::damaged, window_.offset(), Error::unknown, "block length 0");
    if (*zeros != Zeros::to_the_end) return break_off(error);
  }
  parser_.end(window_.offset(), findings_);
  ended_ = true;
  take_warnings(*container_, findings_);
  return false;
}

Result<std::optional<Block>> BlockReaderBody::next_in_file() {
  if (ended_) return std::nullopt;
  window_.consume(out_);
  out_ = 0;
  Block block;
  for (;;) {
    const auto progress = parser_.cut(window_.bytes(), window_.offset(), findings_.facts.packets + 1, findings_, block);
    if (progress.stop == Stop::room_full) break;
    const auto more = go_on(progress);
    if (!more) return fail(more.error());
    if (!*more) return std::nullopt;
  }
  out_ = block.raw.size;
  if (block.is_packet()) {
    ++findings_.facts.packets;
  } else if (auto learnt = parser_.learn(block, findings_); !learnt) {
    return break_off(learnt.error());
  }
  return block;
}

Result<std::optional<Block>> BlockReaderBody::next() {
  for (;;) {
    if (!detour_.empty()) {
      if (auto sought = window_.seek(detour_.back()); !sought) return break_off(sought.error());
      detour_.pop_back();
      out_ = 0;
      if (detour_.empty()) {
        findings_.facts.packets = behind_detour_.packets;
        continue;
      }
    }
    auto block = next_in_file();
    if (!block || !*block || !(*block)->is_packet() || findings_.facts.packets > to_pass_) return block;
  }
}

Result<void> BlockReaderBody::pass_packets(const IndexData& index, u64 packet) {
  if (!window_.source().can_seek()) return fail(Operation::read_file, Reason::not_supported, "one cannot go to a place in it");
  if (index.unknown_sections) return fail(Operation::use_index, Reason::not_supported, "a section of an unknown version");
  if (packet <= findings_.facts.packets || packet > index.packets + 1) return fail(Operation::read_file, Reason::out_of_range);
  to_pass_ = packet - 1;
  const auto* place = index.place_before(to_pass_);
  const u64 here = window_.offset() + out_;
  if (!place || place->offset <= here) return {};
  const auto between = [&](u64 offset) { return offset >= here && offset < place->offset; };
  for (const auto& other : index.others)
    if (between(other.offset)) detour_.push_back(other.offset);
  for (const auto& descriptor : index.descriptors)
    if (between(descriptor.offset)) detour_.push_back(descriptor.offset);
  detour_.push_back(place->offset);
  std::ranges::sort(detour_, std::greater<>());
  behind_detour_ = *place;
  return {};
}

}  // namespace detail

using detail::BlockReaderBody;

PcapngBlockReader::PcapngBlockReader(std::unique_ptr<BlockReaderBody> body) : body_(std::move(body)) {}
PcapngBlockReader::PcapngBlockReader(PcapngBlockReader&&) noexcept = default;
PcapngBlockReader& PcapngBlockReader::operator=(PcapngBlockReader&&) noexcept = default;
PcapngBlockReader::~PcapngBlockReader() = default;

Result<PcapngBlockReader> PcapngBlockReader::open(ByteSource source, const ReaderOptions& options) {
  auto opened = open_window(std::move(source), options);
  if (!opened) return fail(opened.error());
  if (opened->format != FileFormat::pcapng) return fail(Operation::open_file, Reason::unsupported_format, "a pcap file has no blocks");
  return PcapngBlockReader(std::make_unique<BlockReaderBody>(std::move(*opened), options));
}
Result<PcapngBlockReader> PcapngBlockReader::open(std::string_view path, const ReaderOptions& options) {
  auto source = ByteSource::open(path);
  if (!source) return fail(source.error());
  return open(std::move(*source), options);
}

Result<std::optional<Block>> PcapngBlockReader::next() { return body_->next(); }
Result<void> PcapngBlockReader::pass_packets(const FileIndex& index, u64 packet) { return body_->pass_packets(*index.data_, packet); }
Result<Frame> PcapngBlockReader::frame(const Block& block) { return body_->frame(block); }
std::span<const InterfaceInfo> PcapngBlockReader::interfaces() const { return body_->parser().interfaces(); }
const Warnings& PcapngBlockReader::warnings() const { return body_->findings().warnings; }
u64 PcapngBlockReader::bytes_read() const { return body_->bytes_read(); }
const FileFacts& PcapngBlockReader::facts() const { return body_->findings().facts; }

}  // namespace trawl::inline v0
