#include "actors/pool/thread_fixture.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/pool/detail/pool_actor.hpp>

#include <catch2/catch.hpp>

// What was sent to a thread pool, not requested, and is not done is a dead
// letter, as it is when a service fails.

using namespace bulwark;
using namespace std::chrono_literals;
using test::thread_fixture;

namespace {

pool_task task(std::function<caf::message()> work) {
  pool_task result{std::move(work)};
  result.consumer = "shop";
  return result;
}

pool_task good() {
  return task([] { return caf::make_message(7); });
}

pool_task thrower() {
  return task([]() -> caf::message { throw std::runtime_error{"disk full"}; });
}

/// Handles texts.
caf::message_handler shouts(std::vector<std::string>& handled) {
  return {[&](std::string& x) {
    handled.push_back(x);
    auto bad = x == "bad" && handled.size() == 1;
    x += "!";
    if (bad)
      throw std::invalid_argument{x};
    return static_cast<int>(x.size());
  }};
}

void resend(thread_fixture& fixture, uint64_t id, std::string& answer) {
  fixture.rig.system().spawn(
    [&, to = fixture.letters.handle](caf::event_based_actor* self) {
      self->request(to, caf::infinite, resend_dead_letter{id})
        .then([&] { answer = "sent"; },
              [&](const caf::error& why) { answer = describe(why); });
    });
  fixture.settle();
}

} // namespace

// It was an event only.
TEST_CASE("a task that was sent and throws is a dead letter",
          "[thread_pool][letters]") {
  thread_fixture fixture;
  fixture.tell("ada", thrower());
  fixture.settle();
  auto list = fixture.dead_letters();
  REQUIRE(list.letters.size() == 1);
  const auto& letter = list.letters[0];
  CHECK(letter.service == "web");
  CHECK(letter.sender == to_string(fixture.client("ada").address()));
  CHECK(letter.type == "bulwark::pool_task");
  CHECK(letter.size == 256);
  CHECK(letter.text == "(a task of shop)");
  CHECK(letter.reason == "web: std::runtime_error: disk full");
  CHECK(letter.at == wall_time{1h});
  CHECK_FALSE(letter.kept);
  std::string answer;
  resend(fixture, 1, answer);
  CHECK(answer
        == "dead letter 1 is without its message, which was too large "
           "or cannot be repeated");
  CHECK(fixture.dead_letters().kept == 1);
}

TEST_CASE("every way in which a task is not done leaves a letter",
          "[thread_pool][letters]") {
  thread_fixture fixture{{.max = 1, .stuck_after = 1s, .replace_stuck = true},
                         {.queue = 1}};
  std::string reason;
  SECTION("it returns an error") {
    fixture.tell("ada", task([] {
                   return caf::make_message(
                     make_error(errc::not_found, "no tea"));
                 }));
    reason = "no tea";
  }
  SECTION("no thread is free, and too many wait") {
    fixture.tell("ada", good());
    fixture.tell("ada", good());
    fixture.tell("ben", good());
    reason = "web: no thread is free, 1 of 1 are busy, and no more may wait";
  }
  SECTION("no thread came free in time") {
    fixture.ask("ada", good());
    auto hasty = good();
    hasty.wait = 500ms;
    fixture.tell("ben", hasty);
    fixture.rig.advance(500ms);
    reason = "web: no thread came free within 500ms; 1 of 1 are busy";
  }
  SECTION("its wait is none") {
    auto bad = good();
    bad.wait = -1ms;
    fixture.tell("ada", bad);
    reason = "web: pool_task.wait must be at least 0ms and at most 24h";
  }
  SECTION("who sent it has died") {
    fixture.ask("ada", good());
    fixture.tell("ben", good());
    fixture.kill("ben");
    reason = "web: who sent it has ended";
  }
  SECTION("it got stuck") {
    fixture.tell("ada", good());
    fixture.rig.advance(1s);
    reason = "web: got stuck";
  }
  SECTION("the pool was stopped") {
    fixture.ask("ada", good());
    fixture.tell("ben", good());
    caf::anon_send(fixture.pool, detail::stop_pool{});
    fixture.rig.run();
    reason = "web: was stopped";
  }
  SECTION("no thread could be started") {
    fixture.threads.exhaust(true);
    fixture.tell("ada", good());
    reason = "web: no thread could be started for it";
  }
  fixture.settle();
  auto list = fixture.dead_letters();
  REQUIRE(list.letters.size() == 1);
  CHECK(list.letters[0].reason == reason);
  CHECK(list.letters[0].text == "(a task of shop)");
}

TEST_CASE("a task that is requested, or done, is no dead letter",
          "[thread_pool][letters]") {
  thread_fixture fixture;
  fixture.ask("ada", thrower());
  fixture.tell("ben", good());
  fixture.settle();
  CHECK(fixture.answer("ada") == "web: std::runtime_error: disk full");
  CHECK(fixture.answer("ben") == "sent 7");
  CHECK(fixture.dead_letters().letters.empty());
}

TEST_CASE("what a task holds does not outlive it in a letter",
          "[thread_pool][letters]") {
  thread_fixture fixture{{.max = 1}, {.queue = 0}};
  auto held = std::make_shared<int>(7);
  auto holds = [&] {
    return task([held]() -> caf::message { throw std::runtime_error{"no"}; });
  };
  fixture.tell("ada", holds());
  fixture.tell("ada", holds());
  CHECK(fixture.threads.do_one());
  // The pool does not know that it is done.
  CHECK(held.use_count() == 1);
  fixture.settle();
  lost_message whole{.service = "web",
                     .gate = {},
                     .sender = {},
                     .content = caf::make_message(holds()),
                     .repeatable = false};
  fixture.letters.box.put(std::move(whole));
  CHECK(fixture.dead_letters().kept == 3);
  CHECK(held.use_count() == 1);
}

TEST_CASE("a message for the handler is kept as it was sent",
          "[thread_pool][letters]") {
  std::vector<std::string> handled;
  thread_fixture fixture{{.max = 1}, {.queue = 1}, shouts(handled)};
  fixture.tell("ada", std::string{"bad"});
  fixture.settle();
  auto list = fixture.dead_letters();
  REQUIRE(list.letters.size() == 1);
  CHECK(list.letters[0].text == "(\"bad\")");
  CHECK(list.letters[0].type == "@str");
  CHECK(list.letters[0].reason == "web: std::invalid_argument: bad!");
  CHECK(list.letters[0].kept);
  std::string answer;
  resend(fixture, 1, answer);
  CHECK(answer == "sent");
  CHECK(handled == std::vector<std::string>{"bad", "bad"});
  CHECK(fixture.answer("ada") == "sent 4");
  CHECK(fixture.dead_letters().letters.empty());
}

TEST_CASE("a message that no handler takes is a dead letter",
          "[thread_pool][letters]") {
  std::vector<std::string> handled;
  thread_fixture fixture{{.max = 1}, {.queue = 1}, shouts(handled)};
  fixture.tell("ada", 1.5);
  fixture.settle();
  auto list = fixture.dead_letters();
  REQUIRE(list.letters.size() == 1);
  CHECK(list.letters[0].reason == "unexpected_message");
  CHECK(list.letters[0].kept);
}
