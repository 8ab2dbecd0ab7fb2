#pragma once

#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulwark {

/// What a supervisor does about a failure.
enum class failure_directive : uint8_t {
  /// What the restart type and the limits say.
  restart,
  /// Leave the child down.
  stop,
  /// Fail as a whole.
  escalate,
  /// Keep the actor, its state and its mailbox: only the message fails whose
  /// handler threw. A request is answered `errc::service_crashed`, a plain
  /// send that came through a gate becomes a dead letter, and each such
  /// failure is one event, `message_failed`.
  ///
  /// The answer is given, and the permit given back, also when the handler
  /// made a promise before it threw: what the promise says later is dropped.
  /// When the handler of a response throws, the request fails for which the
  /// service made its own; that is known of requests to gates, for the last
  /// 512 of them. It is not known what else belongs to a request: messages
  /// that the service sends to itself, responses of actors that are no gates,
  /// what reaches it around its gate and made a promise. Then the event tells
  /// of it, and the request is answered when its promise is kept, or at its
  /// deadline.
  ///
  /// Concerns what leaves the behaviour, or a response handler, of a running
  /// event-based actor that was started by `start_behind` or `start_alone`.
  /// One that ends by itself, is killed, throws while it starts, after it has
  /// quit or out of a handler for default, error, down or exit messages, or
  /// has an exception handler of its own, ends: it is started again as with
  /// `restart`. For supervisors, and for blocking actors, whose state is gone
  /// when an exception has left `act`, it is refused.
  resume,
};

/// What one kind of failure means: `{"std::invalid_argument",
/// failure_directive::resume}`.
///
/// Immutable after construction.
struct failure_rule {
  /// What the reason of the failure begins with in events, up to a colon: a
  /// type of exception, or the name of an error. Empty fits all.
  std::string cause;

  failure_directive then = failure_directive::restart;

  /// With `restart`: a limit of its own. With a period, failures of this cause
  /// are counted in a window of their own and do not use up the child's common
  /// one; more than `intensity` restarts within `period` are beyond it, with
  /// the same consequences. Their supervisor's limit counts all. Without a
  /// period they count with the others.
  uint32_t intensity = 0;
  duration period{0};

  friend bool operator==(const failure_rule&, const failure_rule&) = default;
};

/// Returns the first of `rules` that fits a failure with these words, or null.
[[nodiscard]] const failure_rule*
find_rule(const std::vector<failure_rule>& rules, std::string_view reason);

/// Returns whether one of `rules` says `resume`.
[[nodiscard]] bool may_resume(const std::vector<failure_rule>& rules);

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const std::vector<failure_rule>& rules);

} // namespace bulwark
