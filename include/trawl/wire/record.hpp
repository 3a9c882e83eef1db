// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The run-time description of a protocol, option, TLV head or group: what it declares, collected once at compile time.
#pragma once
#include <optional>

#include "trawl/wire/answers.hpp"
#include "trawl/wire/rules.hpp"

namespace trawl::inline v0::wire {

struct Step;

struct Record {
  std::string_view name = {};                          ///< prefix of its fields' names: "tcp"
  std::string_view title = {};                         ///< "Transmission Control Protocol"
  std::string_view type_name = {};                     ///< of its C++ type: "Tcp"
  u32 id = 0;                                     ///< made of type_name: fixed, equal everywhere
  std::span<const FieldInfo> fields = {};
  std::span<const PartInfo> parts = {};
  std::span<const FieldInfo> bits = {};                ///< named bits of parts
  std::span<const Alias> aliases = {};
  std::span<const Derived> derived = {};
  std::span<const Number> numbers = {};
  std::span<const Answer> replies = {};           ///< which packet answers which
  Term replies_only = {};                         ///< headers that do not fulfil it are looked through
  std::span<const std::string_view> summary;      ///< names of the fields that a one-line summary shows
  const u8* initial = nullptr;
  u16 size = 0;                                   ///< of the fixed header, bytes
  const Rules* rules = nullptr;
  Step (*step)(const u8*, size_t) = nullptr;      ///< compiled for this record (step.hpp)
};

inline constexpr Rules no_rules{};

/// The name of a C++ type without its namespaces.
template <class T> consteval std::string_view type_name_of() {
  std::string_view name = __PRETTY_FUNCTION__;
  const size_t from = name.find("T = ") + 4;
  name = name.substr(from, name.find_first_of(";]", from) - from);
  const size_t colon = name.rfind("::");
  return colon == name.npos ? name : name.substr(colon + 2);
}

template <class P> Step step_of(const u8*, size_t);

template <class P> consteval const Rules& rules_of() {
  if constexpr (requires { P::rules; }) return P::rules;
  else return no_rules;
}

template <class P> inline constexpr const Rules& the_rules = rules_of<P>();

/// Collects what P declares. `name` and `fields` must be there, everything else may be.
template <class P> consteval Record describe() {
  Record r;
  r.name = P::name, r.type_name = type_name_of<P>(), r.id = id_of(r.type_name);
  r.title = r.type_name;
  if constexpr (requires { P::title; }) r.title = P::title;
  r.fields = {P::fields.item, P::fields.count};
  r.initial = P::fields.initial, r.size = P::fixed_size;
  if constexpr (requires { P::parts; }) r.parts = {P::parts.item, P::parts.count}, r.bits = {P::parts.bits, P::parts.bit_count};
  if constexpr (requires { P::numbers; }) r.numbers = {P::numbers.item, P::numbers.count};
  if constexpr (requires { P::aliases; }) r.aliases = {P::aliases.item, P::aliases.count};
  if constexpr (requires { P::derived; }) r.derived = {P::derived.item, P::derived.count};
  if constexpr (requires { P::replies; }) r.replies = {P::replies.item, P::replies.count}, r.replies_only = P::replies.only;
  if constexpr (requires { P::summary; }) r.summary = {P::summary.item, P::summary.count};
  r.rules = &rules_of<P>();
  r.step = &step_of<P>;
  return r;
}
template <class P> struct Described {
  static constexpr Record value = describe<P>();
};
template <class P> inline constexpr const Record& record = Described<P>::value;

/// The field of `r` that stands at `ref`; null when `ref` is a part or names nothing.
constexpr const FieldInfo* field_at(const Record& r, const Ref& ref) {
  if (ref.part >= 0) return &r.parts[size_t(ref.part)];
  for (const FieldInfo& f : r.fields)
    if (f.bit == ref.bit && f.width == ref.width) return &f;
  return nullptr;
}

/// The number by which `next` means `child`: its own in that space, or one that the space says is the same.
constexpr std::optional<u32> number_in(const Record& child, const Next& next) {
  if (!next.exists()) return {};
  for (const Number& n : child.numbers)
    if (n.in == next.in) return n.value;
  for (const Same& s : next.same())
    for (const Number& n : child.numbers)
      if (n.in == s.in && n.value == s.number) return s.value;
  return {};
}

}  // namespace trawl::inline v0::wire
