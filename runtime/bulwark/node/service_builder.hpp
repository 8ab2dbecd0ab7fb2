#pragma once

#include <bulwark/caf/content_type.hpp>
#include <bulwark/options/service_settings.hpp>
#include <bulwark/protection/breaker_options.hpp>
#include <bulwark/protection/fallback_options.hpp>
#include <bulwark/protection/hedge_options.hpp>
#include <bulwark/protection/retry_options.hpp>
#include <bulwark/redundancy/balancing_strategy.hpp>
#include <bulwark/redundancy/ejection_options.hpp>
#include <bulwark/redundancy/group_options.hpp>
#include <bulwark/redundancy/probe_options.hpp>
#include <bulwark/supervision/dependency_graph.hpp>
#include <bulwark/supervisor/resume_on.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>
#include <caf/message_handler.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace bulwark {

namespace detail {
struct service_declaration;
} // namespace detail

/// Says more about a service that was just declared:
/// `node.service("orders", orders).replicas(2).depends_on("payments")`.
///
/// Each call throws `config_error` if what it is given makes no sense by
/// itself; what depends on several calls is checked before the node starts.
///
/// Confined to the setup of a node.
class service_builder {
public:
  explicit service_builder(detail::service_declaration& what) : what_(what) {}

  /// How each replica is restarted.
  service_builder& restart(const restart_options& options);

  /// How many restarts all replicas together may need.
  service_builder& supervisor(const supervisor_options& options);

  /// Whose replicas are started again when one of them dies, on this node: any
  /// strategy but `simple_one_for_one`, whose children have no gate.
  service_builder& strategy(restart_strategy strategy);

  /// `limit_action::escalate`: a replica beyond its limit ends the node with
  /// exit code 70, instead of cooling down alone.
  service_builder& on_limit(limit_action action);

  /// What the gate promises and its limits.
  service_builder& gate(const gate_options& options);

  /// Short for the field `timeout` of the gate's options.
  service_builder& timeout(duration length);

  /// A circuit breaker for the calls of this node's clients, see
  /// service_breaker.hpp; `node::breaker` returns it.
  service_builder& breaker(const breaker_options& options = {});

  /// Idempotent calls of this node's clients that failed are tried again after
  /// a backoff, rather at another replica, within a budget for all of them.
  service_builder& retry(const retry_options& options = {},
                         const retry_budget_options& budget = {});

  /// Idempotent requests of this node's clients that take long, and have no
  /// key, are sent to another replica as well, within the same budget; the
  /// first value is the answer. `extra` is 1.
  service_builder& hedge(hedge_options options = {});

  /// Requests of this node's clients that end with an error get the last good
  /// answer for the same content instead, unless it was the client's mistake.
  service_builder& last_good(fallback_options options = {});

  /// ... and, where there is none, what the handler for the message returns,
  /// which runs in the gate's actor and must not block; see
  /// `gate_substitutes`.
  ///
  ///     .or_else_do({[](const get_price&) { return price{0}; }})
  ///
  /// @throws config_error if the gate was asked for before
  service_builder& or_else_do(caf::message_handler make);

  /// ... and, where that has none, what another service answers to the same
  /// message within what is left of the call's time; `other` is its gate.
  /// @throws config_error if the gate was asked for before
  service_builder& or_else_ask(const caf::actor& other);

  /// ... and this answer, where there is none of all these.
  template <class... Ts>
  service_builder& or_else(Ts... values) {
    return fallback_value(caf::make_message(std::move(values)...));
  }

  /// The compartment that its work on this node is done in, declared by
  /// `node::bulkhead` before the node starts: a request holds a permit of it
  /// from when a replica gets it until the work comes back.
  /// @throws config_error if it is in one already
  service_builder& bulkhead(const std::string& name);

  /// Its replicas get threads of their own, which together with those of all
  /// services of that quota use no more CPU time than it has; declared by
  /// `node::cpu_quota` before the node starts. See cpu_quota.hpp. May be had
  /// beside a bulkhead.
  /// @throws config_error if it is in one already
  service_builder& cpu_quota(const std::string& name);

