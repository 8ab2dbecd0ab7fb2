#include "actors/gate/gate_stage.hpp"

#include <catch2/catch.hpp>

// A request that a service makes while it works on another one has no more
// time than that one.

using namespace bulwark;
using namespace std::chrono_literals;
using test::gate_stage;
using test::keep_atom;
using test::service_plan;

namespace {

/// What a front service saw of its own requests, and when.
struct diary {
  std::vector<std::pair<errc, time_point>> refusals;
  int values = 0;
};

using diary_ptr = std::shared_ptr<diary>;

service_plan within(duration timeout) {
  service_plan result;
  result.gate.timeout = timeout;
  return result;
}

/// Asks `first`, and when that has answered or failed, `second`.
caf::behavior front(caf::event_based_actor* self, caf::actor first,
                    caf::actor second, diary_ptr log) {
  auto note = [=](caf::error& x) {
    log->refusals.emplace_back(code_of(x, errc{}), self->clock().now());
  };
  return {
    [=](int x) {
      auto then_second = [=] {
        self->request(second, caf::infinite, keep_atom::value, x)
          .then([=](int) { ++log->values; }, note);
      };
      self->request(first, caf::infinite, keep_atom::value, x)
        .then([=](int) { then_second(); },
              [=](caf::error& err) {
                note(err);
                then_second();
              });
      return caf::delegated<int>{};
    },
  };
}

} // namespace

TEST_CASE("a nested request ends with the request it is made for",
          "[gate][deadline]") {
  gate_stage stage;
  auto log = std::make_shared<diary>();
  auto& back = stage.work("back", within(1min));
  auto& at = stage.serve(
    "front", make_replica_factory(front, back.handle(), back.handle(), log),
    within(5s));
  auto start = stage.rig.now();
  auto asked = stage.ask(at.handle(), 1);
  stage.rig.advance(4s);
  CHECK(log->refusals.empty());
  stage.rig.advance(2s);
  CHECK(asked->code() == errc::timed_out);
  // The second one has no time left at all: it is refused at once.
  REQUIRE(log->refusals.size() == 2);
  for (auto& [code, when] : log->refusals) {
    CHECK(code == errc::timed_out);
    CHECK(when - start >= 5s);
    CHECK(when - start < 5010ms);
  }
  CHECK(stage.room("back").handled.size() == 1);
}

TEST_CASE("a request made in a response handler inherits too",
          "[gate][deadline]") {
  gate_stage stage;
  auto log = std::make_shared<diary>();
  // Whether the nested request itself was cut short makes no difference.
  auto first_timeout = GENERATE(as<duration>{}, 1min, 4s);
  auto& first = stage.work("first", within(first_timeout));
  auto& second = stage.work("second", within(1min));
  auto& at = stage.serve(
    "front", make_replica_factory(front, first.handle(), second.handle(), log),
    within(5s));
  auto start = stage.rig.now();
  stage.ask(at.handle(), 1);
  stage.rig.advance(3s);
  stage.deliver("first", 0, 1);
  CHECK(stage.room("second").handled.size() == 1);
  stage.rig.advance(10s);
  REQUIRE(log->refusals.size() == 1);
  CHECK(log->refusals[0].first == errc::timed_out);
  CHECK(log->refusals[0].second - start < 5010ms);
}

TEST_CASE("the shorter time of the second gate still holds",
          "[gate][deadline]") {
  gate_stage stage;
  auto log = std::make_shared<diary>();
  auto& first = stage.work("first", within(1s));
  auto& second = stage.work("second", within(2s));
  auto& at = stage.serve(
    "front", make_replica_factory(front, first.handle(), second.handle(), log),
    within(10s));
  auto start = stage.rig.now();
  stage.ask(at.handle(), 1);
  stage.rig.advance(20s);
  REQUIRE(log->refusals.size() == 2);
  CHECK(log->refusals[0].second - start < 1010ms);
  CHECK(log->refusals[1].second - start < 3020ms);
}

TEST_CASE("requests of a client of its own are not bound by others",
          "[gate][deadline]") {
  gate_stage stage;
  auto& slow = stage.work("slow", within(1min));
  auto& quick = stage.work("quick", within(1s));
  auto short_one = stage.ask(quick.handle(), keep_atom::value, 1);
  auto long_one = stage.ask(slow.handle(), keep_atom::value, 1);
  stage.rig.advance(30s);
  CHECK(short_one->code() == errc::timed_out);
  CHECK(long_one->open());
  stage.rig.advance(31s);
  CHECK(long_one->code() == errc::timed_out);
}

TEST_CASE("a request passed on to another gate keeps its first deadline",
          "[gate][deadline]") {
  gate_stage stage;
  auto& back = stage.work("back", within(1min));
  auto pass = [](caf::event_based_actor* self,
                 const caf::actor& next) -> caf::behavior {
    return {
      [=](int x) { return self->delegate(next, keep_atom::value, x); },
    };
  };
  auto& at =
    stage.serve("front", make_replica_factory(pass, back.handle()), within(5s));
  auto asked = stage.ask(at.handle(), 1);
  stage.rig.advance(6s);
  CHECK(asked->code() == errc::timed_out);
  CHECK(back.gate.status().in_flight == 1);
  // Nobody works for it any longer than the grace.
  stage.rig.advance(31s);
  CHECK(back.gate.status().in_flight == 0);
}
