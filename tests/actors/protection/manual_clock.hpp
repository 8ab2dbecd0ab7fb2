#pragma once

#include <bulwark/protection/guard_clock.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>

namespace test {

/// Time that passes when the test says so, and while a guard waits.
///
/// Safe to call from any thread.
class manual_clock : public bulwark::guard_clock {
public:
  bulwark::time_point now() override {
    return bulwark::time_point{bulwark::duration{ticks_.load()}};
  }

  bulwark::wall_time wall_now() override {
    using std::chrono::microseconds;
    return bulwark::wall_time{
      std::chrono::duration_cast<microseconds>(now().time_since_epoch())};
  }

  void wait_until(bulwark::time_point when) override {
    ticks_ = std::max(ticks_.load(), when.time_since_epoch().count());
  }

  void pass(bulwark::duration length) { ticks_ += length.count(); }

private:
  std::atomic<bulwark::duration::rep> ticks_{
    bulwark::duration{std::chrono::hours{1}}.count()};
};

} // namespace test
