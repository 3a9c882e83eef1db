// SPDX-License-Identifier: Apache-2.0 OR MIT
// The part of a reader that goes to a place of the file.
#include <algorithm>

#include "file/index/index_data.hpp"
#include "file/reader/reader_body.hpp"

namespace trawl::inline v0::detail {

u64 ReaderBody::bytes_read() const {
  return container_->compression == Compression::none ? window_.offset() + window_.bytes().size : container_->bytes_read;
}

/// Forgets what was being read. @param packets that stand in front of `offset`
Result<void> ReaderBody::jump(const IndexData& index, u64 offset, u64 packets) {
  if (auto sought = window_.seek(offset); !sought) return sought;
  last_ = {};
  skipped_ = last_record_ = 0;
  resumed_ = ended_ = false;
  room_.blocks.clear();
  findings_.facts.packets = packets;
#if TRAWL_WITH_PCAPNG
  if (auto* ng = std::get_if<PcapngParser>(&parser_)) {
    const size_t count = index.descriptors_before(offset);
    if (count != ng->descriptors()) ng->jump(index.first_descriptors(count), findings_);
    ng->forget_length();
  }
#else
  static_cast<void>(index);
#endif
  if (auto* snoop = std::get_if<SnoopParser>(&parser_)) snoop->jump();
  return {};
}

Result<void> ReaderBody::seek(const IndexData& index, u64 packet) {
  const auto refuse = [](Reason reason, std::string_view what) { return fail(Operation::read_file, reason, what); };
  if (options_.recovery != Recovery::stop) return refuse(Reason::not_supported, "going to a place behind damage");
  if (packet == 0 || packet > index.packets + 1) return refuse(Reason::out_of_range, "there is no such packet");
  if (!window_.source().can_seek()) return refuse(Reason::not_supported, "one cannot go to a place in it");
  const u64 wanted = packet - 1, now = findings_.facts.packets;
  const auto* place = index.place_before(wanted);
  const bool is_near = !ended_ && now <= wanted && (!place || now >= place->packets);
  if (place && !is_near)
    if (auto jumped = jump(index, place->offset, place->packets); !jumped) return jumped;
  while (findings_.facts.packets < wanted) {
    room_.most = u32(std::min<u64>(Batch::max_frames, wanted - findings_.facts.packets));
    const auto passed = next();
    room_.most = Batch::max_frames;
    if (!passed) return fail(passed.error());
    if (!*passed) return fail(Operation::use_index, Reason::out_of_date, "the file has fewer packets");
  }
  return {};
}

Result<u64> ReaderBody::seek(const IndexData& index, u64 from, Timestamp time) {
  if (auto near = seek(index, from); !near) return fail(near.error());
  for (u64 number = from;;) {
    const auto batch = next();
    if (!batch) return fail(batch.error());
    if (!*batch) return number;
    const auto found = std::find_if((*batch)->begin(), (*batch)->end(), [&](const Frame& f) { return f.info.has_time && f.time >= time; });
    number += u64(found - (*batch)->begin());
    if (found == (*batch)->end()) continue;
    if (auto there = seek(index, number); !there) return fail(there.error());
    return number;
  }
}

}  // namespace trawl::inline v0::detail
