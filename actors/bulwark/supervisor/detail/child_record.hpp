#pragma once

#include <bulwark/supervision/detail/child_restarts.hpp>
#include <bulwark/supervision/detail/supervision.hpp>
#include <bulwark/supervisor/child_spec.hpp>
#include <bulwark/supervisor/detail/resume_plan.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor_addr.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/error.hpp>
#include <caf/response_promise.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulwark::detail {

/// What outlives the restart of a supervisor, so that incarnations go on
/// counting and every outage that was opened is closed. Handed from one
/// incarnation of the supervisor to the next, never shared.
struct supervisor_memory {
  /// By id.
  std::map<std::string, child_restarts> children;

  /// How many children were asked for.
  std::optional<size_t> scaled;

  /// Whether its service was told of.
  bool told = false;

  /// Since when the service is down.
  std::optional<time_point> down_since;
};

/// Who asked for something that takes time.
struct waiting_for {
  /// Until it is up, and until it has ended.
  std::vector<caf::response_promise> start;
  std::vector<caf::response_promise> stop;
};

/// One child in the hands of its supervisor: the actor that its decisions are
/// about.
struct child_record {
  /// Unique among its siblings.
  std::string id;

  /// How it is started and treated. All children of one template share one, so
  /// the id in it is not theirs.
  std::shared_ptr<const child_spec> spec;

  // Of the current incarnation.
  uint64_t incarnation = 0;
  std::shared_ptr<child_control> control;
  caf::strong_actor_ptr handle;

  /// Who does the work, where another one stands for it; else null.
  caf::strong_actor_ptr face;

  /// Why the last incarnation ended.
  caf::error reason;

  /// What it was started with, by `start_instance`.
  caf::message arguments;

  /// When it is started again, where it waits for that alone.
  time_point again_at{};

  /// Null while nobody waits.
  std::unique_ptr<waiting_for> waiting;

  /// As far as it was told; the decisions may be some steps ahead.
  child_state state = child_state::stopped;

  /// The latest start was asked for by somebody.
  bool by_hand = false;

  /// `start_instances` waits until its start has come to something.
  bool of_batch = false;

  /// It is a supervisor that failed beyond its own limit.
  bool gave_up = false;

  bool is_worker() const { return spec->kind == child_kind::worker; }
};

/// Returns who waited until the child is up, and nobody waits any more.
std::vector<caf::response_promise> take_starters(child_record& who);

child_policy policy_of(const child_spec& spec);

/// Returns how the child ended, and what its rules say about that.
/// @pre its reason is known
child_end end_of(const child_record& who);

/// Returns the rule that fits the reason with which it ended, or null.
const failure_rule* rule_of(const child_record& who);

/// Returns which exceptions the child of the supervisor `above`, a path, is to
/// survive; null for none.
std::shared_ptr<const resume_plan> resume_plan_of(const child_record& who,
                                                  const std::string& above,
                                                  const emitter& events);

/// Enters a state and tells `on_change`. The handle is kept while the child is
/// active.
void enter(child_record& who, child_state state, const caf::error& reason = {},
           child_next next = child_next::open);

/// Asks the child to end; `retire`: but to finish first what it has taken up.
/// @pre it was started
void ask_to_end(const child_record& who, const caf::actor_addr& me, bool retire,
                run_context eu);

/// Ends the child whatever it does.
/// @pre it was started
void kill(const child_record& who, const caf::actor_addr& me, run_context eu);

} // namespace bulwark::detail
