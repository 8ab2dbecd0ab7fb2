#pragma once

#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace bulwark {

/// Whether errors that a replica itself answers count towards its ejection, as
/// those do that no message can cause: late answers, losses, hangs.
enum class own_errors : uint8_t {
  /// While the others answer with a much smaller share of errors: what one
  /// client does wrong it does wrong everywhere.
  compared,
  always,
  never,
};

/// Returns the name of `which` as written above.
std::string to_string(own_errors which);

/// When a replica that is up gets nothing for a while, because of its answers.
///
/// Immutable after construction.
struct ejection_options {
  /// So many errors in a row, at least 1.
  uint32_t errors_in_row = 5;

  /// Or this share of errors, (0, 1], of at least `error_answers` answers of
  /// the last `window`.
  double error_share = 0.85;
  uint32_t error_answers = 50;

  /// Compared: judged only where the others have answered `errors_in_row` times
  /// within the window, and their share of errors is at most half of its own.
  own_errors own = own_errors::compared;

  /// Or a mean latency of the values within the window above `latency_factor`
  /// times the median of the others' and `latency_above` more. Judged are those
  /// that answered `latency_answers` times, where at least `latency_members`
  /// did. 0 members: latency ejects nobody.
  double latency_factor = 3;
  duration latency_above = std::chrono::milliseconds{10};
  uint32_t latency_answers = 20;
  uint32_t latency_members = 3;

  /// 10 ms to 1 h.
  duration window = std::chrono::seconds{10};

  /// For how long, times the number of its ejections, at most `length_max`.
  /// The number falls by one with each `window` after its return.
  duration length = std::chrono::seconds{30};
  duration length_max = std::chrono::seconds{300};

  /// Of those that are up, (0, 1]: at most this share is ejected at once,
  /// rounded down, and never the only one.
  double share_max = 0.5;

  /// When fewer than this share of all can be used, [0, 1], those that are
  /// ejected are used, too: a few that are left could not bear it.
  double panic_below = 0.5;

  friend bool operator==(const ejection_options&,
                         const ejection_options&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const ejection_options& options);

} // namespace bulwark
