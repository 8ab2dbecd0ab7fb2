#pragma once

#include <bulwark/protection/call_end.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>

namespace bulwark {

/// One attempt of a guarded call: what the function that makes it is told, and
/// what it may say of its own end.
///
/// Confined to one thread.
class attempt {
public:
  attempt(uint32_t number, time_point deadline, duration left) noexcept
    : number_(number), deadline_(deadline), left_(left) {}

  /// From 1.
  uint32_t number() const noexcept { return number_; }

  /// What comes later than this counts as a failure. `time_point::max()`: it
  /// has no end.
  time_point deadline() const noexcept { return deadline_; }

  /// From the start of the attempt to its deadline, at most a year: for the
  /// timeouts of what the function calls.
  duration left() const noexcept { return left_; }

  /// Counts as a failure, and is tried again like one, although the function
  /// returns a value: an answer 500.
  void fail() noexcept { said_ = call_outcome::failure; }

  /// The same; and the service asks to be left alone for so long: an answer
  /// 503 with `Retry-After`.
  void busy(duration rest) noexcept {
    fail();
    busy_ = rest;
  }

  /// Says nothing about the service, whatever the function throws: an answer
  /// 404.
  void ignore() noexcept { said_ = call_outcome::ignored; }

  /// What was said of its end, if anything.
  std::optional<call_outcome> said() const noexcept { return said_; }
  duration busy() const noexcept { return busy_; }

private:
  uint32_t number_;
  time_point deadline_;
  duration left_;
  std::optional<call_outcome> said_;
  duration busy_{0};
};

} // namespace bulwark
