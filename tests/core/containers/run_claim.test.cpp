#include <bulwark/containers/detail/run_claim.hpp>

#include <catch2/catch.hpp>

using bulwark::run_claim;
using sight = bulwark::run_claim::sight;

TEST_CASE("the scheduler begins what was scheduled, once", "[run_claim]") {
  run_claim claim;
  auto [push, watch] = claim.schedule();
  CHECK(push);
  CHECK(watch);
  CHECK(claim.begin());
  // It is run; the entry in the list finds nothing.
  CHECK(claim.look() == sight::idle);
  CHECK_FALSE(claim.begin());
}

TEST_CASE("an observer takes what was not begun between two looks",
          "[run_claim]") {
  run_claim claim;
  (void)claim.schedule();
  CHECK(claim.look() == sight::fresh);
  CHECK(claim.look() == sight::taken);
  CHECK(claim.look() == sight::idle);
  // The scheduler's entry comes too late.
  CHECK_FALSE(claim.begin());
}

TEST_CASE("what was scheduled again is fresh again", "[run_claim]") {
  run_claim claim;
  (void)claim.schedule();
  CHECK(claim.look() == sight::fresh);
  CHECK(claim.begin());
  auto [push, watch] = claim.schedule();
  CHECK(push);
  CHECK_FALSE(watch);
  CHECK(claim.look() == sight::fresh);
  CHECK(claim.look() == sight::taken);
}

TEST_CASE("a scheduler that is stuck collects one entry", "[run_claim]") {
  run_claim claim;
  CHECK(claim.schedule().push);
  for (int i = 0; i < 3; ++i) {
    CHECK(claim.look() == sight::fresh);
    CHECK(claim.look() == sight::taken);
    auto [push, watch] = claim.schedule();
    CHECK_FALSE(push);
    CHECK(watch);
  }
  // That entry serves the latest schedule.
  CHECK(claim.begin());
  CHECK_FALSE(claim.begin());
  CHECK(claim.look() == sight::idle);
  CHECK(claim.schedule().push);
}

TEST_CASE("what found no place in the queue is the observer's", "[run_claim]") {
  run_claim claim;
  CHECK(claim.schedule().push);
  claim.not_queued();
  CHECK(claim.look() == sight::fresh);
  CHECK(claim.look() == sight::taken);
  CHECK(claim.schedule().push);
}

TEST_CASE("what found no place in the list is offered again", "[run_claim]") {
  run_claim claim;
  CHECK(claim.schedule().watch);
  claim.not_watched();
  CHECK(claim.begin());
  CHECK(claim.schedule().watch);
}
