#pragma once

#include <bulwark/gate/gate_options.hpp>
#include <bulwark/gate/peer_offer.hpp>
#include <bulwark/protection/breaker_options.hpp>
#include <bulwark/protection/fallback_options.hpp>
#include <bulwark/protection/hedge_options.hpp>
#include <bulwark/protection/retry_options.hpp>
#include <bulwark/redundancy/balancing_strategy.hpp>
#include <bulwark/redundancy/ejection_options.hpp>
#include <bulwark/redundancy/group_options.hpp>
#include <bulwark/redundancy/probe_options.hpp>
#include <bulwark/redundancy/usage_options.hpp>
#include <bulwark/supervision/failure_rule.hpp>
#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/supervision/supervisor_policy.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulwark {

/// Everything about a service that is a matter of settings: in the code, in
/// the file of options, on the command line.
///
/// Immutable after construction.
struct service_settings {
  /// Of each replica.
  restart_options restart{};

  /// Of all replicas together.
  supervisor_options supervisor{};

  gate_options gate{};

  /// The circuit breaker of its gate; nothing: it has none. Of a service that
  /// runs elsewhere, too: it counts the calls of this node.
  std::optional<breaker_options> breaker{};

  /// How its gate tries idempotent calls again that failed; nothing: only when
  /// a replica died, see `gate_options`. And the budget for that, of one node.
  std::optional<retry_options> retry{};
  retry_budget_options retry_budget{};

  /// When its gate sends such a call to another replica as well: `extra` is 0
  /// or 1.
  hedge_options hedge{};

  /// Whether, and how many, good answers it keeps for the time when there are
  /// none.
  fallback_options fallback{};

  /// Whose replicas are started again when one of them dies. Not
  /// simple_one_for_one: how many there are is said by `replicas`.
  restart_strategy strategy = restart_strategy::one_for_one;

  /// What a replica beyond its limit means: it alone cools down, or the node
  /// fails and ends with exit code 70, for services without which it is of no
  /// use. Then any client of the service can end the node, with a message that
  /// crashes it.
  limit_action on_limit = limit_action::cool_down;

  /// Running actors of the service on this node, 1 to `replicas_max`.
  size_t replicas = 1;

  /// So many more, which run and get no requests until fewer than `min_healthy`
  /// of the others are well. Together at most `replicas_max`.
  size_t standby = 0;

  /// With fewer replicas up, not counting those that stand by, the service
  /// counts as down. At least 1, at most `replicas`.
  size_t min_healthy = 1;

  /// How its replicas behave as a group with standbys; `min_healthy` is the
  /// service's.
  group_options group{};

  /// When a replica that is up gets no requests for a while, because of its
  /// answers; nothing: never.
  std::optional<ejection_options> ejection{};

  /// How replicas are asked whether they are well; nothing: never. Of one that
  /// is no actor class that blocks.
  std::optional<probe_options> probe{};

  /// Which of them gets a request; and, for `weighted`, how much each gets, in
  /// proportion, 1 to `balancing_weight_max`: one for each, or none.
  balancing_strategy balance = balancing_strategy::two_choices;
  std::vector<uint32_t> weights{};

  /// Where its requests go while it runs here and on other nodes: to this one,
  /// or to all by how much they have to do.
  routing route = routing::local_first;

  /// For so long one that came up gets less than its share: a tenth, or as much
  /// as of this time has passed; at most 1 h. 0: its share at once, which is so
  /// by `consistent_hash`, and by default where handlers block.
  duration slow_start{0};

  /// By how many steps the severity of its failures and outages is moved, -3
  /// to 3; see `child_spec`.
  int severity_shift = 0;

  /// Its handlers block their thread: each replica gets one of its own.
  bool blocking = false;

  /// It calls `report_ready` when it takes messages; otherwise it does when
  /// its behaviour is installed.
  bool reports_ready = false;

  /// A replica that is not up after this long has failed to start.
  duration ready_within = std::chrono::seconds{30};

  /// A replica that has been in one handler for this long hangs: it is killed,
  /// abandoned if need be, and replaced; see `child_spec`. 0: never; else at
  /// least 10 ms.
  duration hung_after = std::chrono::seconds{60};

  /// What certain failures of a replica mean; the first rule that fits
  /// decides. In the code only.
  std::vector<failure_rule> on_failure{};

  static constexpr size_t replicas_max = 64;

  /// Returns which of its replicas on one node get requests.
  usage_options usage() const {
    auto options = group;
    options.min_healthy = min_healthy;
    return {replicas, standby, options, ejection, probe};
  }

  friend bool operator==(const service_settings&,
                         const service_settings&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const service_settings& settings);

/// The same for what a gate is made with, also of a service that runs
/// elsewhere.
[[nodiscard]] std::optional<std::string>
validate_gate(const service_settings& settings);

} // namespace bulwark
