#include <bulwark/caf/detail/gate_clock.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>
#include <caf/detail/thread_safe_actor_clock.hpp>

#include <ctime>

namespace bulwark::detail {

namespace {

duration as_duration(const timespec& t) {
  return std::chrono::seconds{t.tv_sec} + std::chrono::nanoseconds{t.tv_nsec};
}

} // namespace

gate_clock::gate_clock(caf::actor_system& sys) : sys_(sys) {
  using real = caf::detail::thread_safe_actor_clock;
  if (dynamic_cast<real*>(&sys.clock()) == nullptr)
    return;
  timespec tick{};
  if (clock_getres(CLOCK_MONOTONIC_COARSE, &tick) == 0)
    resolution_ = as_duration(tick);
}

time_point gate_clock::now() const noexcept {
  timespec t{};
  if (resolution_ == duration::zero()
      || clock_gettime(CLOCK_MONOTONIC_COARSE, &t) != 0)
    return sys_.clock().now();
  return time_point{as_duration(t) + resolution_};
}

} // namespace bulwark::detail
