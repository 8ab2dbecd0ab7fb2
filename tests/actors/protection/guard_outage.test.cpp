// What an outage at 1,000 requests per second costs the service that is out:
// attempts that reach it, to requests.

#include "actors/protection/manual_clock.hpp"

#include <bulwark/protection/guard.hpp>

#include <catch2/catch.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

/// Whoever waits, the others go on.
class crowd_clock : public test::manual_clock {
public:
  void wait_until(time_point) override {}
};

/// Guards, each of which calls the next one, and a service that is out.
class outage {
public:
  outage(size_t guards, const retry_budget_options& budget) {
    guard_options options;
    options.idempotent = true;
    options.retry_budget = budget;
    for (size_t i = 0; i < guards; ++i) {
      chain_.push_back(std::make_unique<guard>("g" + std::to_string(i), options,
                                               guard_hooks{.clock = &clock_}));
      // What the budget does alone.
      chain_.back()->set(breaker_state::metrics_only);
    }
  }

  double amplification() {
    constexpr int requests = 20'000;
    for (int i = 0; i < requests; ++i) {
      clock_.pass(1ms);
      try {
        call(0);
      } catch (const std::runtime_error&) {
      }
    }
    return static_cast<double>(reached_) / requests;
  }

private:
  void call(size_t at) {
    chain_[at]->call([&](attempt&) {
      if (at + 1 < chain_.size())
        return call(at + 1);
      ++reached_;
      throw std::runtime_error("out");
    });
  }

  crowd_clock clock_;
  std::vector<std::unique_ptr<guard>> chain_;
  int reached_ = 0;
};

constexpr retry_budget_options unbounded{.share = 10, .per_second = 1'000'000};

} // namespace

TEST_CASE("a budget lets an outage see a quarter more calls at most",
          "[guard][retry]") {
  auto guards = GENERATE(1u, 3u);
  CHECK(outage(guards, {}).amplification() <= 1.25);
  CHECK(outage(guards, {}).amplification() > 1.15);
  CHECK(outage(guards, unbounded).amplification() == Approx(3));
}
