#include <bulwark/pending_timers.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;

TEST_CASE("a timer is set once for each time", "[pending_timers]") {
  constexpr time_point start{1h};
  pending_timers timers;
  CHECK(timers.needs(start + 1h));
  CHECK_FALSE(timers.needs(start + 1h));
  CHECK_FALSE(timers.needs(start + 2h));
  // A steady stream of near ones.
  for (int i = 1; i <= 1000; ++i) {
    CHECK(timers.needs(start + i * 1s));
    timers.went_off(start + i * 1s);
    CHECK_FALSE(timers.needs(start + 1h));
    CHECK(timers.size() == 1);
  }
  timers.went_off(start + 1h);
  CHECK(timers.size() == 0);
  CHECK(timers.needs(start + 2h));
}

TEST_CASE("a bounded number of timers is noted, the nearest ones",
          "[pending_timers]") {
  constexpr time_point start{1h};
  pending_timers timers;
  for (int i = 1000; i > 0; --i)
    CHECK(timers.needs(start + i * 1s));
  CHECK(timers.size() == pending_timers::noted_max);
  timers.went_off(start + 63s);
  CHECK_FALSE(timers.needs(start + 64s));
  timers.went_off(start + 64s);
  CHECK(timers.needs(start + 1000s));
}
