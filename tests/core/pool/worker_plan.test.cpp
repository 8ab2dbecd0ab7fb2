#include "support/dice.hpp"

#include <bulwark/pool/detail/worker_plan.hpp>

#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <string>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr time_point t0{1h};

/// "start 1, run 7 on 1"
std::string text(const worker_steps& steps) {
  constexpr const char* names[] = {"start", "run", "end", "stuck", "abandon"};
  std::string result;
  for (auto& each : steps) {
    result += result.empty() ? "" : ", ";
    result += names[static_cast<size_t>(each.action)];
    if (each.task != 0)
      result += " " + std::to_string(each.task) + " on";
    result += " " + std::to_string(each.worker);
  }
  return result;
}

/// Threads and tasks at random.
class worker_world {
public:
  explicit worker_world(uint64_t seed)
    : dice_(seed),
      options_{.core = dice_.below(3),
               .max = 2 + dice_.below(3),
               .idle_max = 3s,
               .stuck_after = 2s * dice_.below(3),
               .replace_stuck = dice_.roll(1, 2),
               .abandoned_max = dice_.below(3)},
      plan_(options_) {}

  void one_act() {
    now_ += 100ms * dice_.below(10);
    if (dice_.roll(1, 2) && plan_.has_room())
      perform(plan_.run(++tasks_, now_));
    if (dice_.roll(1, 3) && !running_.empty())
      finish_one_of(running_);
    if (dice_.roll(1, 9) && !lost_.empty())
      finish_one_of(lost_);
    perform(plan_.tick(now_));
    check();
  }

  void finish() {
    while (!running_.empty())
      finish_one_of(running_);
    perform(plan_.end_idle());
    REQUIRE(threads_.empty());
  }

private:
  using tasks = std::map<uint64_t, uint64_t>;

  void perform(const worker_steps& steps) {
    for (auto [action, worker, task] : steps)
      switch (action) {
      case worker_action::start:
        REQUIRE(threads_.insert(worker).second);
        break;
      case worker_action::run:
        REQUIRE(threads_.contains(worker));
        REQUIRE(running_.emplace(task, worker).second);
        break;
      case worker_action::end:
        REQUIRE(threads_.erase(worker) == 1);
        break;
      case worker_action::abandon:
        REQUIRE(threads_.erase(worker) == 1);
        REQUIRE(running_.erase(task) == 1);
        lost_.emplace(task, worker);
        break;
      case worker_action::report_stuck:
        REQUIRE(told_.insert(task).second);
      }
  }

  void finish_one_of(tasks& from) {
    auto at = std::next(from.begin(),
                        static_cast<std::ptrdiff_t>(dice_.below(from.size())));
    auto task = at->first;
    from.erase(at);
    plan_.done(task, now_);
  }

  void check() const {
    // The next one is in the future, or its actor would not rest.
    REQUIRE(plan_.next_due().value_or(now_ + 1s) > now_);
    REQUIRE(plan_.busy() == running_.size());
    REQUIRE(plan_.abandoned() == lost_.size());
    REQUIRE(threads_.size() == plan_.busy() + plan_.idle());
    REQUIRE(threads_.size() <= options_.max);
    REQUIRE(lost_.size() <= options_.abandoned_max);
  }

  test::dice dice_;
  worker_options options_;
  worker_plan plan_;
  time_point now_ = t0;
  uint64_t tasks_ = 0;
  std::set<uint64_t> threads_;
  std::set<uint64_t> told_;
  tasks running_;
  tasks lost_;
};

} // namespace

TEST_CASE("a thread is started when none is free", "[worker_plan]") {
  worker_plan plan{{.max = 2}};
  CHECK(text(plan.run(7, t0)) == "start 1, run 7 on 1");
  CHECK(text(plan.run(8, t0)) == "start 2, run 8 on 2");
  CHECK_FALSE(plan.has_room());
  plan.done(7, t0 + 1s);
  CHECK(plan.has_room());
  CHECK(text(plan.run(9, t0 + 2s)) == "run 9 on 1");
}

