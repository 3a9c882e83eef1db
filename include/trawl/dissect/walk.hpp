// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Every field of a dissection, in the order of the packet, from the declarations alone. Allocates nothing.
#pragma once
#include "trawl/dissect/dissection.hpp"

namespace trawl::inline v0 {

/// One field as it stands in a packet.
struct Seen {
  const wire::Record* record = nullptr;
  const wire::FieldInfo* field = nullptr;
  Bytes message;                   ///< the layer it belongs to (names in DNS point back into it)
  Bytes bytes;                     ///< the bytes it touches; empty when it is computed
  u64 bit = 0;                     ///< from the start of the packet
  u32 width = 0;                   ///< bits
  u64 number = 0;                  ///< its value as it is shown, if it is one of at most 64 bits
  bool status = false;             ///< the value is the status of the checksum `field`
  constexpr std::string_view value_name() const { return field->values && !status ? field->values->name_of(number) : std::string_view{}; }
};

/// A layer or an element of a list, entered before its fields.
struct Entered {
  const wire::Record* record = nullptr;
  const LayerAt* layer = nullptr;  ///< null for elements, and for the layer at fault
  const wire::FieldInfo* list = nullptr;   ///< the list that the element is in
  Bytes bytes;
  u64 offset = 0;                  ///< bytes from the start of the packet
  bool at_fault = false;           ///< the layer that stopped the dissection: only the fields that are there follow
};

/// A function object to call with what is found: `operator()(const Seen&)`, and, if it has them, `enter(const Entered&)` and
/// `leave()`. Four pointers; keeps walk() out of templates.
class Visit {
 public:
  template <class F> requires(!std::same_as<std::remove_const_t<F>, Visit> && requires(F& f, const Seen& s) { f(s); }) constexpr Visit(F& f)
      : object_(const_cast<void*>(static_cast<const void*>(&f))),
        field_([](void* o, const Seen& s) { (*static_cast<F*>(o))(s); }) {
    if constexpr (requires(F& v, const Entered& e) {
                    v.enter(e);
                    v.leave();
                  }) {
      enter_ = [](void* o, const Entered& e) { static_cast<F*>(o)->enter(e); };
      leave_ = [](void* o) { static_cast<F*>(o)->leave(); };
    }
  }
  void operator()(const Seen& s) const { field_(object_, s); }
  void enter(const Entered& e) const {
    if (enter_) enter_(object_, e);
  }
  void leave() const {
    if (leave_) leave_(object_);
  }

 private:
  void* object_;
  void (*field_)(void*, const Seen&);
  void (*enter_)(void*, const Entered&) = nullptr;
  void (*leave_)(void*) = nullptr;
};

/// Visits all fields of all layers; of the layer at fault those that are there. Lists are entered to a depth of 8.
TRAWL_API void walk(const Dissection& d, const Visit& visit);

/// Wireshark's names for the state of a checksum.
enum class ChecksumStatus : u8 { bad = 0, good = 1, unverified = 2, not_present = 3 };
/// Of a layer whose protocol has a checksum. Unverified where bytes are missing, fragmented, or the hardware fills it in.
TRAWL_API ChecksumStatus checksum_status(const Dissection& d, const LayerAt& layer);
/// What computed fields are computed from.
TRAWL_API wire::LayerContext context_of(const Dissection& d, const LayerAt& layer);

}  // namespace trawl::inline v0
