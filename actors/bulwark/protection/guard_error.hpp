#pragma once

#include <bulwark/errors/errc.hpp>
#include <bulwark/time/time.hpp>

#include <optional>
#include <stdexcept>
#include <string>

namespace bulwark {

/// A guard has refused a call, or not waited for it any longer. What the call
/// itself throws comes through as it is.
///
/// Immutable after construction.
class guard_error : public std::runtime_error {
public:
  guard_error(errc code, const std::string& text)
    : std::runtime_error(text), code_(code) {}

  errc code() const noexcept { return code_; }

private:
  errc code_;
};

/// The circuit breaker of the guard lets no call through.
///
/// Immutable after construction.
class circuit_open : public guard_error {
public:
  circuit_open(std::string guard, std::optional<wall_time> last_failure,
               duration retry_after);

  /// The guard's name.
  const std::string& guard() const noexcept { return guard_; }

  /// When a call failed last; nothing if none has.
  std::optional<wall_time> last_failure_time() const noexcept {
    return last_failure_;
  }

  /// After how long it may be worth another try; 0: unknown, or as soon as
  /// the probes that are under way have ended. `duration::max()`: when an
  /// operator allows it.
  duration retry_after() const noexcept { return retry_after_; }

private:
  std::string guard_;
  std::optional<wall_time> last_failure_;
  duration retry_after_;
};

} // namespace bulwark
