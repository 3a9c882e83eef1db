// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A packet as one line.
#pragma once
#include <string>
#include <vector>

#include "trawl/dissect/field_name.hpp"

namespace trawl::inline v0 {

/// How the time stands at the start of a line: tcpdump's -t, (nothing), -tt, -ttt, -tttt, -ttttt. First and previous are those shown.
enum class TimeStyle : u8 { none, time_of_day, epoch, since_previous, date, since_first };
/// "12:34:56.789012 ", local time. Nothing for a frame without a time, but for its space.
TRAWL_API void append_time(std::string& to, const Frame& frame, const FrameContext& context, TimeStyle style);

/// Renders "IP 192.0.2.7.40000 > 192.0.2.1.80: tcp [SYN] seq_raw=1 ..." from what protocols declare as their summary.
/// Made once for a catalog; const use from several threads is fine.
class TRAWL_API Summary {
 public:
  explicit Summary(const wire::Catalog& catalog = wire::standard_catalog);
  /// One line without time and without its end.
  void append(std::string& to, const Frame& frame, const Dissection& d) const;

 private:
  struct Field {
    std::string_view label;
    FieldName name;
  };
  void append_fields(std::string& to, const Dissection& d, const LayerAt& layer) const;
  std::vector<std::vector<Field>> fields_;   // by protocol index
};

}  // namespace trawl::inline v0
