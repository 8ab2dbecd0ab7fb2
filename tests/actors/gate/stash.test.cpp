#include "actors/gate/gate_fixture.hpp"

#include <bulwark/caf/detail/reply_route.hpp>
#include <bulwark/gate/detail/stash.hpp>

#include <catch2/catch.hpp>

#include <numeric>

// What waits while no replica is up.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_fixture;

namespace {

caf::mailbox_element_ptr numbered(uint32_t n) {
  auto result = caf::make_mailbox_element(nullptr, caf::make_message_id(n), {},
                                          static_cast<int>(n));
  result->mid = detail::tracked_mid(pending_id::make(n, 0), result->mid, 0);
  return result;
}

detail::element_chain chain(std::initializer_list<uint32_t> numbers) {
  detail::element_chain result;
  for (auto n : numbers)
    result.push_back(numbered(n));
  return result;
}

std::vector<int> drained(detail::element_chain from) {
  std::vector<int> result;
  while (auto what = from.pop_front())
    result.push_back(what->content().get_as<int>(0));
  return result;
}

} // namespace

TEST_CASE("what came back goes before what arrived", "[stash]") {
  detail::stash stash{10, 1000};
  stash.arrive(numbered(3), 10);
  stash.arrive(numbered(4), 10);
  stash.give_back(chain({1, 2}));
  stash.arrive(numbered(5), 10);
  stash.give_back(chain({0}));
  CHECK(stash.size() == 6);
  CHECK(drained(stash.take_all()) == std::vector{0, 1, 2, 3, 4, 5});
  CHECK(stash.empty());
}

TEST_CASE("both limits count arrivals only", "[stash]") {
  detail::stash stash{2, 100};
  stash.give_back(chain({1, 2, 3}));
  CHECK(stash.fits(100));
  CHECK_FALSE(stash.fits(101));
  stash.arrive(numbered(4), 60);
  CHECK(stash.fits(40));
  CHECK_FALSE(stash.fits(41));
  stash.arrive(numbered(5), 1);
  CHECK_FALSE(stash.fits(0));
  stash.take_all();
  CHECK(stash.fits(100));
}

using choice = detail::stash::choice;

TEST_CASE("what is taken out of the stash takes its bytes along", "[stash]") {
  detail::stash stash{10, 100};
  stash.give_back(chain({1, 2, 3}));
  stash.arrive(numbered(4), 50);
  stash.arrive(numbered(5), 50);
  auto even = [](const caf::mailbox_element& what, bool) {
    return what.content().get_as<int>(0) % 2 == 0 ? choice::take
                                                  : choice::leave;
  };
  CHECK(drained(stash.take_if(even)) == std::vector{2, 4});
  CHECK(stash.fits(50));
  CHECK(drained(stash.take_all()) == std::vector{1, 3, 5});
}

TEST_CASE("what cannot be asked about is not lost", "[stash]") {
  detail::stash stash{10, 100};
  stash.give_back(chain({1, 2}));
  stash.arrive(numbered(3), 50);
  stash.arrive(numbered(4), 50);
  auto odd = [](const caf::mailbox_element& what, bool) {
    if (what.content().get_as<int>(0) % 2 == 0)
      throw std::bad_alloc();
    return choice::take;
  };
  SECTION("it stays") {
    CHECK(drained(stash.take_if(odd)) == std::vector{1, 3});
    CHECK_FALSE(stash.fits(51));
    CHECK(drained(stash.take_all()) == std::vector{2, 4});
  }
  SECTION("or goes elsewhere") {
    detail::element_chain failed;
    CHECK(drained(stash.take_if(odd, &failed)) == std::vector{1, 3});
    CHECK(drained(std::move(failed)) == std::vector{2, 4});
    CHECK(stash.empty());
  }
  CHECK(stash.fits(100));
}

