#pragma once

#include <bulwark/time/time.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace bulwark {

/// How much of the time a service is meant to be up.
///
/// Immutable after construction.
struct objective {
  /// Which services: the name of one in the whole cluster (`orders`), or paths
  /// on each node (`/root/orders`). A `*` stands for any characters.
  std::string service = "*";

  /// Share of the time: above 1 - 1/14.4 (0.9305...), so that every rule of
  /// `burn_rules` can fire, and below 1.
  double target = 0.999;

  /// Over which time the budget holds: 1 h to 30 days.
  duration window = std::chrono::hours{24 * 30};

  friend bool operator==(const objective&, const objective&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string> validate(const objective& what);

/// A budget burns too fast when it did so over a long time and still does.
struct burn_rule {
  std::string_view name;
  double rate_above;
  std::chrono::minutes long_window;
  std::chrono::minutes short_window;
  bool critical;
};

/// The SRE workbook's, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts"
/// (https://sre.google/workbook/alerting-on-slos/): 2 % of a budget of 30 days
/// within an hour, 5 % within six, 10 % within three days. The first two page
/// somebody, the third makes a ticket.
inline constexpr std::array<burn_rule, 3> burn_rules{{
  {"burn_1h", 14.4, std::chrono::minutes{60}, std::chrono::minutes{5}, true},
  {"burn_6h", 6, std::chrono::minutes{360}, std::chrono::minutes{30}, true},
  {"burn_3d", 1, std::chrono::minutes{4320}, std::chrono::minutes{360}, false},
}};

/// How long a component was up and down within a window; what is neither, an
/// absence that was planned and the time before it was known, is in neither.
struct time_shares {
  std::chrono::microseconds up{0};
  std::chrono::microseconds down{0};

  friend bool operator==(const time_shares&, const time_shares&) = default;
};

/// Returns the share of up in per cent: 0 to 100; 100 for no time at all.
[[nodiscard]] double availability_of(const time_shares& shares) noexcept;

/// Returns how fast the budget is used up by so much outage within `window`: 1
/// uses it up exactly at the end of its own. down / (window * (1 - target)).
/// The whole window counts, also where less of it is known: a service that is
/// down for a moment right after its first start burns little.
[[nodiscard]] double burn_rate_of(std::chrono::microseconds down,
                                  std::chrono::microseconds window,
                                  double target) noexcept;

/// Returns whether the burn rate is above `rate`. Decided by the time, so that
/// exactly as much as is allowed never counts as more.
[[nodiscard]] bool burns_above(std::chrono::microseconds down,
                               std::chrono::microseconds window, double target,
                               double rate) noexcept;

/// Returns whether `pattern`, where `*` stands for any characters, is `text`.
[[nodiscard]] bool matches(std::string_view pattern,
                           std::string_view text) noexcept;

} // namespace bulwark