TEST_CASE("the last thread used is used first, the others end",
          "[worker_plan]") {
  worker_plan plan{{.core = 1, .idle_max = 10s}};
  for (uint64_t task = 1; task <= 3; ++task)
    plan.run(task, t0);
  plan.done(2, t0 + 1s);
  plan.done(3, t0 + 2s);
  plan.done(1, t0 + 3s);
  CHECK(text(plan.run(4, t0 + 4s)) == "run 4 on 1");
  plan.done(4, t0 + 5s);
  CHECK(plan.next_due() == t0 + 11s);
  CHECK(text(plan.tick(t0 + 11s)) == "end 2");
  CHECK(text(plan.tick(t0 + 60s)) == "end 3");
  CHECK(plan.next_due() == std::nullopt);
  CHECK(text(plan.end_idle()) == "end 1");
}

TEST_CASE("a stuck task is reported once", "[worker_plan]") {
  worker_plan plan{{.stuck_after = 5s}};
  plan.run(7, t0);
  CHECK(plan.next_due() == t0 + 5s);
  CHECK(text(plan.tick(t0 + 4s)) == "");
  CHECK(text(plan.tick(t0 + 5s)) == "stuck 7 on 1");
  CHECK(text(plan.tick(t0 + 50s)) == "");
  CHECK(plan.next_due() == std::nullopt);
  plan.done(7, t0 + 60s);
  CHECK(text(plan.run(8, t0 + 60s)) == "run 8 on 1");
}

TEST_CASE("stuck threads are replaced while more may be lost",
          "[worker_plan]") {
  worker_plan plan{
    {.max = 2, .stuck_after = 5s, .replace_stuck = true, .abandoned_max = 1}};
  plan.run(7, t0);
  plan.run(8, t0);
  CHECK(text(plan.tick(t0 + 5s))
        == "stuck 7 on 1, stuck 8 on 2, abandon 7 on 1");
  CHECK(plan.next_due() == std::nullopt);
  CHECK(plan.has_room());
  CHECK(text(plan.run(9, t0 + 6s)) == "start 3, run 9 on 3");
  CHECK_FALSE(plan.has_room());
  // The lost thread is back and has ended; so the next one may be lost.
  plan.done(7, t0 + 7s);
  CHECK(plan.abandoned() == 0);
  CHECK(text(plan.tick(t0 + 7s)) == "abandon 8 on 2");
}

TEST_CASE("what is not running is not abandoned", "[worker_plan]") {
  worker_plan plan{{.abandoned_max = 1}};
  CHECK(text(plan.abandon(7)) == "");
  plan.run(7, t0);
  CHECK(text(plan.abandon(7)) == "abandon 7 on 1");
  CHECK(plan.is_abandoned(7));
  CHECK(text(plan.abandon(7)) == "");
  plan.run(8, t0);
  CHECK(text(plan.abandon(8)) == "");
}

TEST_CASE("threads neither multiply nor vanish, whatever happens",
          "[worker_plan]") {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    INFO("seed=" << seed);
    worker_world world{seed};
    for (int i = 0; i < 300; ++i)
      world.one_act();
    world.finish();
  }
}

TEST_CASE("a bad option of threads is refused with field, value and rule",
          "[worker_plan]") {
  auto complaint = [](const worker_options& x) {
    return validate(x).value_or("");
  };
  CHECK(complaint({}) == "");
  CHECK(complaint({.max = 0})
        == "threads.max is 0; it must be at least 1 and at most 10000");
  CHECK(complaint({.core = 11})
        == "threads.core is 11; it must be at most threads.max, which is 10");
  CHECK(complaint({.idle_max = 0s}) != "");
  CHECK(complaint({.stuck_after = -1s}) != "");
  CHECK(complaint({.abandoned_max = 10'001}) != "");
}
