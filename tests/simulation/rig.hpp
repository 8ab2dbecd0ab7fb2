#pragma once

#include "simulation/backstage.hpp"
#include "support/deterministic_system.hpp"

#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/events/monitor.hpp>
#include <bulwark/gate/gate.hpp>
#include <bulwark/supervisor/supervisor.hpp>

#include <caf/actor.hpp>

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace test::sim {

/// Plays a plan: real supervisors, gates and a monitor, children and clients
/// that note what they see, in virtual time and a random order of jobs.
///
/// Confined to one thread.
class rig {
public:
  rig(const plan& what, backstage& stage);
  rig(const rig&) = delete;
  rig& operator=(const rig&) = delete;

  /// Performs all acts, fewer when a promise is broken; lets peace come, and
  /// stops everything. To be called once.
  void play();

private:
  // -- the tree (rig.cpp) ----------------------------------------------------

  using start_function = std::function<caf::strong_actor_ptr(
    caf::execution_unit*, const bulwark::birth&)>;

  bulwark::supervisor_settings settings(size_t index);
  bulwark::child_spec spec(size_t index);
  bulwark::child_spec worker_spec(size_t index);
  start_function watched(size_t index, start_function inner);
  void watch(size_t index, uint64_t incarnation,
             const caf::strong_actor_ptr& handle);
  manner next_manner(size_t index);
  void note_change(size_t index, const bulwark::child_change& change);
  void note_event(const bulwark::event& what);
  bulwark::monitor_options
  monitor_options(std::function<void(const bulwark::event&)> to);
  bulwark::gate_settings gate_of(const service& what);
  void start_root();

  // -- what happens to it (rig_acts.cpp) -------------------------------------

  void perform(const act& what);
  void flood(const act& what);
  void crash(const act& what);
  void assail(const act& what);
  void give_order(const act& what);
  void steer(const act& what);
  void borrow(const act& what);
  caf::message words_of(const act& what);
  void free_stuck();
  void run(size_t jobs = none);
  void pass(bulwark::duration time);
  void look_at_gates();
  void look_at_books();
  void look_at_drained(size_t index);
  void look_at_bulkhead(size_t index);
  void make_peace();
  void close();
  void note(fact what, size_t count = 0);
  bool broken() const { return stage_.book.broken().has_value(); }

  const plan& plan_;
  backstage& stage_;
  deterministic_system system_;
  deterministic_system::random chance_;
  bulwark::running_monitor monitor_;

  /// Of gates that tell of outages, as supervisors do: what they tell of them
  /// is not noted.
  bulwark::running_monitor of_groups_;
  std::vector<bulwark::bulkhead> bulkheads_;

  /// What was noted last of each.
  std::vector<use_of_permits> seen_;
  std::vector<bulwark::gate> gates_;

  /// Drains, and had something on its books when it was looked at last.
  std::vector<bool> draining_;
  std::vector<caf::actor> clients_;
  std::vector<caf::actor> borrowers_;
  std::vector<uint64_t> sent_;
  caf::actor operator_;

  /// By node: the current or last incarnation, and how the next ones behave.
  std::vector<caf::strong_actor_ptr> handles_;
  std::vector<std::deque<manner>> spoiled_;
  std::map<std::string, size_t> by_path_;
};

} // namespace test::sim
