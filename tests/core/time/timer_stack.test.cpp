#include <bulwark/time/detail/timer_stack.hpp>

#include <catch2/catch.hpp>

#include <iterator>
#include <random>
#include <set>

// Timers that cannot be taken back.

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

time_point at(duration since) {
  return time_point{1h + since};
}

} // namespace

TEST_CASE("one timer is enough for what is due later", "[timers]") {
  timer_stack timers;
  CHECK(timers.need(at(5s), at(0s)) == at(5s));
  CHECK_FALSE(timers.need(at(5s), at(1s)));
  CHECK_FALSE(timers.need(at(6s), at(1s)));
  CHECK(timers.size() == 1);
  timers.rang(at(5s));
  CHECK(timers.size() == 0);
  CHECK(timers.need(at(6s), at(5s)) == at(6s));
}

TEST_CASE("a far timer is remembered while near ones ring", "[timers]") {
  timer_stack timers;
  CHECK(timers.need(at(1h), at(0s)) == at(1h));
  for (auto now = 0s; now < 1000s; now += 10s) {
    CHECK(timers.need(at(now + 5s), at(now)) == at(now + 5s));
    timers.rang(at(now + 5s));
    CHECK_FALSE(timers.need(at(1h), at(now + 5s)));
    REQUIRE(timers.size() == 1);
  }
}

TEST_CASE("what is overdue is due at once", "[timers]") {
  timer_stack timers;
  CHECK(timers.need(at(1s), at(5s)) == at(1s));
  CHECK_FALSE(timers.need(at(1s), at(5s)));
  timers.rang(at(5s));
  CHECK(timers.size() == 0);
}

TEST_CASE("however deadlines come, timers are few and in time", "[timers]") {
  std::mt19937_64 random{GENERATE(range(1u, 20u))};
  timer_stack timers;
  std::set<time_point> set;
  std::multiset<time_point> due;
  auto now = at(0s);
  auto look = [&] {
    if (!due.empty())
      if (auto next = timers.need(*due.begin(), now)) {
        REQUIRE(*next <= *due.begin());
        set.insert(*next);
      }
    REQUIRE(timers.size() == set.size());
    auto far =
      std::distance(set.upper_bound(now + timer_stack::closest), set.end());
    REQUIRE(far <= static_cast<ptrdiff_t>(timer_stack::far_max));
  };
  for (int i = 0; i < 20'000; ++i) {
    // Mostly nearer than all others.
    auto far = random() % 4 == 0 || due.empty();
    auto most = far ? duration{24h} : *due.begin() - now;
    due.insert(now
               + duration{static_cast<int64_t>(
                 random() % static_cast<uint64_t>(most.count() + 1))});
    look();
    if (random() % 64 != 0)
      continue;
    REQUIRE_FALSE(set.empty());
    now = *set.begin();
    set.erase(set.begin());
    timers.rang(now);
    // Nothing was due earlier.
    REQUIRE(*due.begin() >= now);
    due.erase(due.begin(), due.upper_bound(now));
    look();
  }
}

TEST_CASE("timers to the end of time are few", "[timers]") {
  timer_stack timers;
  auto now = at(0s);
  auto due = time_point::max() - 1s;
  for (int i = 0; i < 200; ++i) {
    auto next = timers.need(due, now);
    if (!next)
      break;
    due = *next - duration{1};
    if (due <= now + timer_stack::closest)
      break;
  }
  CHECK(timers.size() <= timer_stack::far_max);
  CHECK(timers.size() > 30);
}
