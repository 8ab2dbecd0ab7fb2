#include "simulation/calls/call_plan.hpp"

#include "support/dice.hpp"

namespace test::sim {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

milliseconds time_between(dice& chance, size_t least, size_t most) {
  return milliseconds{least + chance.below(most - least + 1)};
}

bulwark::breaker_options make_breaker(dice& chance) {
  bulwark::breaker_options result;
  result.policy = chance.any<bulwark::breaker_policy>(4);
  result.failure_threshold = static_cast<uint32_t>(2 + chance.below(6));
  result.success_threshold = static_cast<uint32_t>(1 + chance.below(3));
  result.recovery_timeout = time_between(chance, 20, 300);
  result.window_calls = static_cast<uint32_t>(5 + chance.below(10));
  result.calls_min = static_cast<uint32_t>(2 + chance.below(4));
  result.probe_limit = time_between(chance, 20, 400);
  return result;
}

bulwark::retry_options make_retry(dice& chance) {
  bulwark::retry_options result;
  result.attempts = static_cast<uint32_t>(1 + chance.below(4));
  result.initial = time_between(chance, 1, 30);
  result.max = 100ms;
  if (chance.roll(1, 2))
    result.attempt_timeout = time_between(chance, 10, 80);
  return result;
}

} // namespace

call_plan make_call_plan(uint64_t seed) {
  dice chance{seed ^ 0x6361'6c6c'7365'7373};
  call_plan result;
  result.replicas = 1 + chance.below(4);
  result.gate.timeout = time_between(chance, 50, 400);
  result.gate.grace = time_between(chance, 10, 200);
  result.gate.stash_wait = result.gate.timeout;
  result.gate.bystander_limit = static_cast<uint32_t>(chance.below(3));
  result.breaker = make_breaker(chance);
  result.retry = make_retry(chance);
  result.budget.share = static_cast<double>(chance.below(6)) / 10;
  result.budget.per_second = static_cast<uint32_t>(chance.below(3));
  if (chance.roll(1, 2))
    result.hedge = {.extra = 1, .delay = time_between(chance, 2, 40)};
  if (chance.roll(1, 2)) {
    result.bulkhead.emplace();
    result.bulkhead->capacity = 1 + chance.below(6);
    result.bulkhead->queue = 1 + chance.below(9);
    result.bulkhead->queue_timeout = result.gate.timeout;
  }
  result.steps = 20 + chance.below(30);
  result.crashes = chance.roll(1, 3);
  result.keys = chance.roll(1, 4);
  return result;
}

} // namespace test::sim
