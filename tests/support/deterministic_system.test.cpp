#include "support/deterministic_system.hpp"

#include <caf/all.hpp>
#include <catch2/catch.hpp>

#include <set>
#include <string>

using namespace std::chrono_literals;

namespace {

using std::chrono::milliseconds;

// Appends its name to `log` for each message.
caf::behavior writer(caf::event_based_actor*, std::string* log, char name) {
  return {
    [=](int) { *log += name; },
  };
}

// Writes down the time of each message.
caf::behavior timer(caf::event_based_actor* self,
                    std::vector<bulwark::time_point>* seen) {
  return {
    [=](int) { seen->push_back(self->clock().now()); },
  };
}

// Sends itself a message every second, until it is told to stop.
caf::behavior ticker(caf::event_based_actor* self, int* ticks) {
  self->delayed_send(self, 1s, caf::tick_atom::value);
  return {
    [=](caf::tick_atom) {
      ++*ticks;
      self->delayed_send(self, 1s, caf::tick_atom::value);
    },
  };
}

// Lets four actors handle two messages each in an order given by `seed`.
std::string order_of(uint64_t seed) {
  std::string log;
  test::deterministic_system rig;
  for (char name = 'a'; name <= 'd'; ++name) {
    auto handle = rig.system().spawn(writer, &log, name);
    caf::anon_send(handle, 1);
    caf::anon_send(handle, 2);
  }
  std::mt19937_64 rng{seed};
  rig.run_seeded(rng);
  return log;
}

} // namespace

TEST_CASE("nothing runs before the rig is told to", "[rig]") {
  std::string log;
  test::deterministic_system rig;
  auto a = rig.system().spawn(writer, &log, 'a');
  caf::anon_send(a, 1);
  CHECK(log.empty());
  CHECK(rig.run() > 0);
  CHECK(log == "a");
  CHECK(rig.run() == 0);
}

TEST_CASE("run takes the oldest job first", "[rig]") {
  std::string log;
  test::deterministic_system rig;
  auto a = rig.system().spawn(writer, &log, 'a');
  auto b = rig.system().spawn(writer, &log, 'b');
  rig.run();
  caf::anon_send(b, 1);
  caf::anon_send(a, 1);
  rig.run();
  CHECK(log == "ba");
}

TEST_CASE("one seed gives one order, many seeds give many", "[rig]") {
  std::set<std::string> orders;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const auto order = order_of(seed);
    CHECK(order.size() == 8);
    CHECK(order == order_of(seed));
    orders.insert(order);
  }
  CHECK(orders.size() > 10);
}

TEST_CASE("a run may end before all jobs are done", "[rig]") {
  std::string log;
  test::deterministic_system rig;
  auto handle = rig.system().spawn(writer, &log, 'a');
  rig.run();
  for (int i = 0; i < 3; ++i)
    caf::anon_send(handle, i);
  std::mt19937_64 rng{1};
  CHECK(rig.run_seeded(rng, 2) == 2);
  CHECK(log == "aa");
  CHECK(rig.run() > 0);
  CHECK(log == "aaa");
}

TEST_CASE("every timer sees its own time", "[rig]") {
  std::vector<bulwark::time_point> seen;
  test::deterministic_system rig;
  const auto start = rig.now();
  CHECK(start.time_since_epoch() >= 1h);
  auto handle = rig.system().spawn(timer, &seen);
  rig.run();
  caf::delayed_anon_send(handle, milliseconds{300}, 1);
  caf::delayed_anon_send(handle, milliseconds{100}, 2);
  caf::delayed_anon_send(handle, milliseconds{501}, 3);
  CHECK(rig.advance(500ms) == 2);
  REQUIRE(seen.size() == 2);
  CHECK(seen[0] - start == 100ms);
  CHECK(seen[1] - start == 300ms);
  CHECK(rig.now() - start == 500ms);
  CHECK(rig.advance(1ms) == 1);
}

TEST_CASE("advance_seeded fires timers too", "[rig]") {
  int ticks = 0;
  test::deterministic_system rig;
  auto handle = rig.system().spawn(ticker, &ticks);
  std::mt19937_64 rng{7};
  rig.advance_seeded(10s, rng);
  CHECK(ticks == 10);
}

TEST_CASE("a system with a periodic timer ends", "[rig]") {
  int ticks = 0;
  SECTION("when its actor is stopped") {
    test::deterministic_system rig;
    auto handle = rig.system().spawn(ticker, &ticks);
    rig.before_end(
      [=] { caf::anon_send_exit(handle, caf::exit_reason::user_shutdown); });
    rig.advance(1s);
    CHECK(rig.actors_running() == 1);
  }
  SECTION("and even when nobody stops it") {
    test::deterministic_system rig;
    auto handle = rig.system().spawn(ticker, &ticks);
    rig.advance(1s);
  }
  CHECK(ticks >= 1);
}

TEST_CASE("what is given to before_end runs in reverse order", "[rig]") {
  std::string log;
  {
    test::deterministic_system rig;
    rig.before_end([&] { log += 'a'; });
    rig.before_end([&] { log += 'b'; });
  }
  CHECK(log == "ba");
}

TEST_CASE("an actor that ends is not counted as running", "[rig]") {
  test::deterministic_system rig;
  CHECK(rig.actors_running() == 0);
  int ticks = 0;
  auto handle = rig.system().spawn(ticker, &ticks);
  rig.run();
  CHECK(rig.actors_running() == 1);
  caf::anon_send_exit(handle, caf::exit_reason::kill);
  rig.run();
  CHECK(rig.actors_running() == 0);
}
