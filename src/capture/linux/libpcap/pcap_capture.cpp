// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/libpcap/pcap_capture.hpp"

#include <algorithm>

#include "capture/linux/system_error.hpp"

namespace trawl::inline v0::linux_capture {
namespace {

// pcap(3PCAP)
constexpr int no_such_device = -5, not_up = -9, permission_denied = -8, promiscuous_denied = -11, warning = 1;
constexpr int nanosecond_precision = 1, in_only = 1, out_only = 2;
constexpr int data_link_raw_sll2 = 276;

constexpr int usual_hold = 60;  // milliseconds that libpcap may hold packets back

}  // namespace

PcapCapture::PcapCapture(const SystemCalls& calls, const PcapLibrary& library, std::string_view device, const CaptureOptions& options)
    : LiveCapture(calls, find_link(calls, Operation::open_interface, device).value_or(Interface()), options),
      library_(library),
      device_(device),
      head_room_(options.head_room),
      handle_(nullptr, Close{&library}) {
  interface_.info.name = device_;  // not every device of libpcap's is an interface
}

Result<std::unique_ptr<PcapCapture>> PcapCapture::open(const SystemCalls& calls, std::string_view device, const CaptureOptions& options) {
  const auto* library = PcapLibrary::find();
  if (!library) return fail(Operation::open_interface, Reason::not_supported, "libpcap is not installed (libpcap.so.1, libpcap.so.0.8)");
  if (options.fanout) return fail(Operation::open_interface, Reason::invalid_option, "fanout with libpcap");
  if (options.head_room > CaptureOptions::max_head_room) return fail(Operation::open_interface, Reason::invalid_option, "head_room");
  if (options.time_stamps != TimeStampType::host)
    return fail(Operation::open_interface, Reason::not_supported, "adapter time with libpcap");
  std::unique_ptr<PcapCapture> capture(new PcapCapture(calls, *library, device, options));
  capture->warn_of_no_hash(options);
  if (auto activated = capture->activate(options); !activated) return fail(activated.error());
  if (auto set = capture->set_filter(options.filter, options.filter_text); !set) return fail(set.error());
  const int fd = capture->packets_fd_;
  if (auto watched = capture->watch({&fd, fd < 0 ? size_t{0} : size_t{1}}); !watched) return fail(watched.error());
  return capture;
}

Result<void> PcapCapture::activate(const CaptureOptions& options) {
  char text[PcapLibrary::error_bytes] = {};
  handle_.reset(library_.create(device_.c_str(), text));
  if (!handle_) return fail(Operation::open_interface, Reason::system, device_ + ": " + text);
  pcap* const handle = handle_.get();
  library_.set_snaplen(handle, int(std::min<u32>(snaplen_, CaptureOptions::max_snaplen)));
  library_.set_promisc(handle, options.promiscuous == Promiscuous::on);
  library_.set_timeout(handle, usual_hold);
  library_.set_immediate_mode(handle, options.immediate == Immediate::on);
  library_.set_buffer_size(handle, int(std::min<size_t>(options.buffer_bytes, 1u << 30)));
  library_.set_tstamp_precision(handle, nanosecond_precision);
  const int code = library_.activate(handle);
  if (code < 0) return fail(failed(Operation::open_interface, code));
  if (code >= warning) warnings_.add(failed(Operation::open_interface, code));
  nanoseconds_ = library_.get_tstamp_precision(handle) == nanosecond_precision;
  if (library_.setnonblock(handle, 1, text) < 0) return fail(Operation::open_interface, Reason::system, device_ + ": " + text);
  if (options.direction != CaptureDirection::inout &&
      library_.setdirection(handle, options.direction == CaptureDirection::in ? in_only : out_only) < 0)
    return fail(Operation::open_interface, Reason::not_supported, "a direction, on " + device_);
  packets_fd_ = library_.get_selectable_fd(handle);
  return choose_link_type();
}

/// libpcap speaks of DLT numbers, which differ from those in files for a few.
Result<void> PcapCapture::choose_link_type() {
  if (device_ == any_interface) library_.set_datalink(handle_.get(), data_link_raw_sll2);  // older ones stay at LINUX_SLL
  const int number = library_.datalink(handle_.get());
  for (const auto& entry : link_types())
    if (entry.dlt == number) return interface_.info.link_type = entry.number, Result<void>();
  if (number < 0 || number > 0xffff)
    return fail(Operation::open_interface, Reason::not_supported, "link type " + std::to_string(number) + " of " + device_);
  interface_.info.link_type = LinkType(number);
  return {};
}

Error PcapCapture::failed(Operation operation, int code) const {
  Error error{.operation = operation, .reason = Reason::system};
  switch (code) {
    case no_such_device: error.reason = Reason::unknown_interface, error.valid_names = list_names, error.with(device_); return error;
    case promiscuous_denied:
    case permission_denied: error.reason = Reason::no_permission, error.with(device_); return error;
    case not_up: error.reason = Reason::interface_down, error.with(device_); return error;
    default: break;
  }
  const std::string_view text = handle_ ? library_.geterr(handle_.get()) : "";
  return error.with(device_ + ": " + std::string(text.empty() ? library_.statustostr(code) : text));
}

void PcapCapture::keep(const PcapPacketHeader& header, const u8* bytes) {
  const u32 captured = std::min(header.captured, snaplen_);
  begins_.push_back(bytes_.size() + head_room_);
  bytes_.resize(bytes_.size() + head_room_ + captured);
  copy_bytes(bytes_.data() + begins_.back(), bytes, captured);
  frames_[begins_.size() - 1] =
      Frame{.bytes = {nullptr, captured},
            .original_length = header.length,
            .time = Timestamp::from_parts(header.time.tv_sec, u32(header.time.tv_usec) * (nanoseconds_ ? 1 : 1000)),
            .link = interface_.info.link_type};
}

/// What is there; an empty batch when nothing is.
Result<Batch> PcapCapture::fill() {
  forget_batch();
  for (;;) {
    bytes_.clear(), begins_.clear();
    const int code = library_.dispatch(
        handle_.get(), frames_at_once,
        [](u8* user, const PcapPacketHeader* header, const u8* bytes) { reinterpret_cast<PcapCapture*>(user)->keep(*header, bytes); },
        reinterpret_cast<u8*>(this));
    if (code < 0 && begins_.empty()) {
      check_link();
      return gone_ ? gone() : fail(failed(Operation::read_interface, code));
    }
    if (begins_.empty()) return Batch();
    u32 wanted = 0;
    for (size_t i = 0; i < begins_.size(); ++i) {
      Frame frame = frames_[i];
      frame.bytes.data = bytes_.data() + begins_[i];
      const u32 kept = bpf::run(filter_->view(), frame);
      if (!kept) continue;
      frame.bytes.size = std::min<size_t>(frame.bytes.size, kept);
      frames_[wanted++] = frame;
    }
    count(begins_.size(), wanted);
    if (wanted) return batch();
  }
}

Result<bool> PcapCapture::sleep(const Deadline& deadline) {
  return LiveCapture::sleep(packets_fd_ < 0 ? deadline.within(std::chrono::milliseconds(10)) : deadline);  // some have to be asked
}

/// libpcap cannot be closed to new packets and still give the old ones: as many are taken as there were at the first call.
Result<std::optional<Batch>> PcapCapture::drain() {
  if (ended_) return std::nullopt;
  if (!draining_) {
    read_statistics();
    drain_until_ = received_;
    draining_ = true;
    last_packets_ = Deadline::after(std::chrono::milliseconds(3 * usual_hold));
  }
  while (captured_ + dropped_ < drain_until_ && !last_packets_->passed()) {
    auto batch = fill();
    if (!batch) break;
    if (!batch->empty()) return *batch;
    calls_.sleep(1'000'000);
  }
  return std::nullopt;
}

/// They have 32 bits.
void PcapCapture::read_statistics() {
  PcapStatistics now{};
  if (!handle_ || library_.stats(handle_.get(), &now) < 0) return;
  received_ += now.received - last_.received;
  dropped_ += now.dropped - last_.dropped;
  dropped_interface_ += now.dropped_interface - last_.dropped_interface;
  last_ = now;
}

CaptureStatistics PcapCapture::statistics() {
  read_statistics();
  CaptureStatistics result = counted();
  result.dropped_kernel = dropped_;
  // Some devices count drops among what was received, others do not.
  result.discarded = received_ > captured_ + dropped_ ? received_ - captured_ - dropped_ : 0;
  result.received = captured_ + dropped_ + result.discarded;
  result.dropped_interface = dropped_interface_;
  return result;
}

Result<void> PcapCapture::give_up() {
  if (!is_copy()) read_statistics();
  handle_.reset();
  packets_fd_ = -1;
  return {};
}

}  // namespace trawl::inline v0::linux_capture
