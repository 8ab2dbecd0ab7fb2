#pragma once

#include <bulwark/ledger/detail/ledger_time.hpp>
#include <bulwark/ledger/objectives.hpp>

#include <cstdint>
#include <vector>

namespace bulwark {

/// Whether something is up; absent: neither up nor down, on purpose.
enum class presence : uint8_t { unknown, up, down, absent };

/// A stretch of time in which something was not up.
struct track_span {
  int64_t from = 0;
  int64_t to = 0;
  presence was = presence::down;
};

/// How long something was down and absent in one hour, in microseconds, of
/// which an hour has fewer than 2^32.
struct track_hour {
  int32_t number = 0;
  uint32_t down = 0;
  uint32_t absent = 0;
};

/// When something was up, down and absent, from when it was known. What is
/// written is a list of spans, in the order of time.
///
/// Confined to one actor.
struct time_track {
  int64_t known_since = ledger_clock::never;
  int64_t since = ledger_clock::never;
  presence now = presence::unknown;
  std::vector<track_span> spans;

  /// From `at` on it is `next`.
  /// @pre `at` is not before the change before
  void turn(presence next, int64_t at);

  /// Writes what lasts up to `at`.
  void write_until(int64_t at);
};

/// Sums of the hours that a track has closed, in the order of time.
///
/// Confined to one actor.
class closed_hours {
public:
  /// Moves the spans of `track` here. Hours before `first_hour` are dropped.
  /// @pre the spans end at a full hour or before
  void take(time_track& track, int64_t first_hour);

  [[nodiscard]] const std::vector<track_hour>& hours() const noexcept {
    return hours_;
  }

private:
  void add(const track_span& span, int64_t first_hour);

  std::vector<track_hour> hours_;
};

/// Where a window that ends at `now` begins: one of more than 25 h at a full
/// hour, one of more than 30 days is taken as 30 days.
[[nodiscard]] int64_t window_begin(int64_t now, duration window) noexcept;

/// Returns how long it was up and down from `begin` to `now`.
/// @pre `track` is written up to `now`; `begin` is a full hour where it lies
///      in what is closed
[[nodiscard]] time_shares shares_within(const time_track& track,
                                        const closed_hours& closed,
                                        int64_t begin, int64_t now);

} // namespace bulwark
