#include <bulwark/rate/detail/keyed_rate.hpp>

#include <catch2/catch.hpp>

#include <string>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr time_point start{1h};

constexpr rate_options ten_a_second{
  .rate = 10, .period = 1s, .burst = 5, .keys_max = 2};

} // namespace

TEST_CASE("each key has a rate of its own", "[rate]") {
  keyed_rate rates{ten_a_second};
  CHECK(rates.take("ada", start, 5).granted);
  CHECK(rates.take("ada", start) == rate_verdict{false, 100ms});
  CHECK(rates.take("bob", start, 5).granted);
  CHECK(rates.size() == 2);
}

TEST_CASE("a key that has all its permits back makes room", "[rate]") {
  keyed_rate rates{ten_a_second};
  CHECK(rates.take("ada", start, 5).granted);
  CHECK(rates.take("bob", start, 1).granted);
  CHECK(rates.take("eve", start + 100ms, 5).granted);
  CHECK(rates.shared_count() == 0);
  CHECK(rates.size() == 2);
  // Ada was not forgotten.
  CHECK(rates.take("ada", start + 100ms, 2) == rate_verdict{false, 100ms});
}

TEST_CASE("where no key can be forgotten the new ones share one rate",
          "[rate]") {
  keyed_rate rates{ten_a_second};
  CHECK(rates.take("ada", start, 5).granted);
  CHECK(rates.take("bob", start, 5).granted);
  CHECK(rates.take("eve", start, 3).granted);
  CHECK(rates.take("joe", start, 3) == rate_verdict{false, 100ms});
  CHECK(rates.shared_count() == 2);
  // Known from here on, but with what is left of the shared ones.
  CHECK(rates.take("eve", start + 500ms, 5).granted);
  CHECK(rates.take("joe", start + 500ms, 5).granted);
  CHECK(rates.shared_count() == 2);
  CHECK(rates.take("max", start + 500ms, 5).granted);
  CHECK(rates.shared_count() == 3);
}

TEST_CASE("a key that used the shared rate gets no burst of its own",
          "[rate]") {
  auto options = ten_a_second;
  options.keys_max = 1;
  keyed_rate rates{options};
  CHECK(rates.take("ada", start, 1).granted);
  CHECK(rates.take("eve", start, 5).granted);
  CHECK(rates.take("eve", start + 100ms, 2) == rate_verdict{false, 100ms});
  CHECK(rates.shared_count() == 1);
}

TEST_CASE("a key that is used is not forgotten by an old look at it",
          "[rate]") {
  keyed_rate rates{ten_a_second};
  CHECK(rates.take("ada", start, 1).granted);
  CHECK(rates.take("bob", start, 1).granted);
  CHECK(rates.take("ada", start + 100ms, 5).granted);
  CHECK(rates.take("eve", start + 100ms, 5).granted);
  CHECK(rates.take("ada", start + 100ms) == rate_verdict{false, 100ms});
}

TEST_CASE("a key is not forgotten a nanosecond too early", "[rate]") {
  gcra rate{{.rate = 3, .period = 1s, .burst = 1}};
  CHECK(rate.take(start).granted);
  CHECK(rate.full_at() == start + 333'333'334ns);
}

TEST_CASE("very long keys share one rate", "[rate]") {
  keyed_rate rates{ten_a_second};
  auto longest = std::string(keyed_rate::key_length_max, 'x');
  CHECK(rates.take(longest, start, 5).granted);
  CHECK(rates.take(longest + "1", start, 5).granted);
  CHECK_FALSE(rates.take(longest + "2", start, 1).granted);
  CHECK(rates.size() == 1);
  CHECK(rates.shared_count() == 2);
}

TEST_CASE("a changed rate is that of all keys, known or not", "[rate]") {
  auto options = ten_a_second;
  options.keys_max = 3;
  keyed_rate rates{options};
  for (auto key : {"ada", "bob", "eve"})
    CHECK(rates.take(key, start, 3).granted);
  CHECK(rates.take("joe", start, 5).granted);
  options.rate = 1;
  options.burst = 20;
  options.keys_max = 1;
  rates.change(options, start);
  CHECK(rates.take("ada", start, 2).granted);
  CHECK(rates.take("ada", start) == rate_verdict{false, 1s});
  CHECK(rates.take("joe", start) == rate_verdict{false, 1s});
  // Bob and Eve have theirs back after 18 s, Ada after 20 s.
  CHECK(rates.take("joe", start + 19s, 19).granted);
  CHECK(rates.size() == 1);
  CHECK(rates.take("joe", start + 20s, 2) == rate_verdict{false, 1s});
  CHECK(rates.take("joe", start + 20s, 1).granted);
  CHECK(rates.size() == 1);
}

TEST_CASE("keys make room when a changed rate gives them theirs back",
          "[rate]") {
  keyed_rate rates{ten_a_second};
  CHECK(rates.take("ada", start, 5).granted);
  CHECK(rates.take("bob", start, 1).granted);
  rates.change(ten_a_second, start);
  CHECK(rates.take("eve", start + 100ms).granted);
  CHECK(rates.shared_count() == 0);
  CHECK(rates.take("joe", start + 100ms).granted);
  CHECK(rates.shared_count() == 1);
  auto faster = ten_a_second;
  faster.rate = 1000;
  rates.change(faster, start + 100ms);
  CHECK(rates.take("joe", start + 105ms).granted);
  CHECK(rates.shared_count() == 1);
}

TEST_CASE("where too many keys had to be looked at, the rate is shared",
          "[rate]") {
  auto options = ten_a_second;
  options.keys_max = keyed_rate::looks_max + 1;
  keyed_rate rates{options};
  for (size_t i = 0; i < options.keys_max; ++i)
    CHECK(rates.take(std::to_string(i), start, 5).granted);
  CHECK(rates.take("new", start).granted);
  CHECK(rates.size() == options.keys_max);
  CHECK(rates.shared_count() == 1);
}

TEST_CASE("giving back to a key that is not known changes nothing", "[rate]") {
  keyed_rate rates{ten_a_second};
  rates.give_back("ada", 3);
  CHECK(rates.size() == 0);
  CHECK(rates.take("ada", start, 5).granted);
  rates.give_back("ada", 3);
  CHECK(rates.take("ada", start, 3).granted);
  CHECK_FALSE(rates.take("ada", start).granted);
}

TEST_CASE("a flood of keys is bounded in memory and in looks", "[rate]") {
  auto options = ten_a_second;
  options.keys_max = 1000;
  keyed_rate rates{options};
  auto now = start;
  for (int i = 0; i < 50'000; ++i) {
    auto key = std::to_string(i);
    static_cast<void>(rates.take(key, now += 10us));
    static_cast<void>(rates.take(key, now));
  }
  CHECK(rates.size() == 1000);
  CHECK(rates.shared_count() > 0);
  // After a rest all of them can be forgotten.
  auto shared = rates.shared_count();
  now += 1s;
  for (int i = 0; i < 1000; ++i)
    CHECK(rates.take("new " + std::to_string(i), now, 5).granted);
  CHECK(rates.shared_count() == shared);
}
