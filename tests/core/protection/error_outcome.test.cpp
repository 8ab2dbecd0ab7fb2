#include <bulwark/protection/detail/error_outcome.hpp>

#include <catch2/catch.hpp>

#include <set>

using namespace bulwark;

namespace {

const std::set<errc> failures{errc::service_crashed, errc::timed_out,
                              errc::unreachable,     errc::service_hung,
                              errc::replica_lost,    errc::task_failed,
                              errc::task_abandoned,  errc::connection_failed};

const std::set<errc> refusals{
  errc::service_failed, errc::stopped,          errc::draining,
  errc::stash_full,     errc::stash_expired,    errc::too_many_requests,
  errc::bulkhead_full,  errc::bulkhead_timeout, errc::bulkhead_isolated,
  errc::rate_limited,   errc::memory_exhausted, errc::circuit_open};

} // namespace

TEST_CASE("of our errors those count as failures that tell of a service",
          "[breaker]") {
  for (int i = 1; i <= static_cast<int>(errc::circuit_open); ++i) {
    auto code = static_cast<errc>(i);
    CAPTURE(to_string(code));
    CHECK((outcome_of(code) == call_outcome::failure)
          == (failures.count(code) == 1));
    CHECK(outcome_of(code) != call_outcome::success);
    CHECK(was_never_handled(code) == (refusals.count(code) == 1));
  }
}

TEST_CASE("an error of a service's own counts as a failure", "[breaker]") {
  CHECK(outcome_of(static_cast<errc>(200)) == call_outcome::failure);
  CHECK_FALSE(was_never_handled(static_cast<errc>(200)));
}
