#include <bulwark/replication/detail/acknowledgements.hpp>
#include <bulwark/replication/detail/promotion.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace bulwark::detail;

namespace {

/// What db-primary-2, the second of four, is told in epoch 6; two have to.
promotion attempt_of_second(const log_position& own) {
  return {4, 1, 2, 6, own};
}

log_index index_of(std::initializer_list<uint64_t> epochs) {
  log_index result{100};
  for (auto epoch : epochs)
    result.append({epoch, result.last().sequence + 1, 1000 + epoch});
  return result;
}

} // namespace

TEST_CASE("the furthest of those that have told leads", "[replication]") {
  auto own = log_position{3, 10, 1};
  auto [other, verdict] = GENERATE_COPY(table<log_position, promotion_verdict>({
    {{3, 9, 2}, promotion_verdict::lead},
    {{3, 10, 1}, promotion_verdict::lead},
    {{3, 11, 2}, promotion_verdict::another},
    // A longer log of an earlier epoch holds nothing acknowledged that the
    // shorter one lacks.
    {{2, 99, 2}, promotion_verdict::lead},
    {{4, 1, 2}, promotion_verdict::another},
  }));
  auto it = attempt_of_second(own);
  CHECK(it.decide(6, false) == promotion_verdict::too_few);
  it.on_told(3, 6, {true, 6, other});
  CAPTURE(other);
  CHECK(it.decide(6, false) == verdict);
  CHECK(it.furthest() == (verdict == promotion_verdict::lead ? 1 : 3));
}

TEST_CASE("what is told of another attempt, or without a promise, is no "
          "position",
          "[replication]") {
  auto it = attempt_of_second({3, 10, 1});
  it.on_told(3, 2, {true, 2, {3, 9, 2}});
  CHECK(it.decide(6, false) == promotion_verdict::too_few);
  it.on_told(3, 6, {false, 7, {3, 9, 2}});
  CHECK(it.decide(6, false) == promotion_verdict::outbid);
  CHECK(it.largest_epoch() == 7);
  // Also by itself: it was asked by somebody else.
  CHECK(attempt_of_second({3, 10, 1}).decide(7, true)
        == promotion_verdict::outbid);
}

TEST_CASE("with too few it says who is missing, and an operator may force it",
          "[replication]") {
  auto it = attempt_of_second({3, 10, 1});
  CHECK(explain_too_few(
          {"db-primary-1", "db-primary-2", "db-standby-1", "db-standby-2"},
          it.missing(), 2)
        == "1 of 4 members have told their position, and 2 are needed; "
           "missing: db-primary-1, db-standby-1, db-standby-2");
  CHECK(it.decide(6, true) == promotion_verdict::lead);
}

TEST_CASE("acknowledged is what is on the primary's and enough other disks",
          "[replication]") {
  auto log = index_of({1, 2, 2, 2});
  acknowledgements it{2, 4, 2};
  it.on_own(log);
  it.on_stored(0, *log.at(4), log);
  CHECK(it.acknowledged() == 0);
  it.on_stored(2, *log.at(3), log);
  CHECK(it.acknowledged() == 3);
  // Nobody tells less than before.
  it.on_stored(2, *log.at(2), log);
  it.on_stored(2, *log.at(3), log);
  CHECK(it.stored(2) == 3);
  CHECK(it.acknowledged() == 3);
  // Not the primary's entry.
  it.on_stored(3, {2, 4, 5}, log);
  CHECK(it.stored(3) == 0);
  CHECK(it.acknowledged() == 3);
}

TEST_CASE("entries of an earlier epoch are acknowledged by one of the "
          "primary's own",
          "[replication]") {
  auto log = index_of({1, 1, 2});
  acknowledgements it{2, 2, 1};
  it.on_stored(0, *log.at(2), log);
  CHECK(it.acknowledged() == 0);
  it.on_stored(0, *log.at(3), log);
  CHECK(it.acknowledged() == 3);
}

TEST_CASE("where no other one is needed the primary's disk will do",
          "[replication]") {
  auto log = index_of({1});
  acknowledgements it{1, 1, 0};
  CHECK(it.acknowledged() == 0);
  it.on_own(log);
  CHECK(it.acknowledged() == 1);
}
