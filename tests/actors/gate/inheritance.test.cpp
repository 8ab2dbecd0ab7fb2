#include "actors/gate/gate_fixture.hpp"

#include <catch2/catch.hpp>

// A request that a service makes while it works on another one has no more
// time than that one.

using namespace bulwark;
using namespace std::chrono_literals;
using test::gate_fixture;
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
  gate_fixture fixture;
  auto log = std::make_shared<diary>();
  auto& back = fixture.work("back", within(1min));
  auto& at = fixture.serve(
    "front", make_replica_factory(front, back.handle(), back.handle(), log),
    within(5s));
  auto start = fixture.rig.now();
  auto asked = fixture.ask(at.handle(), 1);
  fixture.rig.advance(4s);
  CHECK(log->refusals.empty());
  fixture.rig.advance(2s);
  CHECK(asked->code() == errc::timed_out);
  // The second one has no time left at all: it is refused at once.
  REQUIRE(log->refusals.size() == 2);
  for (auto& [code, when] : log->refusals) {
    CHECK(code == errc::timed_out);
    CHECK(when - start >= 5s);
    CHECK(when - start < 5010ms);
  }
  CHECK(fixture.room("back").handled.size() == 1);
}

TEST_CASE("a request made in a response handler inherits too",
          "[gate][deadline]") {
  gate_fixture fixture;
  auto log = std::make_shared<diary>();
  // Whether the nested request itself was cut short makes no difference.
  auto first_timeout = GENERATE(as<duration>{}, 1min, 4s);
  auto& first = fixture.work("first", within(first_timeout));
  auto& second = fixture.work("second", within(1min));
  auto& at = fixture.serve(
    "front", make_replica_factory(front, first.handle(), second.handle(), log),
    within(5s));
  auto start = fixture.rig.now();
  fixture.ask(at.handle(), 1);
  fixture.rig.advance(3s);
  fixture.deliver("first", 0, 1);
  CHECK(fixture.room("second").handled.size() == 1);
  fixture.rig.advance(10s);
  REQUIRE(log->refusals.size() == 1);
  CHECK(log->refusals[0].first == errc::timed_out);
  CHECK(log->refusals[0].second - start < 5010ms);
}

TEST_CASE("the shorter time of the second gate still holds",
          "[gate][deadline]") {
  gate_fixture fixture;
  auto log = std::make_shared<diary>();
  auto& first = fixture.work("first", within(1s));
  auto& second = fixture.work("second", within(2s));
  auto& at = fixture.serve(
    "front", make_replica_factory(front, first.handle(), second.handle(), log),
    within(10s));
  auto start = fixture.rig.now();
  fixture.ask(at.handle(), 1);
  fixture.rig.advance(20s);
  REQUIRE(log->refusals.size() == 2);
  CHECK(log->refusals[0].second - start < 1010ms);
  CHECK(log->refusals[1].second - start < 3020ms);
}

TEST_CASE("requests of a client of its own are not bound by others",
          "[gate][deadline]") {
  gate_fixture fixture;
  auto& slow = fixture.work("slow", within(1min));
  auto& quick = fixture.work("quick", within(1s));
  auto short_one = fixture.ask(quick.handle(), keep_atom::value, 1);
  auto long_one = fixture.ask(slow.handle(), keep_atom::value, 1);
  fixture.rig.advance(30s);
  CHECK(short_one->code() == errc::timed_out);
  CHECK(long_one->open());
  fixture.rig.advance(31s);
  CHECK(long_one->code() == errc::timed_out);
}

TEST_CASE("a request passed on to another gate keeps its first deadline",
          "[gate][deadline]") {
  gate_fixture fixture;
  auto& back = fixture.work("back", within(1min));
  auto pass = [](caf::event_based_actor* self,
                 const caf::actor& next) -> caf::behavior {
    return {
      [=](int x) { return self->delegate(next, keep_atom::value, x); },
    };
  };
  auto& at = fixture.serve("front", make_replica_factory(pass, back.handle()),
                           within(5s));
  auto asked = fixture.ask(at.handle(), 1);
  fixture.rig.advance(6s);
  CHECK(asked->code() == errc::timed_out);
  CHECK(back.gate.status().in_flight == 1);
  // Nobody works for it any longer than the grace.
  fixture.rig.advance(31s);
  CHECK(back.gate.status().in_flight == 0);
}
