// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/text_pattern/pattern.hpp"

#include "trawl/core/switches.hpp"

#if TRAWL_WITH_DISPLAY
#  include <re2/re2.h>

#  include <algorithm>
#  include <array>
#  include <string>
#  include <vector>

namespace trawl::inline v0 {
namespace {

constexpr std::array<std::string_view, 4> names{"data", "time", "dir", "seqno"};

std::unexpected<Error> wrong(std::string_view pattern, std::string_view what, std::string_view token, size_t into = 0) {
  Error error{.operation = Operation::parse_expression, .reason = Reason::invalid_option};
  const auto at = token.empty() ? pattern.npos : pattern.find(token);
  if (at != pattern.npos && at == pattern.rfind(token)) error.at_column(u32(at + into + 1), u32(token.size() - 2 * into));
  return fail(error.with(what));
}

/// With ^ and $ at line ends, and (?<name> as older versions of the library want it.
std::string spelled(std::string_view pattern) {
  std::string text = "(?m)";
  bool in_class = false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    text += pattern[i];
    const auto rest = pattern.substr(i);
    if (rest[0] == '\\' && rest.size() > 1) text += pattern[++i];
    else if (in_class) in_class = rest[0] != ']';
    else if (rest[0] == '[') {
      in_class = true;
      for (const char first : {'^', ']'})   // where they stand for themselves, or for not
        if (i + 1 < pattern.size() && pattern[i + 1] == first) text += pattern[++i];
    } else if (rest.starts_with("(?<") && rest.size() > 3 && rest[3] != '=' && rest[3] != '!') text += "?P", ++i;
  }
  return text;
}

class Compiled : public TextPattern {
 public:
  explicit Compiled(std::string_view pattern) : regex_(spelled(pattern), options()) {}
  const re2::RE2& regex() const { return regex_; }
  /// The groups' numbers; a name that means nothing is the answer.
  std::string_view take_groups() {
    for (const auto& [number, name] : regex_.CapturingGroupNames()) {
      const auto found = std::ranges::find(names, name);
      if (found == names.end()) return name;
      groups_.push_back({number, size_t(found - names.begin())});
      count_ = number + 1;
    }
    return {};
  }
  bool has_data() const {
    return std::ranges::any_of(groups_, [](const Group& group) { return group.name == 0; });
  }

  bool find(std::string_view text, size_t from, Match& match) const override {
    re2::StringPiece found[most_groups];
    do {
      if (from > text.size() || !regex_.Match({text.data(), text.size()}, from, text.size(), re2::RE2::UNANCHORED, found, count_))
        return false;
      match = {.begin = size_t(found[0].data() - text.data())};
      match.end = match.begin + found[0].size();
      from = match.begin + 1;
    } while (match.end == match.begin);
    std::string_view* const to[] = {&match.data, &match.time, &match.direction, &match.number};
    for (const auto& [number, name] : groups_)   // of those with the same name, the first that has matched
      if (!to[name]->data()) *to[name] = {found[number].data(), found[number].size()};
    return true;
  }
  static constexpr int most_groups = 64;
  int count() const { return count_; }

 private:
  static re2::RE2::Options options() {
    re2::RE2::Options result(re2::RE2::Latin1);  // any byte is a character
    result.set_log_errors(false);
    return result;
  }
  re2::RE2 regex_;
  struct Group {
    int number;
    size_t name;   ///< index of names
  };
  std::vector<Group> groups_;   ///< in order
  int count_ = 1;
};

}  // namespace

Result<std::unique_ptr<const TextPattern>> TextPattern::make(std::string_view pattern) {
  auto made = std::make_unique<Compiled>(pattern);
  if (!made->regex().ok()) {
    std::string_view why = made->regex().error();
    const std::string_view token = made->regex().error_arg();
    if (why.ends_with(token)) why.remove_suffix(token.size());
    if (why.ends_with(": ")) why.remove_suffix(2);
    return wrong(pattern, why, token);
  }
  if (const auto unknown = made->take_groups(); !unknown.empty())
    return wrong(pattern, "groups are named data, time, dir and seqno", '<' + std::string(unknown) + '>', 1);
  if (!made->has_data()) return wrong(pattern, "it needs a group (?<data>...)", {});
  if (made->count() > Compiled::most_groups) return wrong(pattern, "more than 63 groups", {});
  return made;
}

}  // namespace trawl::inline v0
#else
namespace trawl::inline v0 {

Result<std::unique_ptr<const TextPattern>> TextPattern::make(std::string_view) {
  return fail(Operation::parse_expression, Reason::not_supported, "built without regular expressions (TRAWL_WITH_DISPLAY)");
}

}  // namespace trawl::inline v0
#endif