TEST_CASE("taking from the stash can stop half way", "[stash]") {
  for (int last = 1; last <= 6; ++last) {
    detail::stash stash{10, 100};
    stash.give_back(chain({1, 2, 3}));
    for (int i = 4; i <= 6; ++i)
      stash.arrive(numbered(i), 10);
    std::vector<int> asked;
    auto odd_until = [&](const caf::mailbox_element& what, bool came_back) {
      auto number = what.content().get_as<int>(0);
      CHECK(came_back == (number <= 3));
      asked.push_back(number);
      return number == last    ? choice::stop
             : number % 2 == 1 ? choice::take
                               : choice::leave;
    };
    auto taken = drained(stash.take_if(odd_until));
    CHECK(asked.back() == last);
    CHECK(asked.size() == static_cast<size_t>(last));
    std::vector<int> left;
    for (int i = 1; i <= 6; ++i)
      if (i % 2 == 0 || i >= last)
        left.push_back(i);
    CHECK(drained(stash.take_all()) == left);
    CHECK(taken.size() + left.size() == 6);
  }
}

TEST_CASE("no more messages wait than the limit says", "[gate][stash]") {
  gate_fixture fixture;
  gate_options options;
  options.stash_messages = 3;
  auto& gate = fixture.gate("s", options, 1);
  client alice{fixture.rig};
  auto first = alice.asks<int>(gate.handle(), 1);
  alice.sends(gate.handle(), 2);
  auto third = alice.asks<int>(gate.handle(), 3);
  CHECK(gate.status().waiting == 3);
  auto fourth = alice.asks<int>(gate.handle(), 4);
  CHECK(fourth->code() == errc::stash_full);
  CHECK(describe(fourth->error)
        == "s: no replica is up and too much waits already");
  alice.sends(gate.handle(), 5);
  CHECK(fixture.all(event_kind::dead_letter).size() == 1);
  CHECK(first->open());
  CHECK(gate.status().waiting == 3);
  fixture.change(gate, 0, child_state::up, 1,
                 fixture.spawn_replica(gate, 0, 1, "s"));
  CHECK(third->value == 3);
  CHECK(fixture.room("s").handled == std::vector{1, 2, 3});
  CHECK(test::open_requests(gate) == 0);
}

TEST_CASE("no more bytes wait than the limit says", "[gate][stash]") {
  gate_fixture fixture;
  gate_options options;
  options.stash_bytes = 1000;
  auto& gate = fixture.gate("s", options, 1);
  std::string large(600, 'x');
  auto first = fixture.ask<std::string>(gate.handle(), large);
  CHECK(first->open());
  CHECK(fixture.ask<std::string>(gate.handle(), large)->code()
        == errc::stash_full);
  auto small = fixture.ask<int>(gate.handle(), 1);
  CHECK(small->open());
  CHECK(gate.status().waiting == 2);
}

TEST_CASE("a message that CAF cannot write counts as 256 bytes",
          "[gate][stash]") {
  gate_fixture fixture;
  gate_options options;
  options.stash_bytes = 600;
  auto& gate = fixture.gate("s", options, 1);
  CHECK(fixture.ask<int>(gate.handle(), test::task{})->open());
  CHECK(fixture.ask<int>(gate.handle(), test::task{}, 1)->open());
  CHECK(fixture.ask<int>(gate.handle(), test::task{})->code()
        == errc::stash_full);
  CHECK(gate.status().waiting == 2);
}

