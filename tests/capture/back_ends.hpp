// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The same tests on each back end: TEST_P(BackEnd, ...) with open_capture() or with_capture().
#pragma once
#include <gtest/gtest.h>

#include "capture/linux/libpcap/pcap_library.hpp"
#include "capture/own_network.hpp"

namespace trawl::testing_network {

inline constexpr CaptureMethod packet_sockets[] = {CaptureMethod::ring, CaptureMethod::socket},
                               all_back_ends[] = {CaptureMethod::ring, CaptureMethod::socket, CaptureMethod::libpcap};

class BackEnd : public testing::TestWithParam<CaptureMethod> {
 protected:
  void SetUp() override {
    method_under_test = GetParam();
    if (GetParam() == CaptureMethod::libpcap && !linux_capture::PcapLibrary::find()) GTEST_SKIP() << "libpcap is not installed";
  }
  /// Skips the test there: libpcap `why`.
  void unlike_libpcap(const char* why) {
    if (GetParam() == CaptureMethod::libpcap) GTEST_SKIP() << "libpcap " << why;
  }
  void TearDown() override { method_under_test = CaptureMethod::automatic; }
};

/// For INSTANTIATE_TEST_SUITE_P.
inline std::string back_end_name(const testing::TestParamInfo<CaptureMethod>& info) {
  switch (info.param) {
    case CaptureMethod::automatic: return "automatic";
    case CaptureMethod::ring: return "ring";
    case CaptureMethod::socket: return "socket";
    case CaptureMethod::xdp: return "xdp";
    case CaptureMethod::libpcap: return "libpcap";
  }
  return "unknown";
}

}  // namespace trawl::testing_network
