// What holds for every rate and every sequence of requests.
#include <bulwark/rate/detail/keyed_rate.hpp>
#include <bulwark/rate/detail/rate_limit.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <rapidcheck.h>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr time_point start{1h};

struct grant {
  time_point usable;
  uint64_t permits;
};

rate_options any_rate(rate_algorithm algorithm) {
  rate_options result{.rate = *rc::gen::inRange<uint64_t>(1, 2000),
                      .period =
                        duration{*rc::gen::inRange<int64_t>(1, 2'000'000'000)},
                      .burst = *rc::gen::inRange<uint64_t>(1, 20),
                      .algorithm = algorithm,
                      .keys_max = *rc::gen::inRange<size_t>(1, 4)};
  RC_ASSERT(validate(result) == std::nullopt);
  return result;
}

// Mostly about as long as some permits take, sometimes nothing, or back.
duration any_pause(const rate_options& options) {
  auto permit = options.period.count() / static_cast<int64_t>(options.rate) + 1;
  auto pause = *rc::gen::inRange<int64_t>(-permit, 3 * permit);
  return duration{*rc::gen::inRange(0, 3) == 0 ? 0 : pause};
}

// Within [a, b] at most burst + rate * (b - a) / period. A time to wait is
// rounded up to the nanosecond, so two of them may be one closer.
void require_within(const rate_options& options, std::vector<grant> grants) {
  std::sort(grants.begin(), grants.end(),
            [](auto& a, auto& b) { return a.usable < b.usable; });
  auto permit = static_cast<long double>(options.period.count());
  for (size_t from = 0; from < grants.size(); ++from) {
    uint64_t sum = 0;
    for (size_t to = from; to < grants.size(); ++to) {
      sum += grants[to].permits;
      auto length = (grants[to].usable - grants[from].usable).count() + 1;
      auto allowed = static_cast<long double>(options.burst) * permit
                     + static_cast<long double>(options.rate)
                         * static_cast<long double>(length);
      RC_ASSERT(static_cast<long double>(sum) * permit <= allowed);
    }
  }
}

// Takes, reserves and gives back at random; returns what was granted and kept.
template <class Rate>
std::vector<grant> play(Rate& rate, const rate_options& options) {
  std::vector<grant> result;
  auto now = start;
  auto latest = time_point::min();
  for (int i = 0; i < 60; ++i) {
    now += any_pause(options);
    latest = std::max(latest, now);
    auto n = *rc::gen::inRange<uint64_t>(1, options.burst + 2);
    auto wait_max = *rc::gen::element(0 * options.period, options.period);
    auto verdict = rate.reserve(now, n, wait_max);
    RC_ASSERT(verdict.granted || verdict.wait > wait_max);
    if (!verdict.granted)
      continue;
    if (*rc::gen::inRange(0, 4) == 0)
      rate.give_back(n);
    else
      result.push_back({latest + verdict.wait, n});
  }
  return result;
}

} // namespace

TEST_CASE("no window ever sees more than the burst and its share of the rate",
          "[rate][property]") {
  CHECK(rc::check([] {
    auto algorithm =
      *rc::gen::element(rate_algorithm::token_bucket, rate_algorithm::gcra);
    auto options = any_rate(algorithm);
    rate_limit rate{options};
    require_within(options, play(rate, options));
  }));
}

TEST_CASE("token bucket and GCRA decide the same", "[rate][property]") {
  CHECK(rc::check([] {
    auto options = any_rate(rate_algorithm::token_bucket);
    token_bucket one{options};
    gcra other{options};
    auto now = start;
    for (int i = 0; i < 60; ++i) {
      now += any_pause(options);
      auto n = *rc::gen::inRange<uint64_t>(0, options.burst + 2);
      auto wait_max = *rc::gen::element(0 * options.period, options.period);
      switch (*rc::gen::inRange(0, 6)) {
      case 0:
        one.give_back(n);
        other.give_back(n);
        break;
      case 1:
        options.rate = *rc::gen::inRange<uint64_t>(1, 2000);
        options.burst = *rc::gen::inRange<uint64_t>(1, 20);
        one.change(options, now);
        other.change(options, now);
        break;
      default:
        RC_ASSERT(one.reserve(now, n, wait_max)
                  == other.reserve(now, n, wait_max));
      }
      RC_ASSERT(one.available(now) == other.available(now));
    }
  }));
}

TEST_CASE("whoever waits as long as told is granted, and not before",
          "[rate][property]") {
  CHECK(rc::check([] {
    auto options = any_rate(rate_algorithm::gcra);
    gcra rate{options};
    play(rate, options);
    auto now = start + 1min;
    static_cast<void>(rate.reserve(now, options.burst, options.period));
    auto n = *rc::gen::inRange<uint64_t>(1, options.burst + 1);
    auto verdict = rate.take(now, n);
    RC_PRE(!verdict.granted);
    auto early = rate;
    RC_ASSERT(!early.take(now + verdict.wait - 1ns, n).granted);
    RC_ASSERT(rate.take(now + verdict.wait, n).granted);
  }));
}

TEST_CASE("no key ever gets more than its rate, whoever is forgotten",
          "[rate][property]") {
  CHECK(rc::check([] {
    auto options = any_rate(rate_algorithm::gcra);
    keyed_rate rates{options};
    std::map<std::string, std::vector<grant>> granted;
    auto now = start;
    auto latest = time_point::min();
    for (int i = 0; i < 120; ++i) {
      now += any_pause(options);
      latest = std::max(latest, now);
      auto key = std::string(1, *rc::gen::inRange('a', 'h'));
      auto n = *rc::gen::inRange<uint64_t>(1, options.burst + 2);
      auto wait_max = *rc::gen::element(0 * options.period, options.period);
      auto verdict = rates.reserve(key, now, n, wait_max);
      RC_ASSERT(rates.size() <= options.keys_max);
      if (!verdict.granted)
        continue;
      if (*rc::gen::inRange(0, 4) == 0)
        rates.give_back(key, n);
      else
        granted[key].push_back({latest + verdict.wait, n});
    }
    for (const auto& [key, grants] : granted)
      require_within(options, grants);
  }));
}

TEST_CASE("keys that have room do as if they were alone", "[rate][property]") {
  CHECK(rc::check([] {
    auto options = any_rate(rate_algorithm::gcra);
    options.keys_max = 3;
    keyed_rate rates{options};
    std::map<std::string, gcra> alone;
    auto now = start;
    for (int i = 0; i < 60; ++i) {
      now += std::max(any_pause(options), duration::zero());
      auto key = std::string(1, *rc::gen::inRange('a', 'd'));
      auto n = *rc::gen::inRange<uint64_t>(0, options.burst + 2);
      auto& other = alone.try_emplace(key, options).first->second;
      RC_ASSERT(rates.take(key, now, n) == other.take(now, n));
    }
    RC_ASSERT(rates.shared_count() == 0);
  }));
}
