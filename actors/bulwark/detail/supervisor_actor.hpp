#pragma once

#include <bulwark/detail/child.hpp>
#include <bulwark/detail/hardened.hpp>
#include <bulwark/detail/supervisor_protocol.hpp>
#include <bulwark/intensity.hpp>
#include <bulwark/message_types.hpp>
#include <bulwark/severity_rules.hpp>
#include <bulwark/supervisor.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace bulwark::detail {

/// The actor behind `spawn_supervisor`. It asks `child_restarts` and
/// `restart_intensity` what to do, and carries it out.
class supervisor_actor : public hardened {
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
  // -- a child's life --------------------------------------------------------

  void start_all();
  void start(child& who);
  void watch(const child& who);
  void on_up(uint64_t key, uint64_t incarnation);
  void on_down(const child_down& what);
  void on_end(child& who, const caf::error& reason);
  void restart_later(child& who, duration delay);
  void on_restart_due(const restart_due& what);

  /// Beyond the limit of all children together.
  void give_up(const child& last);

  // -- stopping (supervisor_stop.cpp) ----------------------------------------

  /// Stops all children, then ends with `reason`.
  void stop_all(caf::error reason);
  void stop_next();
  void stop(child& who);
  void wait_for_stop(const child& who, duration time, bool killed);
  void on_patience_over(const patience_over& what);
  void on_stopped(child& who, const caf::error& reason);

  // -- the whole -------------------------------------------------------------

  child* find(uint64_t key, uint64_t incarnation);
  size_t count_up() const;
  failure_context context_of(const restart_decision& decision) const;

  /// Tells when the service goes down or comes back. `reason` is empty unless
  /// a child has failed.
  void check_service(const std::string& reason);
  void mark_down(const std::string& reason, failure_context context);
  void remember(const child& who, const caf::error& reason);
  double random();
  child_counts counts() const;
  child_list list() const;

  // Failures kept for the words with which the supervisor itself fails.
  static constexpr size_t failures_max = 3;

  supervisor_settings settings_;
  std::optional<birth> born_;
  std::shared_ptr<supervisor_memory> memory_;
  std::vector<child> children_;
  restart_intensity limit_;
  std::mt19937_64 random_;
  std::deque<std::string> failures_;

  // Set while stopping: what to end with.
  std::optional<caf::error> ending_;
};

} // namespace bulwark::detail
