#pragma once

#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace bulwark {

/// Who is started again when one child ends. Erlang/OTP's words.
enum class restart_strategy : uint8_t {
  /// That child alone.
  one_for_one,
  /// All children: they are stopped in reverse order and started in order.
  one_for_all,
  /// That child and those that were started after it.
  rest_for_one,
  /// That child alone; all children are made from one template at run time,
  /// and stop together rather than one after the other.
  simple_one_for_one,
};

/// Whether a supervisor ends by itself when significant children have ended
/// and are not to be started again. Erlang/OTP's words.
enum class auto_shutdown : uint8_t { never, any_significant, all_significant };

/// What happens to a child that is beyond its own limit.
enum class limit_action : uint8_t {
  /// It alone fails, cools down and is tried again.
  cool_down,
  /// Its supervisor fails, and the parent of that decides.
  escalate,
};

/// How a supervisor treats one child.
///
/// Immutable after construction.
struct child_policy {
  restart_options restart;
  limit_action on_limit = limit_action::cool_down;

  /// Counts for `auto_shutdown`. Not with `permanent`, which never ends.
  bool significant = false;

  /// It is a supervisor: it gets all the time it needs to stop.
  bool supervisor = false;

  /// A child that is not up after this long has failed to start.
  duration ready_within = std::chrono::seconds{30};

  /// A child that is up and has been in one handler for this long hangs: it
  /// is killed, and abandoned if need be. 0: never; else at least 10 ms.
  duration hung_after = std::chrono::seconds{60};
};

/// How a supervisor treats its children as a whole.
///
/// Immutable after construction.
struct supervisor_policy {
  restart_strategy strategy = restart_strategy::one_for_one;
  auto_shutdown on_significant = auto_shutdown::never;
  supervisor_options limits;

  /// Erlang/OTP's ways where ours are others: a supervisor whose children do
  /// not start does not start; a child that somebody starts and that fails to
  /// is left down; whoever ends while others are being started is dealt with
  /// afterwards; and a start that fails counts when it is tried again.
  bool strict = false;

  /// How long a child may take to end once it was killed, before it is
  /// abandoned.
  duration abandon_after = std::chrono::seconds{1};
};

/// Erlang/OTP's rule to the letter: no delays, no limit per child, and a
/// supervisor fails beyond `intensity` restarts within `period`.
[[nodiscard]] supervisor_policy
otp_strict(supervisor_policy base = {}, uint32_t intensity = 1,
           duration period = std::chrono::seconds{5});

/// The same for a child of such a supervisor.
[[nodiscard]] child_policy otp_strict(child_policy base);

/// Returns what contradicts itself or its supervisor, with field, value and
/// rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const child_policy& child, const supervisor_policy& parent);

[[nodiscard]] std::optional<std::string>
validate(const supervisor_policy& policy);

/// The same for a `hung_after` that is called `name`.
[[nodiscard]] std::optional<std::string>
validate_hung_after(const std::string& name, duration value);

std::string to_string(restart_strategy strategy);
std::string to_string(auto_shutdown when);
std::string to_string(limit_action action);

} // namespace bulwark
