#pragma once

#include <bulwark/time/time.hpp>

#include <caf/error.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/type_name.hpp>

#include <cstdint>

namespace bulwark {

/// A wall-clock time as CAF sends and prints it: microseconds since
/// 1970-01-01, UTC. CAF's own way counts nanoseconds when it prints, which
/// overflows for times that a peer may send. Lives no longer than the time
/// that it stands for.
struct sent_wall_time {
  explicit sent_wall_time(wall_time& what) noexcept : value{&what} {}

  wall_time* value;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, sent_wall_time& x) {
  int64_t microseconds = x.value->time_since_epoch().count();
  auto load = [&]() -> caf::error {
    *x.value = wall_time{wall_time::duration{microseconds}};
    return caf::none;
  };
  return f(microseconds, caf::meta::load_callback(load));
}

} // namespace bulwark
