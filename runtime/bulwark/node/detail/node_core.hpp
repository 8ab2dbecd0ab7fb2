#pragma once

#include <bulwark/admin/detail/admin_server.hpp>
#include <bulwark/bulkhead/load_shedding.hpp>
#include <bulwark/cluster/cluster.hpp>
#include <bulwark/node/detail/breaker_list.hpp>
#include <bulwark/node/detail/compartment_list.hpp>
#include <bulwark/node/detail/declarations.hpp>
#include <bulwark/node/detail/engine.hpp>
#include <bulwark/node/detail/guard_list.hpp>
#include <bulwark/node/detail/node_faults.hpp>
#include <bulwark/node/detail/role_list.hpp>
#include <bulwark/node/health.hpp>
#include <bulwark/options/detail/read_options.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulwark::detail {

/// Behind `node`: what was declared, what runs, and the way from one to the
/// other and back.
///
///     declaring --start--> serving --drain--> draining --stop--> stopped
///
/// Confined to one thread, but for what says that it is safe to call from any
/// thread.
class node_core {
  // Destroyed last: no actor's handle may outlive its system, and hooks and
  // the arguments of services hold handles.
  std::unique_ptr<system_config> config_;
  std::unique_ptr<engine> engine_;

public:
  /// `wake` is called, from any thread, when the node has to stop.
  node_core(given_options given, std::function<void()> wake);

  node_core(const node_core&) = delete;
  node_core& operator=(const node_core&) = delete;

  // -- declaring --------------------------------------------------------------

  service_declaration& declare(const std::string& name,
                               replica_factory factory);

  service_declaration& declare_remote(const std::string& name);

  void declare_bulkhead(const std::string& name,
                        const bulkhead_options& options);

  void declare_load_shedding(const load_shedding_options& options);

  guard_options declare_guard(const std::string& name,
                              const guard_options& options) {
    return guards_.declare(name, options, given_.overrides, started_);
  }
  void declare_cpu_quota(const std::string& name,
                         const cpu_quota_options& options);

  std::shared_ptr<role_state> role_of(const std::string& name) {
    return roles_.get(name);
  }

  /// @throws config_error if a gate was asked for before
  system_config& config();

  /// Safe to call from any thread once the node runs.
  caf::actor gate_of(const std::string& service);

  /// A pair of `node_started`.
  /// @throws config_error if the node has started
  void announce(const std::string& key, const std::string& value);

  /// Children of the root supervisor besides the services.
  std::vector<child_spec> children;

  std::vector<std::function<void()>> on_start;
  std::vector<std::function<void()>> on_drain;
  std::vector<std::function<void()>> on_stop;
  std::vector<std::pair<std::string, std::string>> announcements;

  // -- running ----------------------------------------------------------------

  /// Checks what was declared and starts it.
  /// @throws config_error, listen_error; what hooks throw
  void start();

  /// Goes on serving for `--drain`, unless `at_once`; then refuses what is new
  /// and waits for what is in flight.
  void drain(bool at_once = false);

  /// Calls the hooks of `on_stop`, if the node was started.
  void before_stop();

  /// Stops all that was started, in the reverse order. Returns nothing, or
  /// what still runs: then this object must not be destroyed, because that
  /// would wait for it.
  std::optional<std::string> stop();

  // -- asking; safe to call from any thread -----------------------------------

  /// Makes what the node runs on, the first time.
  engine& running();

  const given_options& given() const { return given_; }
  bool draining() const noexcept { return draining_; }
  bool root_failed() const noexcept { return root_state_->failed; }
  void ask_to_stop() noexcept { root_state_->wake(); }
  node_health health() const;
  node_phase phase() const noexcept;

  /// Null where there is none.
  caf::actor supervisor_of(const std::string& service) const;
  /// @throws config_error if there is no gate of it
  bulwark::gate found_gate(const std::string& service);

  std::shared_ptr<service_breaker>
  breaker_of(const std::string& service) const {
    return breakers_.find(service);
  }

  // Each throws `config_error` for a name that this node does not know.

  caf::actor find_supervisor(const std::string& service);
  bulkhead find_bulkhead(const std::string& name);
  cpu_quota find_cpu_quota(const std::string& name);
  std::shared_ptr<service_breaker> find_breaker(const std::string& service);

private:
  gate make_gate(const std::string& service);
  gate_settings settings_of_gate(const std::string& service);
  std::vector<std::shared_ptr<protection>>
  make_protections(const std::string& service,
                   const service_settings& settings);
  breaker_sharing sharing_of(const std::string& service);
  void settle_compartments();
  void make_gates();
  void manage_bulkheads();
  void start_load_shedder();
  void start_warnings();
  void watch_failures();
  void end_warnings();
  void enter_cluster();
  void offer_services(cluster_options& options);
  void tell_of_unknown();
  void tell_exposed(const host_port& where);
  void start_root();
  void listen_admin();
  void start_admin();
  control_means means();
  std::shared_ptr<fault_desk> make_fault_desk();
  std::optional<std::string> lend_fault(const fault_order& what);
  std::optional<std::string> lend_to_service(const fault_order& what);
  std::optional<std::string> check_struck_node(const fault_order& what) const;
  std::vector<gate_status> services_status() const;
  void start_singletons();
  void await_quiet();
  void end(caf::actor& who);
  void tell(event_kind kind,
            std::vector<std::pair<std::string, std::string>> pairs = {});

  /// Shared with the root supervisor, which may end after this object.
  struct root_state {
    std::function<void()> wake;
    std::atomic<bool> stopping{false};
    std::atomic<bool> failed{false};

    // Weak, because nobody's handle may outlive the system.
    std::mutex lock;
    std::map<std::string, caf::actor_addr> supervisors;
  };

  given_options given_;
  std::shared_ptr<root_state> root_state_ = std::make_shared<root_state>();
  declarations services_;
  std::optional<load_shedding_options> load_shedding_;
  caf::actor load_shedder_;
  caf::actor warnings_;
  uint64_t failures_heard_ = 0;
  bulkhead_list bulkheads_{"bulkhead"};
  cpu_quota_list cpu_quotas_{"cpu quota"};
  guard_list guards_;
  role_list roles_;
  breaker_list breakers_;
  node_faults faults_;
  std::optional<cluster> cluster_;

  /// The same once it is there, for breakers, which tell from any thread.
  std::atomic<cluster*> told_by_breakers_{nullptr};
  caf::actor root_;
  std::unique_ptr<admin_server> admin_;
  caf::actor singletons_;
  bool started_ = false;

  /// Whether gates get what was declared of them: from the start on.
  bool gates_open_ = false;

  /// Whether the start is over.
  std::atomic<bool> serving_{false};
  std::atomic<bool> draining_{false};
};

} // namespace bulwark::detail
