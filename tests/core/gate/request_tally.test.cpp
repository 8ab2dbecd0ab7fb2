#include <bulwark/gate/detail/request_tally.hpp>

#include <catch2/catch.hpp>

#include <memory>
#include <numeric>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr time_point start{1h};

/// A name of that entry that is timed.
pending_id timed(uint32_t index) {
  for (uint64_t generation = 0;; ++generation)
    if (auto id = pending_id::make(index, generation);
        request_tally::samples(id))
      return id;
}

uint64_t timed_among(uint32_t entries, uint64_t generations) {
  uint64_t result = 0;
  for (uint32_t index = 0; index < entries; ++index)
    for (uint64_t each = 0; each < generations; ++each)
      result += request_tally::samples(pending_id::make(index, each));
  return result;
}

} // namespace

TEST_CASE("ends are counted by their names", "[gate][metrics]") {
  auto it = std::make_unique<request_tally>();
  for (int i = 0; i < 3; ++i)
    it->answered();
  it->failed(errc{});
  it->failed(errc::circuit_open);
  it->failed(errc::timed_out);
  it->failed(errc::timed_out);
  // Nothing that is sent may name a place that there is not.
  it->failed(static_cast<errc>(255));
  auto got = it->read().outcomes;
  REQUIRE(got.size() == 4);
  CHECK((got[0].outcome == "ok" && got[0].count == 3));
  CHECK((got[1].outcome == "error" && got[1].count == 2));
  CHECK((got[2].outcome == "timed_out" && got[2].count == 2));
  CHECK((got[3].outcome == "circuit_open" && got[3].count == 1));
}

TEST_CASE("times fall into classes that include their bounds",
          "[gate][metrics]") {
  auto it = std::make_unique<request_tally>();
  auto take = [&](duration time) {
    auto id = timed(7);
    it->began(id, start);
    it->took(id, start + time);
  };
  take(100us);
  take(100us + 1ns);
  take(10s);
  take(11s);
  // The clock of another processor may be a little behind.
  take(-1us);
  auto got = it->read();
  CHECK(got.times.front() == 2);
  CHECK(got.times[1] == 1);
  CHECK(got.times[request_time_bounds.size() - 1] == 1);
  CHECK(got.times.back() == 1);
  CHECK(got.seconds == Approx(21.0002));
}

TEST_CASE("an end of which no begin is known takes no time",
          "[gate][metrics]") {
  auto it = std::make_unique<request_tally>();
  it->took(timed(5000), start);
  auto got = it->read().times;
  CHECK(std::accumulate(got.begin(), got.end(), uint64_t{0}) == 0);
}

TEST_CASE("one in 32 is timed, of one entry as of many", "[gate][metrics]") {
  CHECK(timed_among(1, 32'000) == Approx(1000).epsilon(0.05));
  CHECK(timed_among(32'000, 1) == Approx(1000).epsilon(0.05));
  CHECK(timed_among(100, 320) == Approx(1000).epsilon(0.05));
  // Also where a client repeats itself in step with the period.
  uint64_t in_step = 0;
  for (uint64_t each = 0; each < 32'000; each += 32)
    in_step += request_tally::samples(pending_id::make(0, each));
  CHECK(in_step == Approx(1000.0 / 32).epsilon(0.3));
}
