#include <bulwark/protection/detail/breaker_notices.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;

namespace {

using enum breaker_state;

breaker_change to(breaker_state state, breaker_cause why) {
  breaker_change result;
  result.to = state;
  result.why = why;
  return result;
}

const auto opened = to(open, breaker_cause::failures);
const auto opened_again = to(open, breaker_cause::probe_failed);
const auto well = to(closed, breaker_cause::probes_succeeded);

} // namespace

TEST_CASE("a node tells that its breaker opened, and that it closed itself",
          "[breaker][cluster]") {
  breaker_notices a{"a", 7};
  CHECK_FALSE(a.changed(to(half_open, breaker_cause::told_by_node)));
  CHECK_FALSE(a.changed(well));
  CHECK(a.changed(opened) == breaker_notice{"a", 7, 1, true});
  CHECK_FALSE(a.changed(opened_again));
  CHECK(a.changed(well) == breaker_notice{"a", 7, 2, false});
  CHECK(a.changed(opened) == breaker_notice{"a", 7, 3, true});
  // A reset is nobody else's business, the next opening is.
  CHECK_FALSE(a.changed(to(closed, breaker_cause::told_by_operator)));
  CHECK(a.changed(opened) == breaker_notice{"a", 7, 4, true});
  CHECK(a.knowledge().notices.size() == 1);
}

TEST_CASE("a notice makes careful once, and an older one never",
          "[breaker][cluster]") {
  breaker_notices b{"b", 1};
  CHECK(b.heard(breaker_notice{"a", 7, 3, true}) == breaker_advice::caution);
  CHECK(b.heard(breaker_notice{"a", 7, 3, true}) == breaker_advice::nothing);
  CHECK(b.heard(breaker_notice{"a", 7, 1, true}) == breaker_advice::nothing);
  CHECK(b.heard(breaker_notice{"a", 6, 9, true}) == breaker_advice::nothing);
  CHECK(b.heard(breaker_notice{"a", 7, 4, false}) == breaker_advice::nothing);
  CHECK(b.heard(breaker_notice{"a", 8, 1, true}) == breaker_advice::caution);
  CHECK(b.heard(breaker_notice{"c", 1, 1, true}) == breaker_advice::caution);
  CHECK(b.heard(breaker_notice{"b", 9, 9, true}) == breaker_advice::nothing);
}

TEST_CASE("the latest order counts, wherever it was given",
          "[breaker][cluster]") {
  breaker_notices a{"a", 1};
  breaker_notices b{"b", 1};
  auto forced = a.order(true);
  CHECK(b.heard(forced) == breaker_advice::force_open);
  CHECK(b.heard(forced) == breaker_advice::nothing);
  auto released = b.order(false);
  CHECK(a.heard(released) == breaker_advice::release);
  CHECK(a.heard(forced) == breaker_advice::nothing);
  // Given on both sides of a partition: all take the same.
  auto one = a.order(true);
  auto other = b.order(false);
  CHECK(a.heard(other) == breaker_advice::release);
  CHECK(b.heard(one) == breaker_advice::nothing);
  CHECK(a.knowledge() == b.knowledge());
}

TEST_CASE("an order comes back to a node that was started anew",
          "[breaker][cluster]") {
  breaker_notices a{"a", 1};
  breaker_notices b{"b", 1};
  CHECK(b.heard(a.order(true)) == breaker_advice::force_open);
  breaker_notices again{"a", 2};
  CHECK(again.heard(b.knowledge().order) == breaker_advice::force_open);
  CHECK(b.heard(again.order(false)) == breaker_advice::release);
}

TEST_CASE("of more nodes than may be known nothing is heard",
          "[breaker][cluster]") {
  breaker_notices a{"a", 1};
  size_t careful = 0;
  for (size_t i = 0; i < breaker_notices::origins_max + 100; ++i) {
    auto advice = a.heard(breaker_notice{"n" + std::to_string(i), 1, 1, true});
    careful += advice == breaker_advice::caution ? 1 : 0;
  }
  CHECK(careful >= breaker_notices::origins_max);
  CHECK(careful <= breaker_notices::origins_max + 1);
}
