#include "actors/pool/thread_fixture.hpp"

#include <bulwark/pool/detail/pool_actor.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::thread_fixture;

namespace {

/// A task that answers with a number, for a consumer of that name.
pool_task number(int x, call_priority priority = call_priority::normal) {
  pool_task result{[x] { return x; }, priority};
  result.consumer = "shop";
  return result;
}

pool_task thrower() {
  pool_task result{[]() -> int { throw std::runtime_error{"disk full"}; }};
  result.consumer = "shop";
  return result;
}

/// May wait this long.
pool_task patient(duration wait) {
  auto result = number(1);
  result.wait = wait;
  return result;
}

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("a task is done by a thread and answers with its value",
          "[thread_pool]") {
  thread_fixture fixture;
  fixture.ask("ada", number(7));
  CHECK(fixture.answer("ada") == "-");
  CHECK(fixture.permits_in_use() == 1);
  fixture.settle();
  CHECK(fixture.answer("ada") == "7");
  CHECK(fixture.permits_in_use() == 0);
  CHECK(fixture.counts().done == 1);
  fixture.tell("ben", number(8));
  fixture.settle();
  CHECK(fixture.answer("ben") == "sent 8");
  CHECK(fixture.threads.threads() == 1);
}

TEST_CASE("a task that throws fails alone", "[thread_pool]") {
  thread_fixture fixture{{.max = 1}};
  fixture.ask("ada", thrower());
  fixture.ask("ben", number(7));
  fixture.settle();
  CHECK(fixture.answer("ada") == "web: std::runtime_error: disk full");
  CHECK(fixture.answer("ben") == "7");
  CHECK(fixture.history().empty());
  CHECK(fixture.counts().failed == 1);
}

TEST_CASE("a task that nobody waits for is told of, and ends nobody",
          "[thread_pool]") {
  thread_fixture fixture;
  fixture.tell("ada", thrower());
  fixture.settle();
  CHECK(fixture.lives("ada"));
  CHECK(fixture.history()
        == texts{"message_failed component=bulkhead/web reason=\"web: "
                 "std::runtime_error: disk full\" consumer=shop running=0ms "
                 "abandoned=0",
                 "dead_letter component=bulkhead/web reason=\"web: "
                 "std::runtime_error: disk full\" consumer=shop letter=1"});
}

TEST_CASE("tasks wait by priority, then in order", "[thread_pool]") {
  thread_fixture fixture{{.max = 1}};
  for (auto who : {"one", "two", "three"})
    fixture.ask(who, number(1));
  fixture.ask("low", number(2, call_priority::background));
  fixture.ask("high", number(3, call_priority::critical));
  texts order;
  while (fixture.do_one())
    for (auto& [who, got] : fixture.answers)
      if (std::find(order.begin(), order.end(), who) == order.end())
        order.push_back(who);
  CHECK(order == texts{"one", "high", "two", "three", "low"});
  CHECK(fixture.threads.threads() == 1);
}

TEST_CASE("who finds no thread and no place to wait is refused at once",
          "[thread_pool]") {
  thread_fixture fixture{{.max = 2}, {.queue = 0}};
  fixture.ask("ada", number(1));
  fixture.ask("ben", number(1));
  fixture.ask("cid", number(1));
  CHECK(fixture.answer("cid")
        == "web: no thread is free, 2 of 2 are busy, and no more may wait");
  fixture.settle();
  CHECK(fixture.permits_in_use() == 0);
}

TEST_CASE("who waits too long is told how many are busy", "[thread_pool]") {
  thread_fixture fixture{{.max = 1}};
  fixture.ask("ada", number(1));
  fixture.ask("ben", patient(2s));
  fixture.ask("cid", patient(-1s));
  CHECK(fixture.answer("cid")
        == "web: pool_task.wait must be at least 0ms and at most 24h");
  fixture.rig.advance(2s);
  CHECK(fixture.answer("ben")
        == "web: no thread came free within 2s; 1 of 1 are busy");
  fixture.settle();
  CHECK(fixture.answer("ada") == "1");
}

TEST_CASE("tasks that wait die with who sent them, those that run do not",
          "[thread_pool]") {
  thread_fixture fixture{{.max = 1}};
  int done = 0;
  pool_task counts{[&] { ++done; }};
  fixture.ask("ada", counts);
  fixture.ask("ada", counts);
  fixture.ask("ben", number(7));
  fixture.kill("ada");
  CHECK(fixture.permits_in_use() == 1);
  CHECK(fixture.counts().waiting == 1);
  CHECK(fixture.counts().dropped == 1);
  fixture.settle();
  CHECK(done == 1);
  CHECK(fixture.answer("ben") == "7");
  CHECK(fixture.permits_in_use() == 0);
}

TEST_CASE("a stuck task is told of once", "[thread_pool]") {
  thread_fixture fixture{{.max = 1, .stuck_after = 5s}};
  fixture.ask("ada", number(7));
  fixture.rig.advance(1h);
  CHECK(fixture.history()
        == texts{"task_stuck component=bulkhead/web reason=\"does not come to "
                 "its end\" consumer=shop running=5s abandoned=0"});
  CHECK(fixture.permits_in_use() == 1);
  fixture.settle();
  CHECK(fixture.answer("ada") == "7");
}

TEST_CASE("stuck tasks are replaced as long as threads may be lost",
          "[thread_pool]") {
  thread_fixture fixture{
    {.max = 1, .stuck_after = 5s, .replace_stuck = true, .abandoned_max = 2}};
  for (auto who : {"one", "two", "three", "four"}) {
    auto what = number(7);
    what.wait = 1h;
    fixture.ask(who, what);
  }
  fixture.rig.advance(1min);
  CHECK(fixture.answer("one") == "web: got stuck");
  CHECK(fixture.answer("two") == "web: got stuck");
  CHECK(fixture.answer("three") == "-");
  CHECK(fixture.threads.abandoned() == 2);
  CHECK(fixture.counts().stuck == 3);
  CHECK(fixture.permits_in_use() == 1);
  // All come back after all; what they bring of the first two is dropped.
  fixture.settle();
  CHECK(fixture.answer("one") == "web: got stuck");
  CHECK(fixture.answer("three") == "7");
  CHECK(fixture.answer("four") == "7");
  CHECK(fixture.counts().abandoned == 0);
  CHECK(fixture.counts().done == 2);
  CHECK(fixture.permits_in_use() == 0);
}

TEST_CASE("threads that are not needed end", "[thread_pool]") {
  thread_fixture fixture{{.core = 1, .max = 5, .idle_max = 10s}};
  for (auto who : {"one", "two", "three"})
    fixture.ask(who, number(1));
  fixture.settle();
  CHECK(fixture.threads.threads() == 3);
  fixture.rig.advance(10s);
  CHECK(fixture.threads.threads() == 1);
  fixture.threads.exhaust(true);
  fixture.ask("one", number(1));
  fixture.ask("two", number(1));
  fixture.settle();
  CHECK(fixture.answer("one") == "1");
  CHECK(fixture.answer("two") == "web: no thread could be started for it");
}

TEST_CASE("messages are handled in the threads of the pool", "[thread_pool]") {
  thread_fixture fixture{{.max = 1}, {.queue = 1}, {[](const std::string& x) {
                           if (x == "bad")
                             throw std::invalid_argument{x};
                           return static_cast<int>(x.size());
                         }}};
  fixture.ask("ada", std::string{"hello"});
  CHECK(fixture.permits_in_use() == 1);
  fixture.settle();
  CHECK(fixture.answer("ada") == "5");
  fixture.ask("ada", std::string{"bad"});
  fixture.settle();
  CHECK(fixture.answer("ada") == "web: std::invalid_argument: bad");
  fixture.ask("ada", 1.5);
  fixture.settle();
  CHECK(fixture.answer("ada") == "unexpected_message");
  fixture.tell("ada", 1.5);
  fixture.settle();
  CHECK(fixture.lives("ada"));
}

TEST_CASE("a stopped pool drops what waits and finishes what runs",
          "[thread_pool]") {
  thread_fixture fixture{{.max = 1}};
  fixture.ask("ada", number(1));
  fixture.ask("ben", number(2));
  caf::anon_send(fixture.pool, detail::stop_pool{});
  fixture.ask("cid", number(3));
  CHECK(fixture.answer("ben") == "web: was stopped");
  CHECK(fixture.answer("cid") == "web: was stopped");
  fixture.settle();
  CHECK(fixture.answer("ada") == "1");
  fixture.ask("cid", number(3));
  CHECK(fixture.answer("cid") == "request_receiver_down");
}

TEST_CASE("a stopped pool does not wait for ever for what is stuck",
          "[thread_pool]") {
  thread_fixture fixture{{.max = 1}};
  fixture.ask("ada", number(1));
  caf::anon_send(fixture.pool, detail::stop_pool{});
  fixture.rig.advance(5s);
  CHECK(fixture.answer("ada") == "web: was stopped");
  CHECK(fixture.permits_in_use() == 0);
}

TEST_CASE("nothing that is sent to a thread pool can end it", "[thread_pool]") {
  thread_fixture fixture;
  caf::anon_send_exit(fixture.pool, caf::exit_reason::kill);
  caf::anon_send(fixture.pool, std::string{"unknown"});
  caf::anon_send(fixture.pool, caf::down_msg{});
  fixture.ask("ada", std::string{"unknown"});
  CHECK(fixture.answer("ada") == "unexpected_message");
  fixture.ask("ada", number(7));
  fixture.settle();
  CHECK(fixture.answer("ada") == "7");
}