TEST_CASE("what waits too long is answered, each at its own time",
          "[gate][stash][deadline]") {
  gate_fixture fixture;
  gate_options options;
  SECTION("at its deadline, when that comes first") {
    options.timeout = 5s;
    options.stash_wait = 10s;
    auto& gate = fixture.gate("s", options, 1);
    auto asked = fixture.ask(gate.handle(), 1);
    fixture.rig.advance(5s - 1ms);
    CHECK(asked->open());
    fixture.rig.advance(10ms);
    CHECK(asked->code() == errc::timed_out);
    CHECK(gate.status().waiting == 0);
  }
  SECTION("when nobody may wait any longer") {
    options.timeout = 10s;
    options.stash_wait = 5s;
    auto& gate = fixture.gate("s", options, 1);
    auto asked = fixture.ask(gate.handle(), 1);
    fixture.rig.advance(2s);
    auto second = fixture.ask(gate.handle(), 1);
    client alice{fixture.rig};
    alice.sends(gate.handle(), 3);
    fixture.rig.advance(3s - 1ms);
    CHECK(asked->open());
    fixture.rig.advance(10ms);
    CHECK(asked->code() == errc::stash_expired);
    CHECK(describe(asked->error) == "s: no replica was free for it in time");
    CHECK(second->open());
    CHECK(gate.status().waiting == 2);
    fixture.rig.advance(2s);
    CHECK(second->code() == errc::stash_expired);
    CHECK(fixture.all(event_kind::dead_letter).size() == 1);
    CHECK(gate.status().waiting == 0);
    CHECK(test::open_requests(gate) == 0);
  }
}

TEST_CASE("what is over its time is not handled any more",
          "[gate][stash][deadline]") {
  gate_fixture fixture;
  auto& gate = fixture.gate("s", {}, 1);
  auto asked = fixture.ask(gate.handle(), 1);
  fixture.rig.advance(4s);
  auto second = fixture.ask(gate.handle(), 2);
  fixture.rig.advance(2s);
  CHECK(asked->code() == errc::timed_out);
  fixture.change(gate, 0, child_state::up, 1,
                 fixture.spawn_replica(gate, 0, 1, "s"));
  CHECK(fixture.room("s").handled == std::vector{2});
  CHECK(second->value == 2);
}

TEST_CASE("what came back and what arrived is served in its order",
          "[gate][stash]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  alice.does([&](caf::event_based_actor* self) {
    self->send(echo.handle(), 1);
    self->send(echo.handle(), test::boom_atom::value);
    for (int i = 2; i <= 50; ++i)
      self->send(echo.handle(), i);
  });
  CHECK(echo.gate.status().waiting == 49);
  for (int i = 51; i <= 60; ++i)
    alice.sends(echo.handle(), i);
  CHECK(echo.gate.status().waiting == 59);
  fixture.rig.advance(100ms);
  std::vector<int> all(60);
  std::iota(all.begin(), all.end(), 1);
  CHECK(fixture.room("echo").handled == all);
  CHECK(alice.book().inbox.size() == 60);
}

TEST_CASE("what came back is not refused even beyond the limit",
          "[gate][stash]") {
  gate_fixture fixture;
  test::service_plan plan;
  plan.gate.stash_messages = 2;
  auto& echo = fixture.work("echo", plan);
  client alice{fixture.rig};
  alice.does([&](caf::event_based_actor* self) {
    self->send(echo.handle(), test::boom_atom::value);
    for (int i = 1; i <= 10; ++i)
      self->send(echo.handle(), i);
  });
  CHECK(echo.gate.status().waiting == 10);
  auto eleventh = alice.asks<int>(echo.handle(), 11);
  auto twelfth = alice.asks<int>(echo.handle(), 12);
  CHECK(alice.asks<int>(echo.handle(), 13)->code() == errc::stash_full);
  fixture.rig.advance(100ms);
  CHECK(twelfth->value == 12);
  CHECK(fixture.room("echo").handled.size() == 12);
}

// Counting its bytes once entered every actor that a message names in CAF's
// registry, which kept it alive for ever.
TEST_CASE("an actor named by a message that waits may end like any other",
          "[gate][stash]") {
  gate_fixture fixture;
  auto& door = fixture.gate("door", {}, 1);
  caf::actor_id named = 0;
  {
    client bob{fixture.rig};
    named = bob.handle().id();
    caf::anon_send(door.handle(), bob.handle());
  }
  CHECK(door.status().waiting == 1);
  CHECK(fixture.rig.system().registry().get<caf::strong_actor_ptr>(named)
        == nullptr);
}
