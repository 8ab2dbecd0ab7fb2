#include <bulwark/redundancy/balancing_rules.hpp>
#include <bulwark/redundancy/balancing_strategy.hpp>
#include <bulwark/text/detail/option_checks.hpp>

namespace bulwark {

std::string to_string(balancing_strategy strategy) {
  switch (strategy) {
  case balancing_strategy::two_choices:
    return "two_choices";
  case balancing_strategy::round_robin:
    return "round_robin";
  case balancing_strategy::random:
    return "random";
  case balancing_strategy::weighted:
    return "weighted";
  case balancing_strategy::least_in_flight:
    return "least_in_flight";
  case balancing_strategy::peak_ewma:
    return "peak_ewma";
  case balancing_strategy::consistent_hash:
    return "consistent_hash";
  }
  return "balancing_strategy(" + std::to_string(static_cast<int>(strategy))
         + ")";
}

balancing_rule rule_of(balancing_strategy strategy) noexcept {
  switch (strategy) {
  case balancing_strategy::round_robin:
  case balancing_strategy::random:
    return nth_that_is_up;
  case balancing_strategy::weighted:
    return drawn_by_weight;
  case balancing_strategy::least_in_flight:
    return least_loaded_of_all;
  case balancing_strategy::peak_ewma:
    return cheaper_of_two;
  case balancing_strategy::consistent_hash:
    return bounded_hash;
  case balancing_strategy::two_choices:
    break;
  }
  return least_loaded_of_two;
}

std::optional<std::string>
validate_weights(const std::vector<uint32_t>& weights, size_t replicas) {
  if (!weights.empty() && weights.size() != replicas)
    return "weights are " + std::to_string(weights.size())
           + "; there must be one for each replica, which are "
           + std::to_string(replicas);
  for (size_t i = 0; i < weights.size(); ++i)
    if (auto complaint =
          option_checks::within("weights[" + std::to_string(i) + "]",
                                uint64_t{weights[i]}, 1, balancing_weight_max))
      return complaint;
  return std::nullopt;
}

bool counts_requests(balancing_strategy strategy) noexcept {
  return strategy == balancing_strategy::round_robin;
}

} // namespace bulwark
