#pragma once

#include <bulwark/ledger/objectives.hpp>
#include <bulwark/time/time.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulwark {

/// What is up and down by itself. `others` stands for all of a node that have
/// no place of their own in the ledger.
enum class component_kind : uint8_t {
  replica,
  service,
  node,
  application,
  cluster_service,
  others,
};

/// How a component is: never failed; in an outage of its own; failed once and
/// up again; on a node that is lost; absent on purpose.
enum class component_condition : uint8_t {
  healthy,
  failed,
  recovered,
  unreachable,
  stopped,
};

std::string to_string(component_kind kind);
std::string to_string(component_condition condition);

/// Shares of the time in per cent, 0 to 100. Each window is cut to the time
/// in which the component was known and not absent on purpose.
struct availabilities {
  double last_1h = 100;
  double last_24h = 100;
  double last_30d = 100;

  /// Over the window that was asked for.
  double window = 100;

  friend bool operator==(const availabilities&,
                         const availabilities&) = default;
};

/// What the ledger knows of one component.
struct component_report {
  /// `alpha:/root/orders`, `node/alpha`, `service/orders`, `alpha:...others`.
  std::string id;
  component_kind kind = component_kind::replica;

  /// Empty for a cluster service.
  std::string node;
  std::string path;
  component_condition condition = component_condition::healthy;
  wall_time known_since{};

  uint64_t failures = 0;
  uint64_t recoveries = 0;

  /// Recoveries that the monitor has made up after it had lost events.
  uint64_t estimated = 0;
  uint64_t outages = 0;

  /// Mean time between the beginnings of outages; infinite below two.
  double mtbf_hours = std::numeric_limits<double>::infinity();

  /// Mean recovery time; 0 without a recovery that was measured.
  double mttr_minutes = 0;
  availabilities availability;
  std::optional<wall_time> last_failure;

  /// Since when it is down, by itself or with its node.
  std::optional<wall_time> down_since;

  friend bool operator==(const component_report&,
                         const component_report&) = default;
};

/// Why one failure may have led to another.
enum class cascade_link : uint8_t {
  none,
  dependency,
  supervisor,
  bulkhead,
  node
};

std::string to_string(cascade_link link);

/// One failure of a cascade. The first has no `after`.
struct cascade_member {
  std::string component;
  wall_time at{};

  /// Index of the member that failed before.
  size_t after = 0;
  cascade_link through = cascade_link::none;

  friend bool operator==(const cascade_member&,
                         const cascade_member&) = default;
};

/// Failures that followed each other within 300 s, in the order of time.
struct cascade_tree {
  static constexpr size_t members_max = 20;

  std::vector<cascade_member> members;

  /// How many followed beyond `members_max`.
  uint64_t more = 0;

  friend bool operator==(const cascade_tree&, const cascade_tree&) = default;
};

/// All failures, also those of replicas.
struct failure_patterns {
  /// info, low, medium, high, critical.
  std::array<uint64_t, 5> by_severity{};
  std::map<std::string, uint64_t> by_type;

  /// By the hour of the day, UTC.
  std::array<uint64_t, 24> by_hour{};

  /// Failures within 300 s after the one before, whichever that was.
  uint64_t cascade_failures = 0;

  /// Failures within 300 s after one of a component that has to do with it.
  uint64_t cascades = 0;

  /// The latest ones, oldest first.
  std::vector<cascade_tree> trees;

  friend bool operator==(const failure_patterns&,
                         const failure_patterns&) = default;
};

/// What is left of an objective's budget for one component.
struct budget_report {
  std::string component;
  objective goal;

  /// How long it may be down within the objective's window, and was.
  std::chrono::microseconds allowed{0};
  std::chrono::microseconds used{0};

  /// Of what is allowed; below 0 when more was used.
  double left_share = 1;

  struct burn {
    double long_rate = 0;
    double short_rate = 0;
    bool firing = false;

    friend bool operator==(const burn&, const burn&) = default;
  };

  /// In the order of `burn_rules`.
  std::array<burn, burn_rules.size()> burns{};

  friend bool operator==(const budget_report&, const budget_report&) = default;
};

enum class recommendation_rule : uint8_t {
  availability,
  recovery_time,
  failure_count,
  component_recovery_time,
  cascades,
};

std::string to_string(recommendation_rule rule);

/// What a person should look at, and the figure that says so.
struct recommendation {
  recommendation_rule rule = recommendation_rule::availability;

  /// Empty where it is about the system.
  std::string component;
  double figure = 0;
  std::string words;

  friend bool operator==(const recommendation&,
                         const recommendation&) = default;
};

/// Numbers of an origin that the ledger lacks, from first to last.
struct sequence_gap {
  std::string node;
  uint64_t boot = 0;
  uint64_t from = 0;
  uint64_t to = 0;

  friend bool operator==(const sequence_gap&, const sequence_gap&) = default;
};

/// How good the warnings were that nodes have given.
struct warning_counts {
  uint64_t raised = 0;

  /// Settled: what they foresaw has happened, or not.
  uint64_t hits = 0;
  uint64_t false_alarms = 0;

  friend bool operator==(const warning_counts&,
                         const warning_counts&) = default;
};

/// Everything that people read. Immutable after construction.
struct fault_tolerance_report {
  wall_time timestamp{};
  duration window{};

  // Of services, nodes and application components.
  uint64_t total_failures = 0;
  uint64_t total_recoveries = 0;
  uint64_t total_estimated = 0;
  uint64_t known_components = 0;

  /// Those that were down within the last 24 h.
  uint64_t failed_24h = 0;
  double mtbf_hours = std::numeric_limits<double>::infinity();
  double mttr_minutes = 0;

  /// Mean over the components.
  availabilities availability;

  /// Share of the time in which none of them was down.
  availabilities all_up;

  /// 0 to 100.
  double fault_tolerance_score = 100;

  /// In the order of `id`.
  std::vector<component_report> components;
  failure_patterns patterns;
  std::vector<budget_report> budgets;
  std::vector<recommendation> recommendations;
  warning_counts warnings;

  /// At most `gaps_max`, in the order of node, boot and number.
  std::vector<sequence_gap> gaps;
  static constexpr size_t gaps_max = 100;

  /// How many gaps are not listed.
  uint64_t gaps_more = 0;

  /// Events that came when their hour was closed, and that changed nothing.
  uint64_t late = 0;

  /// Events that emitters have dropped and told of.
  uint64_t dropped = 0;

  /// Events that had no place, see `ledger_options`.
  uint64_t refused = 0;

  friend bool operator==(const fault_tolerance_report&,
                         const fault_tolerance_report&) = default;
};

} // namespace bulwark
