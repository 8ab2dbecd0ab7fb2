#include <bulwark/protection/guard_clock.hpp>

#include <chrono>
#include <thread>

namespace bulwark {

namespace {

class real_clock : public guard_clock {
public:
  time_point now() override { return std::chrono::steady_clock::now(); }

  wall_time wall_now() override {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
      std::chrono::system_clock::now());
  }

  void wait_until(time_point when) override {
    std::this_thread::sleep_until(when);
  }
};

} // namespace

guard_clock& guard_clock::real() {
  static real_clock result;
  return result;
}

} // namespace bulwark
