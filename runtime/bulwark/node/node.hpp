#pragma once

#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/bulkhead/bulkhead_manager.hpp>
#include <bulwark/bulkhead/load_shedding.hpp>
#include <bulwark/calls/ask.hpp>
#include <bulwark/cluster/role.hpp>
#include <bulwark/dead_letters/dead_letter_box.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/events/record.hpp>
#include <bulwark/gate/gate_protection.hpp>
#include <bulwark/node/detail/owned.hpp>
#include <bulwark/node/health.hpp>
#include <bulwark/node/remote_service_builder.hpp>
#include <bulwark/node/service_builder.hpp>
#include <bulwark/options/program_options.hpp>
#include <bulwark/protection/guard_options.hpp>
#include <bulwark/protection/service_breaker.hpp>
#include <bulwark/quota/cpu_quota.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervisor/child_spec.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/local_actor.hpp>

#include <any>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace bulwark {

namespace detail {

class node_core;

} // namespace detail

/// One process: its services, each behind a gate and under a supervisor of its
/// own. `run` makes it for the program's setup, which declares them.
///
/// Everything that the setup may do wrong throws `config_error`.
///
/// Confined to the setup and the hooks, but for what says that it is safe to
/// call from any thread.
class node {
public:
  explicit node(detail::node_core& core) : core_(core) {}

  node(const node&) = delete;
  node& operator=(const node&) = delete;

  /// Declares a service that is a function-based actor of any kind, with the
  /// arguments that each incarnation gets.
  template <class F, class... Ts>
  requires(!std::is_base_of_v<caf::local_actor, F>) service_builder
    service(const std::string& name, F fun, Ts&&... xs) {
    constexpr bool fits = detail::starts_with<F, detail::owned_t<Ts>...>;
    static_assert(fits,
                  "node.service: the service's function cannot be called with "
                  "the arguments given after it (with `self` before them, or "
                  "without); their number or types differ");
    if constexpr (fits)
      return declare(
        name, make_replica_factory(
                std::move(fun), detail::owned_t<Ts>(std::forward<Ts>(xs))...));
  }

  /// Declares a service that is a class-based actor:
  /// `node.service<my_actor>("name", argument)`.
  template <class Impl, class... Ts>
  requires(std::is_base_of_v<caf::local_actor, Impl>) service_builder
    service(const std::string& name, Ts&&... xs) {
    constexpr bool fits = std::is_constructible_v<Impl, caf::actor_config&,
                                                  detail::owned_t<Ts>&...>;
    static_assert(fits,
                  "node.service: the service's class cannot be constructed "
                  "from caf::actor_config& and the arguments given after the "
                  "name; their number or types differ");
    if constexpr (fits)
      return declare(name, make_class_factory<Impl>(
                             detail::owned_t<Ts>(std::forward<Ts>(xs))...));
  }

  /// Says how this node calls a service that lives on another node. A name that
  /// no node offers is found out when it is called.
  /// @throws config_error if the name is bad, or declared already
  remote_service_builder remote_service(const std::string& name);

  /// Adds a child of the root supervisor that is no service: a worker, or by
  /// `supervisor_child` (supervisor.hpp) a tree of one's own with any strategy.
  /// It starts after the services, in the order of the calls, and stops before
  /// them. Its id must not be that of a service.
  /// @throws config_error if id, start or options of the spec are bad
  void child(child_spec spec);

  /// Declares a compartment for services of this node, with a bounded number
  /// of permits; see `service_builder::bulkhead`.
  node& bulkhead(const std::string& name, const bulkhead_options& options);

  /// Returns a compartment that was declared on this node: to acquire permits
  /// by oneself, to ask how it is doing, to isolate, drain or resize it
  /// (bulkhead_requests.hpp). Safe to call from any thread once the node runs.
  /// @throws config_error if it was not declared
  bulwark::bulkhead find_bulkhead(const std::string& name);

  // What operators do. Each future is ready when it is done, and throws
  // `ask_error` if that is refused. Safe to call from any thread once the node
  // runs. @throws config_error if bulkhead or service was not declared here

  /// Gives a compartment another capacity, for what waits as well, and so much
  /// of it to critical messages alone.
  std::future<void> resize(const std::string& bulkhead, uint64_t capacity,
                           uint64_t reserved_for_critical = 0);

  /// Closes a compartment to all up to that priority, also to those who wait;
  /// `isolation::none` opens it again, also after a drain.
  std::future<void> isolate(const std::string& bulkhead, isolation level,
                            const std::string& reason);

  /// Closes a compartment to all; `bulkhead_drained` tells when it is empty.
  std::future<void> drain_bulkhead(const std::string& bulkhead,
                                   const std::string& reason);

  /// Has a service run so many replicas on this node, see `scale_children`.
  std::future<void> scale(const std::string& service, size_t replicas);

  /// Has this node close compartments under pressure: those for the background
  /// first, then normal ones, by `bulkhead_options::importance`; critical ones
  /// never. See load_shedder.hpp. Off without this call, because what is normal
  /// depends on machine and load, and a node that turns work away should have
  /// been told to.
  node& load_shedding(const load_shedding_options& options = {});

  /// Returns the manager of all compartments of this node: allocates several
  /// at once, tells health and trends, and finds them by name, from when the
  /// node runs. Keep its handle in services and hooks only. Safe to call from
  /// any thread once the node runs.
  bulkhead_manager bulkheads();

  /// Declares how much CPU time services of this node may use together; see
  /// `service_builder::cpu_quota`.
  node& cpu_quota(const std::string& name, const cpu_quota_options& options);

  /// Returns a CPU quota of this node. Safe to call from any thread once the
  /// node runs.
  /// @throws config_error if it was not declared
  bulwark::cpu_quota find_cpu_quota(const std::string& name);

