#pragma once

#include <bulwark/admin/detail/experiment_tag.hpp>
#include <bulwark/bulkhead/bulkhead_manager.hpp>
#include <bulwark/dead_letters/dead_letter_box.hpp>
#include <bulwark/events/monitor.hpp>
#include <bulwark/log/event_log.hpp>
#include <bulwark/node/detail/alert_hook.hpp>
#include <bulwark/node/detail/event_tap.hpp>
#include <bulwark/node/detail/gate_table.hpp>
#include <bulwark/node/detail/node_journal.hpp>
#include <bulwark/node/detail/system_config.hpp>
#include <bulwark/options/node_options.hpp>

#include <caf/actor_system.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace bulwark::detail {

/// What a node runs on: actor system, log, monitor and gates. Made as soon as
/// a gate is asked for; services come later.
///
/// Safe to call from any thread, but for `end`.
class engine {
public:
  /// `trouble`: what experiments do to the journal's disk.
  engine(std::unique_ptr<system_config> config, const node_options& options,
         std::function<disk_trouble()> trouble = {});

  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  ~engine();

  caf::actor_system& system() { return *system_; }
  gate_table& gates() { return gates_; }
  const gate_table& gates() const { return gates_; }
  const emitter& events() const { return monitor_.events; }
  const caf::actor& monitor() const { return monitor_.handle; }
  const dead_letter_actor& letters() const { return letters_; }
  const bulkhead_manager& bulkheads() const { return bulkheads_; }

  /// The experiment that its events belong to. Null: the node was started
  /// without `--chaos`.
  const std::shared_ptr<experiment_tag>& experiment() const {
    return experiment_;
  }

  /// What happens on this node, for those who listen.
  event_tap& tap() { return *tap_; }
  event_log& log() { return log_; }

  const node_journal& journal() const { return journal_; }

  /// Which start of the node this is: its time, in microseconds since 1970,
  /// and more than all before.
  uint64_t boot() const { return journal_.boot(); }

  /// Returns the time of day.
  static wall_time wall_clock();

  /// Tells how the journal does, and how the start before this one ended.
  void tell_of_journal() { journal_.tell(monitor_.events); }

  /// Returns whether an actor gets a thread of the scheduler within
  /// `scheduler_time`. Otherwise nothing can be stopped any more: then the last
  /// lines of the log are written.
  bool runs_actors();

  static constexpr std::chrono::seconds scheduler_time{10};

  /// Stops gates and monitor and writes the last lines of the log. Returns
  /// nothing, or what still runs: then the actor system must not be destroyed,
  /// because that would wait for it.
  std::optional<std::string> end();

private:
  std::unique_ptr<system_config> config_;
  std::unique_ptr<event_tap> tap_ = std::make_unique<event_tap>();
  std::shared_ptr<experiment_tag> experiment_;
  node_journal journal_;
  event_log log_;
  std::unique_ptr<alert_hook> hook_;
  std::unique_ptr<caf::actor_system> system_;
  running_monitor monitor_;
  dead_letter_actor letters_;
  bulkhead_manager bulkheads_;
  gate_table gates_;
};

} // namespace bulwark::detail
