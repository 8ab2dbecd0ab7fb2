#pragma once

#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace bulwark {

/// When a child that ended is started again. Erlang/OTP's words.
enum class restart_type : uint8_t {
  /// Always.
  permanent,
  /// After an abnormal end only: a crash, an error, a kill.
  transient,
  /// Never.
  temporary,
};

/// How a supervisor restarts one child. The series of delays is
/// `initial * multiplier^n`, at most `max`, each spread by `jitter`: with the
/// defaults 100 ms, 200 ms, 400 ms, ... 25.6 s, 30 s, 30 s, each +-20 %.
///
/// Immutable after construction.
struct restart_options {
  restart_type type = restart_type::permanent;

  /// Delay before the first restart. Zero restarts at once: a message that
  /// crashes its service over and over then costs the whole processor.
  duration initial = std::chrono::milliseconds{100};

  /// Growth of the delay from one failure to the next. At least 1.
  double multiplier = 2.0;

  /// The longest delay, before jitter. At least `initial`.
  duration max = std::chrono::seconds{30};

  /// Share of the delay that is left to chance, on both sides: 0.2 gives
  /// 80 % to 120 %. Within [0, 1).
  double jitter = 0.2;

  /// A child that stayed up this long starts the series anew.
  duration reset_after = std::chrono::seconds{30};

  /// The child fails for good when it needs more than `intensity` restarts
  /// within `period`; then it cools down.
  uint32_t intensity = 5;
  duration period = std::chrono::seconds{60};

  /// A failed child is tried again after this long; each further time in a
  /// row doubles it, up to `cool_down_max`.
  duration cool_down = std::chrono::seconds{60};
  duration cool_down_max = std::chrono::hours{1};

  /// How long a child may take to stop before it is killed.
  duration shutdown = std::chrono::seconds{5};

  friend bool operator==(const restart_options&,
                         const restart_options&) = default;
};

/// The second limit: how many restarts a supervisor as a whole tolerates.
/// Beyond it, it stops its children in reverse order and fails.
///
/// Immutable after construction.
struct supervisor_options {
  uint32_t intensity = 20;
  duration period = std::chrono::seconds{60};

  friend bool operator==(const supervisor_options&,
                         const supervisor_options&) = default;
};

/// Returns the complaint about a shift of severities that is not within -3 to
/// 3, or nothing.
[[nodiscard]] std::optional<std::string> validate_severity_shift(int shift);

/// Returns the first complaint, with field, value and rule, or nothing:
/// "restart.jitter is 1.5; it must be at least 0 and below 1".
[[nodiscard]] std::optional<std::string>
validate(const restart_options& options);

/// Returns the first complaint, with field, value and rule, or nothing:
/// "restart.jitter is 1.5; it must be at least 0 and below 1".
[[nodiscard]] std::optional<std::string>
validate(const supervisor_options& options);

} // namespace bulwark
