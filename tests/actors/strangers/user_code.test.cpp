#include "actors/gate/gate_fixture.hpp"
#include "actors/pool/manual_threads.hpp"
#include "actors/pool/thread_fixture.hpp"

#include <bulwark/calls/call_options.hpp>
#include <bulwark/pool/detail/connection_pool_actor.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

// Code of users that our actors run may throw: what prints, writes, moves a
// message, what closes a connection. It ended the dead letter actor for good,
// or the whole process, or left a request without an answer.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_fixture;

namespace test {

/// Cannot be printed or written.
struct sour {
  int x = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector&, sour&) {
  throw std::runtime_error{"too sour"};
}

struct sour_string {
  int x = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, sour_string& x) {
  return f(x.x);
}

inline std::string to_string(const sour_string&) {
  throw 42;
}

/// Can be neither copied nor moved while `armed`.
struct brittle {
  static inline bool armed = false;

  brittle() = default;
  brittle(const brittle&) { check(); }
  brittle(brittle&&) { check(); } // NOLINT: that is the point.
  brittle& operator=(const brittle&) = default;
  brittle& operator=(brittle&&) = default;

  static void check() {
    if (armed)
      throw std::runtime_error{"broken"};
  }
};

} // namespace test

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(test::brittle)

namespace {

dead_letter_list letters_of(gate_fixture& fixture) {
  auto asked = fixture.ask<dead_letter_list>(fixture.letters.handle,
                                             dead_letters_request{});
  return asked->value.value_or(dead_letter_list{});
}

/// Sends one brittle value, which breaks when it is moved on the way.
template <class... Ts>
void send_brittle(const caf::actor& from, const caf::actor& to,
                  caf::message_id mid, Ts... before) {
  auto what =
    caf::make_mailbox_element(caf::actor_cast<caf::strong_actor_ptr>(from), mid,
                              {}, before..., test::brittle{});
  test::brittle::armed = true;
  to->enqueue(std::move(what), nullptr);
  test::brittle::armed = false;
}

} // namespace

TEST_CASE("a letter that cannot be printed is kept, as all after it",
          "[strangers][letters]") {
  gate_fixture fixture;
  auto& s = fixture.work("s");
  client ada{fixture.rig};
  ada.sends(s.handle(), test::sour{1});
  ada.sends(s.handle(), test::sour_string{1});
  ada.sends(s.handle(), 1.5);
  auto list = letters_of(fixture);
  REQUIRE(list.letters.size() == 3);
  CHECK(list.letters[0].text
        == "(cannot be printed: std::runtime_error: too sour)");
  CHECK(list.letters[0].size == 256);
  CHECK(list.letters[1].text == "(cannot be printed: int)");
  CHECK(list.letters[2].text == "(1.500000)");
}

TEST_CASE("what waits for a replica may be unprintable", "[strangers][gate]") {
  gate_fixture fixture;
  auto& at = fixture.gate("s", {}, 1);
  client ada{fixture.rig};
  ada.sends(at.handle(), test::sour{1});
  auto asked = ada.asks<int>(at.handle(), test::sour{2});
  CHECK(at.status().waiting == 2);
  fixture.rig.advance(1min);
  CHECK(asked->error);
  CHECK(letters_of(fixture).letters.size() == 1);
}

TEST_CASE("a message that cannot be moved is answered and leaves nothing",
          "[strangers][gate]") {
  gate_fixture fixture;
  auto& s = fixture.work("s");
  client ada{fixture.rig};
  send_brittle(ada.handle(), s.handle(), caf::make_message_id());
  fixture.rig.run();
  CHECK(fixture.all(event_kind::dead_letter).size() == 1);
  auto responses = ada.book().responses;
  send_brittle(ada.handle(), s.handle(), caf::make_message_id(7),
               call_options{.idempotent = true});
  fixture.rig.run();
  CHECK(ada.book().responses == responses + 1);
  send_brittle(ada.handle(), s.handle(), caf::make_message_id(),
               call_options{.idempotent = true});
  fixture.rig.run();
  CHECK(fixture.count(event_kind::dead_letter) == 2);
  CHECK(test::open_requests(s.gate) == 0);
  CHECK(fixture.ask(s.handle(), 7)->value == 7);
}

TEST_CASE("a thread pool outlives a message that cannot be moved",
          "[strangers][pool]") {
  test::thread_fixture fixture{
    {},
    {.queue = 100},
    {[](const test::brittle&) { return 1; }, [](int x) { return x; }}};
  // It is moved in the pool's own turn.
  auto what = caf::make_mailbox_element(
    caf::actor_cast<caf::strong_actor_ptr>(fixture.client("ada")),
    caf::make_message_id(), {}, test::brittle{});
  fixture.pool->enqueue(std::move(what), nullptr);
  test::brittle::armed = true;
  fixture.rig.run();
  test::brittle::armed = false;
  CHECK(fixture.lives("ada"));
  // There is nothing to keep of it, but it is told.
  CHECK(std::count_if(fixture.events.begin(), fixture.events.end(),
                      [](auto& x) { return x.kind == event_kind::dead_letter; })
        == 1);
  fixture.ask("ada", 7);
  fixture.settle();
  CHECK(fixture.answer("ada") == "7");
}

namespace {

struct bad_closer {
  using connection = int;

  std::unique_ptr<int> open() const { return std::make_unique<int>(1); }
  bool validate(int&) const { return true; }
  void close(int&) const { throw 42; }
};

} // namespace

TEST_CASE("a connection whose close throws is gone all the same",
          "[strangers][pool]") {
  detail::driver_of<bad_closer> driver{bad_closer{}};
  auto one = driver.open();
  CHECK(driver.validate(one.get()));
  std::weak_ptr<void> seen = one;
  // It ended the process: nothing catches what a deleter throws.
  one.reset();
  CHECK(seen.expired());
}
