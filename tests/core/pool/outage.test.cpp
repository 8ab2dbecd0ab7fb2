// Goal: a server that comes back after a long outage is found by the first who
// asks, for all; while it is away, who asks causes few attempts.
// Method: a server whose attempts succeed or fail at once, callers on virtual
// time.

#include <bulwark/pool/detail/connection_table.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using act = connection_action;

/// A table, a server that may be away, and who asks and gives back at once.
class outage_world {
public:
  explicit outage_world(connection_options options) : table_(options, true) {}

  bool away = false;

  /// What chance says of every delay.
  double chance = 0.5;

  /// An attempt takes so long.
  duration connect_time = 5ms;

  void ask(duration wait) {
    asked_[++wants_] = now_;
    perform(table_.want(wants_, now_ + wait, now_));
  }

  void pass(duration time) {
    auto until = now_ + time;
    for (;;) {
      auto due = table_.next_due().value_or(until);
      for (auto& [id, at] : attempts_)
        due = std::min(due, at);
      if (due >= until)
        break;
      now_ = std::max(now_, due);
      finish_attempts();
      perform(table_.tick(now_, chance));
    }
    now_ = until;
  }

  std::vector<duration> served;
  std::vector<duration> refused;

  /// Of these, who was told that none came free.
  size_t late = 0;

  /// When attempts were made.
  std::vector<time_point> begun;
  size_t most_at_once = 0;

private:
  void finish_attempts() {
    std::vector<uint64_t> done;
    for (auto& [id, at] : attempts_)
      if (at <= now_)
        done.push_back(id);
    for (auto id : done) {
      attempts_.erase(id);
      perform(away ? table_.open_failed(id, now_, chance)
                   : table_.opened(id, now_, chance));
    }
  }

  void perform(const connection_steps& steps) {
    for (auto& each : steps)
      if (each.action == act::open) {
        begun.push_back(now_);
        attempts_[each.connection] = now_ + connect_time;
        most_at_once = std::max(most_at_once, attempts_.size());
      } else if (each.action == act::give) {
        served.push_back(now_ - asked_.at(each.want));
        perform(
          table_.give_back(each.connection, connection_verdict::good, now_));
      } else if (each.action == act::refuse_failed
                 || each.action == act::refuse_late) {
        refused.push_back(now_ - asked_.at(each.want));
        late += each.action == act::refuse_late;
      } else if (each.action == act::validate) {
        perform(table_.validated(each.connection, true, now_));
      } else if (each.action == act::close) {
        perform(table_.closed(each.connection, now_));
      }
  }

  connection_table table_;
  time_point now_{1h};
  uint64_t wants_ = 0;
  std::map<uint64_t, time_point> asked_;
  std::map<uint64_t, time_point> attempts_;
};

/// Away for ten minutes, found so by one who asks.
outage_world after_ten_minutes(connection_options options) {
  outage_world world{options};
  world.away = true;
  world.ask(1s);
  world.pass(10min);
  world.refused.clear();
  return world;
}

} // namespace

TEST_CASE("who asks after a long outage is served within its wait",
          "[connection_table][outage]") {
  auto world = after_ten_minutes({});
  world.away = false;
  // Wherever in the backoff of 30 s it comes.
  world.pass(std::chrono::milliseconds{GENERATE(0, 100, 900, 7000, 25'000)});
  world.ask(1s);
  world.pass(1s);
  CHECK(world.refused.empty());
  REQUIRE(world.served.size() == 1);
  CHECK(world.served[0] <= 505ms);
}

// Where the last attempt before the end of a wait came early by chance, who
// waited was told that no connection came free, "0 of 10 are in use".
TEST_CASE("who waits in vain during an outage is told of the outage",
          "[connection_table][outage]") {
  auto world = after_ten_minutes({});
  world.chance = GENERATE(0.0, 0.25, 0.47, 0.5, 0.75, 0.99);
  CAPTURE(world.chance);
  world.ask(1s);
  world.pass(2s);
  CHECK(world.refused.size() == 1);
  CHECK(world.late == 0);
}

TEST_CASE("the first who finds the way after an outage opens it for all",
          "[connection_table][outage]") {
  auto world = after_ten_minutes({.max = 4});
  // These can wait for the backoff.
  for (int i = 0; i < 20; ++i)
    world.ask(10min);
  world.pass(2s);
  CHECK(world.served.empty());
  world.away = false;
  world.ask(1s);
  world.pass(1s);
  CHECK(world.served.size() == 21);
}

TEST_CASE("who asks while a server is away causes one attempt in half a second",
          "[connection_table][outage]") {
  auto world = after_ten_minutes({.backoff_jitter = 0});
  world.begun.clear();
  world.most_at_once = 0;
  for (int i = 0; i < 60'000; ++i) {
    world.ask(1s);
    world.pass(1ms);
  }
  CHECK(world.most_at_once == 1);
  CHECK(world.begun.size() >= 60);
  CHECK(world.begun.size() <= 120);
  for (size_t i = 1; i < world.begun.size(); ++i)
    REQUIRE(world.begun[i] - world.begun[i - 1] >= 500ms);
  CHECK(world.served.empty());
}

TEST_CASE("nobody is refused because of an attempt of long ago",
          "[connection_table][outage]") {
  auto world = after_ten_minutes({.backoff_jitter = 0});
  world.begun.clear();
  world.ask(1s);
  world.pass(1s);
  // It was tried at once and again, before the answer.
  CHECK(world.begun.size() >= 2);
  REQUIRE(world.refused.size() == 1);
  CHECK(world.refused[0] > 500ms);
}

TEST_CASE("who can wait for the backoff causes no attempt",
          "[connection_table][outage]") {
  auto world = after_ten_minutes({.backoff_jitter = 0});
  world.begun.clear();
  for (int i = 0; i < 100; ++i)
    world.ask(10min);
  world.pass(60s);
  CHECK(world.begun.size() <= 2);
  CHECK(world.refused.empty());
}
