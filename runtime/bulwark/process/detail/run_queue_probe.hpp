#pragma once

#include <bulwark/time/time.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <memory>

namespace bulwark::detail {

/// Measures how long what is ready to run waits for a thread of CAF's
/// scheduler.
///
/// Two jobs follow each other. The first wakes a worker; the second is the one
/// that is measured, from the moment it is ready. Alone, a job that CAF gives
/// to a busy worker while another one sleeps would measure that one's sleep,
/// up to 10 ms, on a node that has nothing to do.
///
/// Confined to one thread.
class run_queue_probe {
public:
  explicit run_queue_probe(caf::actor_system& sys);

  /// Returns how long the job waited that was sent by an earlier call, or for
  /// how long it has been waiting; zero the first time. Sends the next one, if
  /// none is under way.
  duration look(time_point now);

private:
  struct state;

  std::shared_ptr<state> state_;
  caf::actor first_;
  time_point sent_{};
};

} // namespace bulwark::detail