  /// Messages that begin with one of these types may be handled twice: when the
  /// replica that had taken one up dies, it is tried again, within the limits
  /// `poison_limit` and `bystander_limit` of `gate_options`. A client can say
  /// the same of one message, see call_options.hpp.
  template <class... Ts>
  service_builder& idempotent() {
    static_assert(sizeof...(Ts) > 0, "idempotent: name the types of messages");
    return idempotent({content_type_of<Ts>()...});
  }

  /// It runs on one node of the cluster at a time, of those that declare it:
  /// on the one that has the role of the service's name (role.hpp). Gates
  /// elsewhere send there; while no node has it, requests wait. No message is
  /// begun when the role's lease has ended, whatever held the node up.
  /// `role_token()` (role_token.hpp) tells a handler by which token it works.
  service_builder& singleton();

  /// How many actors of the service run on this node: 1 to 64.
  service_builder& replicas(size_t n);

  /// So many more that run but get no requests: one of them does, before the
  /// next request is refused, when fewer than `min_healthy` of the others are
  /// well. `options.min_healthy` does not count here.
  service_builder& standby(size_t n, const group_options& options = {});

  /// A replica that answers with errors, or much more slowly than the others,
  /// gets no requests for a while.
  service_builder& ejection(const ejection_options& options = {});

  /// Replicas are asked now and then whether they are well (health_probe.hpp);
  /// one that does not answer gets no requests, and a standby takes over for
  /// it. They may say so themselves at any time (health.hpp).
  /// @throws config_error if the gate was asked for before, or the service is
  /// an actor class that blocks
  service_builder& probes(const probe_options& options = {});

  /// One that came up gets less than its share for so long: a tenth, or as much
  /// as of this time has passed.
  /// @throws config_error if the gate was asked for before
  service_builder& slow_start(duration window);

  /// Which of several replicas gets a request. What has a key goes where others
  /// of its key are at work, whatever the strategy. Where handlers block, the
  /// default is one that is idle.
  service_builder& balance(balancing_strategy strategy);

  /// The same by `balancing_strategy::weighted`: how much each gets, in
  /// proportion, 1 to `balancing_weight_max`.
  service_builder& weights(std::vector<uint32_t> of_replicas);

  /// Where requests go while the service runs here and on other nodes: to this
  /// one (the default), or to all by how much they have to do.
  /// @throws config_error if the gate was asked for before
  service_builder& route(routing rule);

  /// With fewer replicas up, not counting those that stand by, the service
  /// counts as down.
  service_builder& min_healthy(size_t n);

  /// By how many steps the severity of its failures and outages is moved, -3
  /// to 3: a cache that nobody misses has less, what carries money more.
  service_builder& severity_shift(int steps);

  /// Its handlers block their thread: files, databases, sleep. Each replica
  /// then has a thread of its own.
  service_builder& blocking();

  /// Its replicas say by `report_ready` (ready.hpp) when they take messages,
  /// and have failed to start when they do not within `within`. Requests wait
  /// meanwhile.
  service_builder& reports_ready(duration within = std::chrono::seconds{30});

  /// A replica that has been in one handler for this long is replaced; 0:
  /// never.
  service_builder& hung_after(duration length);

  /// Keeps a replica and its state when a handler throws an exception of one
  /// of these types, not of one that derives from it: the message alone fails.
  template <class... Exceptions>
  service_builder& resume_on() {
    static_assert(sizeof...(Exceptions) > 0, "resume_on: name the exceptions");
    return on_failure({bulwark::resume_on<Exceptions>()...});
  }

  /// What certain failures of a replica mean. Of all rules, in the order of the
  /// calls, the first one that fits decides.
  service_builder& on_failure(const std::vector<failure_rule>& rules);

  /// Services that it cannot work without. They start earlier and stop later.
  template <class... Names>
  requires(sizeof...(Names) > 0) service_builder& depends_on(Names&&... names) {
    return uses({std::string{names}...}, dependency_kind::required);
  }

  /// Services that it can do without: while one is down the answer is less.
  template <class... Names>
  requires(sizeof...(Names)
           > 0) service_builder& uses_optional(Names&&... names) {
    return uses({std::string{names}...}, dependency_kind::optional);
  }

private:
  service_builder& fallback_value(caf::message value);
  service_builder& idempotent(std::vector<content_type> types);
  service_builder& uses(const std::vector<std::string>& names,
                        dependency_kind kind);

  detail::service_declaration& what_;
};

} // namespace bulwark
