#pragma once

#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/time/time.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>

namespace bulwark::detail {

/// A deadline that is moved again and again and seldom passes. Its timer is
/// left as it is while it rings early enough, and looks at the deadline of that
/// moment when it rings: most moves cost no system call and wake nobody.
///
/// Confined to the thread that runs the context.
class moving_deadline {
public:
  explicit moving_deadline(boost::asio::io_context& io) : timer_(io) {}

  /// From now on it passes `limit` after now; more than a year is a year. Then
  /// `at_end` is called, which keeps this object alive until then. There is
  /// one deadline, so that each call is to give the same `at_end`.
  template <class F>
  void set(duration limit, F at_end) {
    passed_ = false;
    since_ = std::chrono::steady_clock::now();
    at_ = since_ + std::min(limit, option_duration_max);
    if (!rings_at_ || *rings_at_ > at_)
      wait(std::move(at_end));
  }

  /// It does not pass until it is set again.
  void clear() noexcept { at_ = time_point::max(); }

  /// The same, for good: lets go of `at_end`.
  void cancel() noexcept {
    ++waits_;
    boost::system::error_code ignored;
    timer_.cancel(ignored);
  }

  bool passed() const noexcept { return passed_; }

  /// When it was set last.
  time_point since() const noexcept { return since_; }

private:
  template <class F>
  void wait(F at_end) {
    rings_at_.reset();
    timer_.expires_at(at_);
    // A wait that has expired already cannot be cancelled: the number tells
    // it from the current one.
    timer_.async_wait([this, at_end, wait = ++waits_](auto) {
      if (wait == waits_)
        ring(at_end);
    });
    rings_at_ = at_;
  }

  template <class F>
  void ring(F at_end) {
    rings_at_.reset();
    if (at_ == time_point::max())
      return;
    try {
      if (std::chrono::steady_clock::now() < at_)
        return wait(at_end);
    } catch (...) {
      // No memory to wait on: nobody would look at the deadline again.
    }
    passed_ = true;
    at_end();
  }

  boost::asio::steady_timer timer_;
  time_point since_ = {};
  time_point at_ = time_point::max();
  std::optional<time_point> rings_at_;
  uint64_t waits_ = 0;
  bool passed_ = false;
};

} // namespace bulwark::detail
