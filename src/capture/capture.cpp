// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/capture/capture.hpp"

#include "capture/any_capture.hpp"

namespace trawl::inline v0 {

Capture::Capture(std::unique_ptr<detail::AnyCapture> body) : body_(std::move(body)) {}
Capture::Capture(Capture&&) noexcept = default;
Capture& Capture::operator=(Capture&&) noexcept = default;
Capture::~Capture() = default;

Result<std::optional<Batch>> Capture::next() { return body_->table->next(body_->body); }
Result<std::optional<Batch>> Capture::poll_next() { return body_->table->poll_next(body_->body); }
Result<std::optional<Batch>> Capture::drain() { return body_->table->drain(body_->body); }
int Capture::fd() const { return body_->table->fd(body_->body); }
std::span<const InterfaceInfo> Capture::interfaces() const { return body_->table->interfaces(body_->body); }
const Warnings& Capture::warnings() const { return body_->table->warnings(body_->body); }
StopHandle Capture::stop_handle() const { return body_->table->stop_handle(body_->body); }
void Capture::rearm() { body_->table->rearm(body_->body); }
Result<void> Capture::set_filter(const bpf::ProgramSource& filter, std::string_view text) {
  return body_->table->set_filter(body_->body, filter, text);
}
void Capture::set_timeout(std::optional<std::chrono::nanoseconds> timeout) { body_->table->set_timeout(body_->body, timeout); }
CaptureStatistics Capture::statistics() { return body_->table->statistics(body_->body); }
Result<void> Capture::close() { return body_->table->close(body_->body); }

}  // namespace trawl::inline v0
