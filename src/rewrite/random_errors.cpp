// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/rewrite/random_errors.hpp"

#include <algorithm>
#include <cmath>

namespace trawl::inline v0 {

RandomErrors::RandomErrors(const RandomErrorOptions& options) : options_(options), state_(options.seed) {
  options_.probability = std::clamp(options_.probability, 0.0, 1.0);
  pass();
}

// SplitMix64: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
u64 RandomErrors::random() {
  u64 z = state_ += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

// How many bytes stay in front of the next one that does not is geometrically distributed.
void RandomErrors::pass() {
  constexpr double most = 1e18;
  const double uniform = (double(random() >> 11) + 0.5) * 0x1p-53;
  const double stay = options_.probability >= 1 ? 0 : std::log(uniform) / std::log1p(-options_.probability);
  left_ = options_.probability <= 0 || stay > most ? ~u64{0} : u64(stay);
}

Frame RandomErrors::operator()(const Frame& frame) {
  const size_t size = frame.bytes.size;
  if (size <= options_.offset) return frame;
  size_t at = options_.offset;
  bool changed = false;
  while (left_ < size - at) {
    if (!changed) bytes_.assign(frame.bytes.begin(), frame.bytes.end());
    changed = true;
    at += size_t(left_);
    const u64 dice = random();
    bytes_[at] ^= dice % 2 ? u8(1 << (dice / 2 % 8)) : u8(1 + dice / 2 % 255);
    ++errors_, ++at;
    pass();
  }
  if (left_ != ~u64{0}) left_ -= size - at;
  Frame result = frame;
  if (changed) result.bytes = {bytes_.data(), bytes_.size()};
  return result;
}

}  // namespace trawl::inline v0
