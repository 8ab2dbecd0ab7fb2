#pragma once

#include <bulwark/events/monitor.hpp>
#include <bulwark/log/event_log.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervisor/child_spec.hpp>
#include <bulwark/supervisor/supervisor.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>

#include <chrono>
#include <optional>

namespace bench {

/// From a worker to who counts: it has started.
struct started {
  caf::actor who;
};

/// To a worker: throw.
struct crash {};

/// As many threads as there are processors, which is what the other side has;
/// with a monitor and a log where events are `recorded`, else with nobody who
/// listens.
///
/// Confined to one thread.
class stage {
public:
  explicit stage(bool recorded);

  /// Returns the settings of a supervisor of `only` whose limit is never
  /// reached.
  bulwark::supervisor_settings settings(bulwark::child_spec only) const;

  caf::actor_system& system() { return system_; }

private:
  static caf::actor_system_config& adjust(caf::actor_system_config& config);

  // First, since the monitor writes to it.
  std::optional<bulwark::event_log> log_;

  caf::actor_system_config config_;
  caf::actor_system system_;
  bulwark::running_monitor monitor_;
};

/// More restarts than any question needs.
inline constexpr uint32_t intensity = 10'000'000;

/// Returns the spec of a worker that is started again without delay.
bulwark::child_spec child(bulwark::replica_factory factory);

/// Answers and crashes.
caf::behavior worker();

/// The same, and tells `client` that it has started.
caf::behavior told_worker(caf::event_based_actor* self,
                          const caf::actor& client);

void print_answer(const char* name, double value);

/// Ends the process with what it printed.
[[noreturn]] void finish();

double micros_since(std::chrono::steady_clock::time_point start);

} // namespace bench

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::started)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::crash)
