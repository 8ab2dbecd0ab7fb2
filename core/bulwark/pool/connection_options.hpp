#pragma once

#include <bulwark/time/time.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace bulwark {

/// How many connections a pool has, how it looks after them, and how long it
/// waits for what. The words and most of the numbers are HikariCP's.
///
/// Immutable after construction.
struct connection_options {
  /// Kept open also while nobody asks. At most `max`.
  size_t min = 0;

  /// Never more than this many, those being opened and closed included. At
  /// least 1.
  size_t max = 10;

  /// How long who asks waits for a connection unless it says otherwise. At
  /// most `pool_wait_max`.
  duration wait = std::chrono::seconds{5};

  /// Opened at once. While the server is away it is one. At least 1.
  size_t opening_max = 2;

  /// An attempt to open, a validation and a closing that take longer are given
  /// up. Their thread is lost until it comes back.
  duration open_timeout = std::chrono::seconds{5};
  duration validate_timeout = std::chrono::seconds{2};
  duration close_timeout = std::chrono::seconds{2};

  /// No more than this many threads are lost so; beyond it the connection
  /// keeps its place among `max` until its thread comes back.
  size_t abandoned_max = 4;

  /// Before the next attempt after a failed one: the first of these, doubled
  /// by each further failure up to the second, each spread by the share
  /// `backoff_jitter` on both sides, within [0, 1).
  duration backoff_initial = std::chrono::milliseconds{100};
  duration backoff_max = std::chrono::seconds{30};
  double backoff_jitter = 0.2;

  /// Nobody is refused because of an attempt that failed longer ago than this:
  /// who would be gone before the next attempt has one made at once, or when
  /// the last failure is this old, and `backoff_initial` is over. So while a
  /// server is away such callers cause one attempt at a time, at most one in
  /// this time (spread by `backoff_jitter`); and once it is back, whoever can
  /// wait that long, and as long as it takes to connect, is served.
  duration probe_after = std::chrono::milliseconds{500};

  /// A connection that was idle for longer is validated before it is given
  /// away.
  duration validate_after = std::chrono::milliseconds{500};

  /// Idle ones beyond `min` are closed after this long.
  duration idle_max = std::chrono::minutes{10};

  /// Closed at this age, but never while in use. Each lives shorter by chance,
  /// by at most `age_jitter` of it, so that not all are opened again at once.
  /// Within [0, 1).
  duration age_max = std::chrono::minutes{30};
  double age_jitter = 0.1;

  /// Who keeps a connection for longer is reported, once. Zero: never.
  duration leak_after = std::chrono::seconds{60};

  /// Who keeps it for longer loses it: it is interrupted, if its type can be,
  /// and closed. Zero: never.
  duration take_back_after = duration::zero();

  static constexpr size_t connections_max = 10'000;

  friend bool operator==(const connection_options&,
                         const connection_options&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const connection_options& options);

} // namespace bulwark
