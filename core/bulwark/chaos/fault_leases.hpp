#pragma once

#include <bulwark/chaos/fault.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bulwark {

/// A fault that strikes.
///
/// Immutable after construction.
struct fault_strike {
  std::string id;
  fault what;
};

/// The faults at a target. Each is lent for `lease`, and ends by itself when
/// whoever runs the experiment does not renew it: so that none is left when
/// that has died, or has forgotten to end it.
///
/// Invariants: no fault is active longer than `lease` after it was granted or
/// renewed; at most `faults_max` are; one that is over is not revived by a
/// renewal.
///
/// A time before the latest one seen is taken as that one.
///
/// Confined to one actor.
class fault_leases {
public:
  static constexpr duration lease = std::chrono::seconds{10};
  static constexpr size_t faults_max = 16;

  /// Bit `i` is place `i` of a target that has several, as a service has
  /// replicas.
  using places = uint64_t;
  static constexpr places all_places = ~places{0};

  /// Lends a fault under an id; in place of the one that has it. Returns why
  /// not, or nothing.
  [[nodiscard]] std::optional<std::string> grant(const std::string& id,
                                                 const fault& what,
                                                 time_point now,
                                                 places at = all_places);

  /// Returns whether it lasts: false when it is over or was never granted.
  [[nodiscard]] bool renew(const std::string& id, time_point now);

  void end(const std::string& id);
  void end_all() { leases_.clear(); }

  /// Returns the fault that strikes a message at place `at`, 0 to 63, if any
  /// does: each by its rate, in the order of ids. `random` is even over all
  /// numbers.
  [[nodiscard]] std::optional<fault_strike>
  strike(time_point now, uint64_t random, size_t at = 0);

  /// Whether it lasts.
  [[nodiscard]] bool lasts(const std::string& id, time_point now);

  /// Returns the ids whose leases ran out, and forgets them; the last 16.
  [[nodiscard]] std::vector<std::string> take_expired(time_point now);

  /// Returns those that last.
  [[nodiscard]] std::vector<fault> active(time_point now);

  /// Returns when the next one is over, unless it is renewed; nothing: there is
  /// none.
  [[nodiscard]] std::optional<time_point> next_end() const;

private:
  struct entry {
    fault what;
    time_point until{};
    places at = all_places;
  };

  time_point seen(time_point now);

  std::map<std::string, entry> leases_;
  std::deque<std::string> expired_;
  time_point latest_ = time_point::min();
};

} // namespace bulwark