  /// Declares a guard (guard.hpp) by its name, and returns its options: those
  /// of the code, changed to what the file of options and the command line say
  /// of `guard.NAME`.
  guard_options guard(const std::string& name, const guard_options& options);

  /// Wants a role of the cluster for this node, and returns it: to ask whether
  /// this node has it, and to hear of it. In the setup; later it finds the same
  /// again, by any thread. At most 64.
  /// @throws config_error if the name is bad, or new once the node runs
  bulwark::role role(const std::string& name);

  /// Returns the circuit breaker of a service's gate on this node, to ask how
  /// it is doing and to set it by hand; null where it has none. Keep it in
  /// services and hooks only. Safe to call from any thread once the node runs.
  /// @throws config_error before, or if this node has no gate of that name
  std::shared_ptr<service_breaker> breaker(const std::string& service);

  /// Returns how a service's gate on this node protects calls; changes how they
  /// are tried again, see `gate::protect`. Safe to call from any thread once
  /// the node runs. @throws config_error if there is no gate of it, or an
  /// option is refused: then nothing has changed
  gate_protection protection(const std::string& service);
  void protect(const std::string& service, const retry_options& retry,
               const retry_budget_options& budget = {});

  /// Returns the gate of a service: one declared on this node, before or after
  /// this call, or one that lives elsewhere. The handle never changes. Until
  /// the node starts the gate answers requests with `errc::unreachable`.
  /// Keep it in services and hooks only: no handle may outlive `run`.
  /// Safe to call from any thread once the node runs.
  caf::actor gate(const std::string& service);

  /// Asks a service by its gate, from what is no actor:
  /// `node.ask<int>("orders", get_total{7}).get()`. See `bulwark::ask` for what
  /// the future holds. Safe to call from any thread once the node runs.
  template <class R, class... Ts>
  std::future<R> ask(const std::string& service, Ts&&... content) {
    return bulwark::ask<R>(system(), gate(service),
                           std::forward<Ts>(content)...);
  }

  /// Makes messages of type `T` known, so that they can travel between nodes.
  /// @throws config_error if a gate was asked for before
  template <class T>
  node& message_type(const std::string& name) {
    config().add_message_type<T>(name);
    return *this;
  }

  /// Returns the value of one of the program's own options.
  /// @throws config_error that names it, if it was not given and has no
  /// default, if the program has none of that name, or if it is not a `T`
  template <option_type T>
  T option(const std::string& name) const {
    const auto* value = std::any_cast<T>(find_option(name));
    return value ? *value : (refuse_option(name), T{});
  }

  /// Returns whether an option was given or has a default.
  bool has_option(const std::string& name) const {
    return find_option(name) != nullptr;
  }

  /// Safe to call from any thread.
  const std::string& name() const;

  /// Returns the folder for what must outlive the process; makes it.
  /// @throws config_error if it cannot be made
  std::filesystem::path data() const;

  /// Safe to call from any thread.
  caf::actor_system& system();

  /// Takes events of the program's own components. Safe to call from any
  /// thread.
  const emitter& events();

  /// A component of the program's own has failed, or works again: see
  /// record.hpp. Safe to call from any thread.
  void record_failure_event(std::string component_id, std::string failure_type,
                            severity level = severity::medium,
                            event_metadata metadata = {});
  void record_recovery_event(std::string component_id,
                             std::string recovery_method,
                             duration recovery_time,
                             event_metadata metadata = {});

  /// Returns the monitor of this node, which knows failures and recoveries of
  /// the whole cluster, and can be asked what is in monitor_requests.hpp:
  /// `fault_tolerance_report_request` above all. Safe to call from any thread.
  caf::actor monitor();

  /// Returns the supervisor of a service of this node, which can be asked what
  /// is in child_requests.hpp: to restart a replica, to change limits. Null
  /// while it is down, also in the first moments of a node; a restart makes
  /// another one. Safe to call from any thread once the node runs.
  /// @throws config_error if the service was not declared on this node
  caf::actor supervisor(const std::string& service);

  /// Keeps the messages that were sent, not requested, and that nobody will
  /// handle; see dead_letter.hpp for what it can be asked. Safe to call from
  /// any thread.
  caf::actor dead_letters();

  /// The way to them, for what takes messages besides services:
  /// `thread_pool_settings::letters`. Safe to call from any thread.
  dead_letter_box letter_box();

  /// Calls `hook` when all services were started. What it throws stops the
  /// node: `listen_error` with exit code 69.
  void on_start(std::function<void()> hook);

  /// Calls `hook` when the node was told to stop, while it still serves.
  void on_drain(std::function<void()> hook);

  /// Calls `hook` after the drain, before services stop.
  void on_stop(std::function<void()> hook);

  /// Adds a pair to the event `node_started`, for those who read the log.
  /// @throws config_error if the key is no name, or the node has started: from
  /// hooks of `on_start`, or earlier
  void announce(const std::string& key, const std::string& value);

  /// Stops the node as SIGTERM does. Safe to call from any thread.
  void stop() noexcept;

  /// Returns whether the node was started with `--chaos`, so that experiments
  /// may make it fail on purpose. Safe to call from any thread.
  bool chaos() const noexcept;

  /// Returns whether the node was told to stop. Safe to call from any thread.
  bool draining() const noexcept;

  /// Safe to call from any thread once the node runs.
  node_health health() const;

private:
  service_builder declare(const std::string& name, replica_factory factory);
  caf::actor_system_config& config();
  [[noreturn]] void refuse_option(const std::string& name) const;
  const std::any* find_option(const std::string& name) const;

  detail::node_core& core_;
};

} // namespace bulwark
