#pragma once

#include <bulwark/chaos/blast_radius.hpp>
#include <bulwark/chaos/experiment_probe.hpp>
#include <bulwark/chaos/fault.hpp>
#include <bulwark/chaos/steady_condition.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulwark {

/// How an experiment ended.
enum class experiment_verdict : uint8_t {
  /// All stayed well, and was well after.
  held,
  /// It did not: the faults were ended after `experiment::broken_max`.
  broken,
  /// It stayed well, or broke, and was not well again in time.
  not_recovered,
  /// Nothing was begun: it was not well before, or the radius forbids it.
  refused,
  /// Ended early: by its abort condition, or by somebody.
  aborted,
};

/// The last of all verdicts.
inline constexpr experiment_verdict last_experiment_verdict =
  experiment_verdict::aborted;

std::string to_string(experiment_verdict verdict);

/// What is made to fail, and what is expected of it.
///
/// Immutable after construction.
struct experiment {
  /// Broken for so long without a break it is aborted.
  static constexpr duration broken_max = std::chrono::seconds{5};
  static constexpr duration duration_max = std::chrono::hours{1};

  /// Faults, probes, steady conditions and abort conditions each.
  static constexpr size_t list_max = 16;

  /// Part of its events' metadata.
  std::string name;

  /// What is measured over HTTP meanwhile; no two of one name.
  std::vector<experiment_probe> probes;

  /// What holds before, during and after. At least one.
  std::vector<steady_condition> steady;

  /// At least one.
  std::vector<fault> faults;

  /// When one of these holds it is ended at once.
  std::vector<steady_condition> abort_when;

  /// How long faults last: 1 s to an hour.
  duration lasts = std::chrono::seconds{60};

  /// Within which time it is well again after them: 1 s to an hour.
  duration recovery = std::chrono::seconds{30};

  blast_radius blast;

  /// Of all chance in it.
  uint64_t seed = 1;

  /// What its author expects, and the protections that are to act:
  /// `protection_of` has their words.
  experiment_verdict expected = experiment_verdict::held;
  std::vector<std::string> expected_protections;

  friend bool operator==(const experiment&, const experiment&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string> validate(const experiment& what);

/// Reads the text of an experiment's file. A line is `FIELD = VALUE`, empty, or
/// a comment after `#`:
///
///     name = orders_crash
///     probe = shop GET /orders/7 every=20ms timeout=1s     # again and again
///     steady = service/orders.availability_window >= 99    # again and again
///     fault = crash orders rate=0.01                       # again and again
///     abort = orders.p99_ms > 5000                         # again and again
///     duration = 60s
///     recovery = 30s
///     services = 1                                         # blast radius
///     replicas = 0.5
///     last_replica = false
///     nodes = 1
///     seed = 1
///     expect = held
///     protection = restart                                 # again and again
///
/// Returns the first complaint, with line, value and rule, and then leaves
/// `out` alone; or nothing.
[[nodiscard]] std::optional<std::string> read_experiment(std::string_view text,
                                                         experiment& out);

/// Returns what `read_experiment` reads.
std::string to_text(const experiment& what);

} // namespace bulwark
