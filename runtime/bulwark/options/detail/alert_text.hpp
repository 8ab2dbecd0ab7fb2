#pragma once

#include <bulwark/ledger/objectives.hpp>
#include <bulwark/ledger/threshold_rule.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace bulwark::detail {

// How objectives and alerts are written in options. Each returns nothing and
// fills `out`, or the rule that the text breaks.

/// `orders=99.95%` or `orders=99.95%/168h`: a service, its share of the time,
/// and over which time.
std::optional<std::string> read_objective(std::string_view text,
                                          objective& out);

/// `NAME=FIGURE<VALUE`, `>` for above; `/5m` behind it: for so long,
/// `/critical`: what it says.
std::optional<std::string> read_alert(std::string_view text,
                                      threshold_rule& out);

} // namespace bulwark::detail
