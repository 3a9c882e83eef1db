// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Network interfaces for tests, made and changed without help of the library.
#pragma once
#include <string>

#include "trawl/core/bytes.hpp"

namespace trawl::testing_network {

/// Two interfaces joined by a wire, both up, without addresses.
void make_pair(const std::string& a, const std::string& b);
void set_up(const std::string& name, bool up);
/// Until packets go through: a moment after it and its peer are up.
void wait_until_running(const std::string& name);
void set_mtu(const std::string& name, int mtu);
/// Of what the stack leaves to the interface to cut, IPv4 (since Linux 6.3) and IPv6.
void set_largest_segment(const std::string& name, trawl::u32 bytes);
/// @pre it is down
void rename_link(const std::string& name, const std::string& to);
void delete_link(const std::string& name);
int index_of(const std::string& name);
/// How many sockets and programs hold the interface in promiscuous mode.
u32 promiscuity(const std::string& name);
/// Into the network namespace that the descriptor is of; it is down there and has no address.
void move_link(const std::string& name, int network);
/// With a prefix of 24 bits, if it begins with 192.
void set_address(const std::string& name, const char* ipv4);
/// TCP hands it segments of up to 64 KiB ("TSO").
void leave_segmentation_to(const std::string& name);

}  // namespace trawl::testing_network
