#pragma once

#include "simulation/coverage.hpp"
#include "simulation/history.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace test::sim {

/// What came of one scene of calls.
struct call_outcome {
  std::optional<violation> broken;
  coverage met;

  /// What was seen, one line each.
  std::string text;
};

/// Plays calls of one service whose gate has a circuit breaker, retries with a
/// budget, hedges and a bulkhead, while its replicas fail, are slow and crash;
/// in virtual time and a random order of jobs. Beside the trees, whose checkers
/// know of one attempt per call. Judged by the checker called `only`, or by all
/// of `call_checkers` if that is empty.
call_outcome play_calls(uint64_t seed, const std::string& only);

/// one_answer: each request gets one answer, by its deadline.
/// attempts: no more are begun than its retries, its hedge, and the deaths of
/// replicas beside it allow.
/// budget: all extra attempts together are within the budget.
/// in_time: no attempt is begun after the deadline of its call.
/// probes: a half-open breaker has no more under way than it still wants.
/// all_back: nothing is left in the end, no permit either.
const std::vector<std::string>& call_checkers();

} // namespace test::sim
