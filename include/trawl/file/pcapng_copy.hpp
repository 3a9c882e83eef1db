// SPDX-License-Identifier: Apache-2.0 OR MIT
/// From one pcapng file to another, block by block: what nothing is asked about stays as it was, byte for byte.
#pragma once
#include <functional>
#include <vector>

#include "trawl/file/file_index.hpp"
#include "trawl/file/file_writer.hpp"
#include "trawl/file/pcapng_block_reader.hpp"

namespace trawl::inline v0 {

enum class Secrets : u8 { keep, discard };
/// Comments, by what they are about.
struct CommentsOf {
  bool sections = false, interfaces = false, packets = false, others = false;   ///< others: of statistics, names, secrets
  bool any() const { return sections || interfaces || packets || others; }
};

struct CopyOptions {
  std::optional<Order> order = {};           ///< of all sections; unset: each keeps its own
  std::optional<Resolution> resolution = {}; ///< of all interfaces
  u32 snaplen = 0;                           ///< longer packets are cut; 0: none is
  i64 shift_nanoseconds = 0;                 ///< added to all times of packets
  Secrets secrets = Secrets::keep;
  std::span<const DecryptionSecrets> add_secrets = {};           ///< behind the header of the first section
  CommentsOf discard_comments = {};
  std::span<const std::string_view> add_comments = {};           ///< to the first section
  /// False: the packet is left out. An error ends the copying.
  std::function<Result<bool>(u64 number, const Frame& frame)> keep = {};
  /// With this, `first_kept` says which is the first packet from `number` on that `keep` might want (packets() + 1: none);
  /// the ones before it are not read.
  const FileIndex* index = nullptr;
  std::function<u64(u64 number)> first_kept = {};
  /// The packet with other bytes or another length on the wire; its bytes live until the next call.
  std::function<Frame(const Frame& frame)> edit = {};
  /// The time that a packet gets, before `shift_nanoseconds`; asked once for each that is written and has one.
  std::function<Timestamp(Timestamp time)> retime = {};
  /// Called now and then with the bytes of the input that have been read.
  std::function<void(u64 bytes)> progress = {};
  /// More comments for a packet; may be empty.
  std::function<std::span<const std::string_view>(u64 number)> comments = {};
};
struct CopyCounts {
  u64 read = 0, written = 0, discarded_secrets = 0;
  std::optional<Error> damage;               ///< of the input; all before it has been written
};

/// Custom blocks that must not be copied into a changed file are left out when anything is changed. Packets that cannot be
/// read stay as they are when nothing is asked, and are left out and noted otherwise.
/// @return an error of the output or of options.keep
TRAWL_API Result<CopyCounts> copy_blocks(PcapngBlockReader& from, FileWriter& to, const CopyOptions& options);

/// An interface statistics block with all its times `nanoseconds` later, in its own byte order; empty: it is none, or speaks of
/// no interface that is there.
TRAWL_API std::vector<u8> with_times_shifted(const OtherBlock& statistics, std::span<const InterfaceInfo> interfaces, i64 nanoseconds);

}  // namespace trawl::inline v0
