#pragma once

#include <bulwark/time/time.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace bulwark {

/// A request over HTTP that is made again and again while an experiment runs,
/// as a customer makes it: an answer with a status from 200 to 299 is a good
/// one. It gives the figures `NAME.ok_percent`, `NAME.p50_ms` and
/// `NAME.p99_ms` of the last seconds (`probe_window`).
///
/// Immutable after construction.
struct experiment_probe {
  std::string name;
  std::string method = "GET";

  /// Begins with `/`; the address is given to whoever runs the experiment.
  std::string path = "/";

  /// Sent as JSON; empty: none.
  std::string body = {};

  /// How often it is made: 5 ms to 1 min; and within which time there must be
  /// an answer: 1 ms to 1 min.
  duration every = std::chrono::milliseconds{50};
  duration timeout = std::chrono::seconds{1};

  friend bool operator==(const experiment_probe&,
                         const experiment_probe&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string> validate(const experiment_probe& what);

/// Reads `NAME METHOD PATH [every=TIME] [timeout=TIME] [BODY]`, such as
/// `catalog POST /api/catalog every=20ms {"action":"get"}`. Returns the first
/// complaint, and then leaves `out` alone; or nothing.
[[nodiscard]] std::optional<std::string> read_probe(std::string_view text,
                                                    experiment_probe& out);

/// Returns what `read_probe` reads.
std::string to_string(const experiment_probe& what);

} // namespace bulwark
