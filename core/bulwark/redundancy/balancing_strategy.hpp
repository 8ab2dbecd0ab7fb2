#pragma once

#include <bulwark/gate/balancing_rule.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulwark {

/// Which replica of several gets a request.
enum class balancing_strategy : uint8_t {
  /// The one with less to do of two that are chosen at random.
  two_choices,
  /// One after the other.
  round_robin,
  /// Any.
  random,
  /// Any, those of a greater weight more often.
  weighted,
  /// The one with the least to do.
  least_in_flight,
  /// Of two that are chosen at random the one where the request is answered
  /// earlier, by how long others took there.
  peak_ewma,
  /// Requests of one key go to the same one, unless that has much more to do
  /// than the others.
  consistent_hash,
};

/// Returns the name of `strategy` as written above.
std::string to_string(balancing_strategy strategy);

/// Returns the rule that does so.
balancing_rule rule_of(balancing_strategy strategy) noexcept;

/// A replica's weight is at least 1 and at most this.
inline constexpr uint32_t balancing_weight_max = 1000;

/// Returns the first complaint about the weights of so many replicas, with
/// field, value and rule, or nothing. None at all: all are the same.
[[nodiscard]] std::optional<std::string>
validate_weights(const std::vector<uint32_t>& weights, size_t replicas);

/// What the number is that the rule is asked with: whether each request has the
/// next one, instead of any.
bool counts_requests(balancing_strategy strategy) noexcept;

} // namespace bulwark
