#pragma once

#include <bulwark/caf/detail/weak_timer.hpp>
#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/events/detail/state_reports.hpp>
#include <bulwark/events/detail/system_actor.hpp>
#include <bulwark/supervision/detail/supervision.hpp>
#include <bulwark/supervisor/child_requests.hpp>
#include <bulwark/supervisor/detail/child_notices.hpp>
#include <bulwark/supervisor/detail/child_table.hpp>
#include <bulwark/supervisor/detail/children_page.hpp>
#include <bulwark/supervisor/detail/instance_batch.hpp>
#include <bulwark/supervisor/detail/supervisor_events.hpp>
#include <bulwark/supervisor/detail/timer_queue.hpp>
#include <bulwark/supervisor/supervisor.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace bulwark::detail {

supervisor_policy policy_of(const supervisor_settings& settings);

/// What children are made like; all instances of a template share one.
struct child_pattern {
  explicit child_pattern(child_spec what);

  std::shared_ptr<const child_spec> spec;
  std::shared_ptr<const child_policy> policy;
};

/// The actor behind `spawn_supervisor`. It tells `supervision` what happened
/// and performs the steps that come back, in their order.
class supervisor_actor : public system_actor {
public:
  /// `born` is null for a supervisor that is nobody's child.
  /// @pre `validate(settings)` has no complaint
  supervisor_actor(caf::actor_config& config, supervisor_settings settings,
                   std::optional<birth> born,
                   std::shared_ptr<supervisor_memory> memory);

  const char* name() const override { return "bulwark.supervisor"; }

  void on_exit() override;

protected:
  caf::behavior make_behavior() override;

private:
  void on_up(const child_up& what);
  void on_down(const child_down& what);
  void on_time();

  // -- performing (supervisor_steps.cpp) -------------------------------------

  /// Performs all steps, and those that follow from them.
  void perform(supervision_steps steps);

  void perform(const start_child_step& step);
  void perform(const stop_child_step& step);
  void perform(const kill_child_step& step);
  void perform(const wait_step& step);
  void perform(const complete_step& step);
  void perform(const up_step& step);
  void perform(const failed_step& step);
  void perform(const gave_up_step& step);
  void perform(const stopped_step& step);
  void perform(const paused_step& step);
  void perform(const abandoned_step& step);
  void perform(const group_step& step);
  void perform(const look_step& step);
  void perform(const suspect_step& step);
  void perform(const failing_step& step);
  void perform(const finish_step& step);

  void watch(child_key key, const child_record& who);
  std::string words_of(const failing_step& step) const;

  /// Those of one child, or of all, as far as they are kept.
  std::string latest_failures(const std::string& of = {}) const;

  // -- what can be asked (supervisor_requests.cpp) ---------------------------

  caf::message_handler requests();
  caf::result<child_info> on_start_child(child_spec spec);
  caf::result<child_info> on_start_instance(start_instance& what);
  caf::result<child_info> start_by_hand(child_key key,
                                        supervision::if_it_fails then);
  std::string next_instance_id() const;
  caf::result<child_info> on_restart(const std::string& id);
  caf::result<caf::unit_t> on_terminate(const std::string& id);
  caf::result<caf::unit_t> on_fail(const fail_child& what);
  caf::result<caf::unit_t> on_delete(const std::string& id);
  caf::result<child_spec> on_spec(const std::string& id);
  caf::result<caf::unit_t> on_scale(size_t count);
  caf::result<caf::unit_t> on_change(const change_restart& what);
  caf::result<caf::unit_t> on_change(const change_limits& what);

  /// Returns why no child of this id can be added now, or no error.
  caf::error refusal(const std::string& id) const;
  child_info info_of(child_key key) const;
  static void answer_starters(child_record& who, const caf::error& reason);

  /// The child has ended; `end` tells those how who waited for its start.
  static void answer_all(child_record& who, const std::string& end);

  // -- what a monitor asks (supervisor_states.cpp) ---------------------------

  void on_report_states(const report_states& what);

  // -- how many there are (supervisor_scale.cpp) ------------------------------

  child_key add_alone(child_spec spec);
  void apply_scale();
  void grow(size_t count);
  void shrink(size_t count);

  /// A child that was made or retired by `scale_children`, or made by
  /// `start_instances`, is up or gone, or has failed.
  void settled(child_key key, child_record& who,
               const caf::error& failure = {});
  void answer_scaling();

  caf::result<child_list> on_start_instances(start_instances& what);
  void start_rest_of_batch();
  void start_one_of_batch();
  void answer_batch(const caf::error& failure = {});

  // -- the whole -------------------------------------------------------------

  child_key add(std::string id, const child_pattern& like);
  std::string path_of(const child_record& who) const;
  failure_context context_of(const restart_decision& decision) const;

  /// Tells when the service comes back.
  void check_service(bool by_hand);

  /// Tells that the service goes down, unless it is.
  void mark_down(const service_failure& why, failure_context context);
  void remember(const child_record& who);
  void keep_memory();

  /// Forgets a child, but for the number of its latest incarnation: its gate
  /// lets in none that is not newer, should it come back.
  void forget(child_table::map::iterator who);
  double random();
  child_counts counts() const;
  child_list list() const;
  children_page page_of(const children_page_request& what) const;
  child_outlook outlook_of(child_key key, child_info info) const;

  // Failures kept for the words with which the supervisor itself fails.
  static constexpr size_t failures_max = 3;

  // Children, known and forgotten, that are remembered at most.
  static constexpr size_t remembered_max = 10'000;

  // More children than this are refused.
  static constexpr size_t children_max = 1'000'000;

  supervisor_settings settings_;
  std::optional<birth> born_;
  std::shared_ptr<supervisor_memory> memory_;
  supervision supervision_;
  child_table children_;

  /// When those that wait for a restart of their group are started.
  time_point group_again_at_{};
  timer_queue timers_;
  caf::strong_actor_ptr bell_;

  // simple_one_for_one: what children are made like.
  std::optional<child_pattern> template_;

  // The children that `scale_children` counts, by their numbers; whom the
  // latest request waits for, and what it is going to be answered.
  std::vector<child_key> numbered_;
  std::set<child_key> unsettled_;
  std::optional<caf::response_promise> scaling_;
  caf::error scale_failure_;

  std::optional<instance_batch> batch_;

  supervision_steps queue_;
  bool performing_ = false;
  std::mt19937_64 random_;
  std::deque<std::pair<std::string, caf::error>> failures_;
  caf::error ending_;
};

} // namespace bulwark::detail
