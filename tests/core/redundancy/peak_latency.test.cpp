#include <bulwark/redundancy/detail/peak_latency.hpp>

#include <catch2/catch.hpp>

#include <cmath>

// How long a replica takes, as a balancing rule sees it.

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr time_point dawn{1h};

double ms(duration length) {
  return std::chrono::duration<double, std::milli>{length}.count();
}

} // namespace

TEST_CASE("a slower answer counts at once, a faster one by the time since",
          "[balancing]") {
  peak_latency it;
  it.start(10ms, dawn);
  CHECK(it.at(dawn) == 10ms);
  it.answered(500ms, dawn);
  CHECK(it.at(dawn) == 500ms);
  it.answered(1ms, dawn);
  CHECK(it.at(dawn) == 500ms);
  it.answered(1ms, dawn + 10s);
  auto left = std::exp(-1.0);
  CHECK(ms(it.at(dawn + 10s)) == Approx(500 * left + 1 - left).margin(0.001));
}

TEST_CASE("what is known is forgotten also while nobody asks", "[balancing]") {
  peak_latency it;
  it.start(0ms, dawn);
  it.answered(1s, dawn);
  CHECK(ms(it.at(dawn + 10s)) == Approx(1000 * std::exp(-1.0)).margin(0.001));
  CHECK(ms(it.at(dawn + 30s)) == Approx(1000 * std::exp(-3.0)).margin(0.001));
  // Reading changes nothing.
  CHECK(it.at(dawn) == 1s);
}

TEST_CASE("many answers that come at once are one step of time",
          "[balancing]") {
  peak_latency once;
  peak_latency often;
  for (auto* each : {&once, &often})
    each->start(100ms, dawn);
  once.answered(10ms, dawn + 1s);
  for (int i = 0; i < 1000; ++i)
    often.answered(10ms, dawn + 1s);
  CHECK(often.at(dawn + 1s) == once.at(dawn + 1s));
}

// ingress-nginx #5540: a request that fails takes no time, so that the replica
// that refuses all looks best and gets most.
TEST_CASE("an error never counts as faster than the median",
          "[balancing][others]") {
  peak_latency it;
  it.start(20ms, dawn);
  for (int i = 1; i <= 100; ++i)
    it.failed(0ms, 20ms, dawn + i * 1s);
  CHECK(ms(it.at(dawn + 100s)) == Approx(20).margin(0.001));
  it.failed(1s, 20ms, dawn + 100s);
  CHECK(it.at(dawn + 100s) == 1s);
}

TEST_CASE("a later look at the clock by another thread does no harm",
          "[balancing]") {
  peak_latency it;
  it.start(10ms, dawn + 5ms);
  CHECK(it.at(dawn) == 10ms);
  it.answered(1ms, dawn);
  CHECK(it.at(dawn) == 10ms);
}

TEST_CASE("what is too long to be held is held as the longest", "[balancing]") {
  peak_latency it;
  it.start(0ms, dawn);
  it.answered(10h, dawn);
  CHECK(it.at(dawn) > 429s);
  CHECK(it.at(dawn) < 430s);
}
