#pragma once

#include <bulwark/warning/warning.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulwark {

/// Which situations were warned of, how that ended, and how good the warnings
/// were. A situation is a kind and a subject; it is warned of once until it is
/// over:
///
///     quiet --raise--> open --come_true or expire--> told --over--> quiet
///
/// Invariants: `raised` = `hits` + `false_alarms` + open ones; at most
/// `situations_max` situations that are not quiet: further ones are not warned
/// of.
///
/// Confined to one actor.
class warning_table {
public:
  static constexpr size_t situations_max = 1'000;

  /// Returns the notice, or nothing when the situation was told already.
  [[nodiscard]] std::optional<warning_notice> raise(warning what);

  /// What could be foreseen has happened: a hit if it was warned of, else it
  /// was missed.
  [[nodiscard]] std::optional<warning_notice>
  come_true(warning_kind kind, const std::string& subject);

  /// What was foreseen does not happen any more.
  [[nodiscard]] std::optional<warning_notice>
  call_off(warning_kind kind, const std::string& subject);

  /// The situation is over; without effect while it is open.
  void over(warning_kind kind, const std::string& subject);

  /// Returns those whose time has passed: false alarms.
  [[nodiscard]] std::vector<warning_notice> expire(time_point now);

  /// Returns the warning that is open, or null.
  [[nodiscard]] const warning* find(warning_kind kind,
                                    const std::string& subject) const;

  [[nodiscard]] std::vector<warning> open() const;

  [[nodiscard]] const warning_score& score() const noexcept { return score_; }

private:
  using situation = std::pair<warning_kind, std::string>;

  warning_notice settle(std::optional<warning>& open, warning_verdict verdict);

  // Nothing: told.
  std::map<situation, std::optional<warning>> situations_;
  warning_score score_;
};

} // namespace bulwark
