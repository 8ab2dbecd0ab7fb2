#include <bulwark/testing.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

// What users test their services with.

using namespace bulwark;
using namespace std::chrono_literals;
using bulwark::testing::service_plan;
using bulwark::testing::service_rig;

namespace {

caf::behavior halver(caf::event_based_actor* self) {
  return {
    [](int x) {
      if (x % 2 != 0)
        throw std::runtime_error{std::to_string(x) + " is odd"};
      return x / 2;
    },
    [](const std::string&) {},
    [=](bool) {
      self->make_response_promise();
      return caf::delegated<int>{};
    },
  };
}

using int_list = std::shared_ptr<std::vector<int>>;

caf::behavior noter(caf::event_based_actor*, const int_list& seen) {
  return {[=](int x) { seen->push_back(x); }};
}

std::string complaint_of(const std::function<void()>& what) {
  try {
    what();
  } catch (const std::exception& problem) {
    return problem.what();
  }
  return "none";
}

} // namespace

TEST_CASE("a rig answers, tells errors, and says which code they have",
          "[testing]") {
  service_rig rig;
  auto door = rig.service("halver", halver);
  CHECK(rig.ask<int>(door, 4) == 2);
  rig.ask<void>(door, std::string{"x"});
  try {
    rig.ask<int>(door, 3);
    FAIL("an odd number has no half");
  } catch (const ask_error& e) {
    CHECK(e.code() == errc::service_crashed);
    CHECK_THAT(e.what(), Catch::StartsWith("std::runtime_error: 3 is odd; "));
  }
  CHECK(rig.count(event_kind::child_failed) == 1);
}

TEST_CASE("an answer of another type is an error", "[testing]") {
  service_rig rig;
  auto door = rig.service("halver", halver);
  CHECK_THROWS_AS(rig.ask<std::string>(door, 4), ask_error);
  CHECK_THROWS_AS(rig.ask<int>(door, 4.5), ask_error);
}

TEST_CASE("time passes when it is waited for, and not before", "[testing]") {
  service_rig rig;
  service_plan plan{.restart = {.initial = 3s, .jitter = 0}};
  auto door = rig.start("halver", make_replica_factory(halver), plan);
  auto broken = rig.begin<int>(door, 3);
  auto waiting = rig.begin<int>(door, 8);
  rig.advance(2'990ms);
  CHECK(rig.count(event_kind::child_restarted) == 0);
  rig.advance(20ms);
  CHECK(rig.count(event_kind::child_restarted) == 1);
  CHECK(waiting.wait_for(0s) == std::future_status::ready);
  CHECK(waiting.get() == 4);
}

TEST_CASE("what is never answered ends by the gate's timeout", "[testing]") {
  service_rig rig;
  service_plan plan;
  plan.gate.timeout = 2s;
  auto door = rig.start("halver", make_replica_factory(halver), plan);
  try {
    rig.ask<int>(door, true);
    FAIL("nobody keeps that promise");
  } catch (const ask_error& e) {
    CHECK(e.code() == errc::timed_out);
  }
}

TEST_CASE("what has no gate is not waited for for ever", "[testing]") {
  service_rig rig;
  std::vector<caf::response_promise> kept;
  auto silent = rig.system().spawn([&](caf::event_based_actor* self) {
    return caf::behavior{
      [&kept, self](int) {
        kept.push_back(self->make_response_promise());
        return caf::delegated<int>{};
      },
      [self](bool) {
        self->make_response_promise();
        return caf::delegated<int>{};
      },
    };
  });
  CHECK(
    complaint_of([&] { rig.ask<int>(silent, 1); })
    == "no answer within 5 min of virtual time: whoever was asked has no "
       "gate, or its gate waits longer; it may have been handled; try again "
       "later if it is idempotent");
  // Nobody can answer it any more.
  CHECK_THROWS_AS(rig.ask<int>(silent, true), ask_error);
  kept.clear();
  caf::anon_send_exit(silent, caf::exit_reason::kill);
  rig.run();
}

TEST_CASE("an event is awaited once for each time that it happens",
          "[testing]") {
  service_rig rig;
  auto door = rig.service("halver", halver);
  rig.send(door, 1);
  CHECK(rig.await(event_kind::child_restarted));
  CHECK_FALSE(rig.await(event_kind::child_restarted));
  rig.send(door, 1);
  CHECK(rig.await(event_kind::child_restarted));
}

TEST_CASE("the same seed gives the same order, another one another",
          "[testing]") {
  auto order_of = [](uint64_t seed) {
    auto seen = std::make_shared<std::vector<int>>();
    service_rig rig{seed};
    std::vector<caf::actor> doors;
    for (auto name : {"a", "b", "c", "d"})
      doors.push_back(rig.service(name, noter, seen));
    std::vector<std::future<void>> all;
    for (int i = 0; i < 4; ++i)
      all.push_back(ask<void>(rig.system(), doors[static_cast<size_t>(i)], i));
    rig.run();
    CHECK(seen->size() == 4);
    return *seen;
  };
  CHECK(order_of(1) == order_of(1));
  bool differs = false;
  for (uint64_t seed = 2; seed < 20; ++seed)
    differs = differs || order_of(seed) != order_of(1);
  CHECK(differs);
}

TEST_CASE("a plan that cannot be is refused, with what was wrong",
          "[testing]") {
  service_rig rig;
  auto factory = make_replica_factory(halver);
  CHECK(complaint_of([&] { rig.start("x", factory, {.replicas = 0}); })
        == "service 'x': replicas is 0; it must be 1 to 64");
  CHECK(complaint_of([&] { rig.start("x", factory, {.replicas = 65}); })
        == "service 'x': replicas is 65; it must be 1 to 64");
  rig.start("x", factory);
  CHECK(complaint_of([&] { rig.start("x", factory); })
        == "service 'x' runs on this rig already");
}
