#include "actors/pool/thread_stage.hpp"

#include <bulwark/pool/detail/pool_actor.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::thread_stage;

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
  thread_stage stage;
  stage.ask("ada", number(7));
  CHECK(stage.answer("ada") == "-");
  CHECK(stage.permits_in_use() == 1);
  stage.settle();
  CHECK(stage.answer("ada") == "7");
  CHECK(stage.permits_in_use() == 0);
  CHECK(stage.counts().done == 1);
  stage.tell("ben", number(8));
  stage.settle();
  CHECK(stage.answer("ben") == "sent 8");
  CHECK(stage.threads.threads() == 1);
}

TEST_CASE("a task that throws fails alone", "[thread_pool]") {
  thread_stage stage{{.max = 1}};
  stage.ask("ada", thrower());
  stage.ask("ben", number(7));
  stage.settle();
  CHECK(stage.answer("ada") == "web: std::runtime_error: disk full");
  CHECK(stage.answer("ben") == "7");
  CHECK(stage.history().empty());
  CHECK(stage.counts().failed == 1);
}

TEST_CASE("a task that nobody waits for is told of, and ends nobody",
          "[thread_pool]") {
  thread_stage stage;
  stage.tell("ada", thrower());
  stage.settle();
  CHECK(stage.lives("ada"));
  CHECK(stage.history()
        == texts{"message_failed component=bulkhead/web reason=\"web: "
                 "std::runtime_error: disk full\" consumer=shop running=0ms "
                 "abandoned=0",
                 "dead_letter component=bulkhead/web reason=\"web: "
                 "std::runtime_error: disk full\" consumer=shop letter=1"});
}

TEST_CASE("tasks wait by priority, then in order", "[thread_pool]") {
  thread_stage stage{{.max = 1}};
  for (auto who : {"one", "two", "three"})
    stage.ask(who, number(1));
  stage.ask("low", number(2, call_priority::background));
  stage.ask("high", number(3, call_priority::critical));
  texts order;
  while (stage.do_one())
    for (auto& [who, got] : stage.answers)
      if (std::find(order.begin(), order.end(), who) == order.end())
        order.push_back(who);
  CHECK(order == texts{"one", "high", "two", "three", "low"});
  CHECK(stage.threads.threads() == 1);
}

TEST_CASE("who finds no thread and no place to wait is refused at once",
          "[thread_pool]") {
  thread_stage stage{{.max = 2}, {.queue = 0}};
  stage.ask("ada", number(1));
  stage.ask("ben", number(1));
  stage.ask("cid", number(1));
  CHECK(stage.answer("cid")
        == "web: no thread is free, 2 of 2 are busy, and no more may wait");
  stage.settle();
  CHECK(stage.permits_in_use() == 0);
}

TEST_CASE("who waits too long is told how many are busy", "[thread_pool]") {
  thread_stage stage{{.max = 1}};
  stage.ask("ada", number(1));
  stage.ask("ben", patient(2s));
  stage.ask("cid", patient(-1s));
  CHECK(stage.answer("cid")
        == "web: pool_task.wait must be at least 0ms and at most 24h");
  stage.rig.advance(2s);
  CHECK(stage.answer("ben")
        == "web: no thread came free within 2s; 1 of 1 are busy");
  stage.settle();
  CHECK(stage.answer("ada") == "1");
}

TEST_CASE("tasks that wait die with who sent them, those that run do not",
          "[thread_pool]") {
  thread_stage stage{{.max = 1}};
  int done = 0;
  pool_task counts{[&] { ++done; }};
  stage.ask("ada", counts);
  stage.ask("ada", counts);
  stage.ask("ben", number(7));
  stage.kill("ada");
  CHECK(stage.permits_in_use() == 1);
  CHECK(stage.counts().waiting == 1);
  CHECK(stage.counts().dropped == 1);
  stage.settle();
  CHECK(done == 1);
  CHECK(stage.answer("ben") == "7");
  CHECK(stage.permits_in_use() == 0);
}

TEST_CASE("a stuck task is told of once", "[thread_pool]") {
  thread_stage stage{{.max = 1, .stuck_after = 5s}};
  stage.ask("ada", number(7));
  stage.rig.advance(1h);
  CHECK(stage.history()
        == texts{"task_stuck component=bulkhead/web reason=\"does not come to "
                 "its end\" consumer=shop running=5s abandoned=0"});
  CHECK(stage.permits_in_use() == 1);
  stage.settle();
  CHECK(stage.answer("ada") == "7");
}

TEST_CASE("stuck tasks are replaced as long as threads may be lost",
          "[thread_pool]") {
  thread_stage stage{
    {.max = 1, .stuck_after = 5s, .replace_stuck = true, .abandoned_max = 2}};
  for (auto who : {"one", "two", "three", "four"}) {
    auto what = number(7);
    what.wait = 1h;
    stage.ask(who, what);
  }
  stage.rig.advance(1min);
  CHECK(stage.answer("one") == "web: got stuck");
  CHECK(stage.answer("two") == "web: got stuck");
  CHECK(stage.answer("three") == "-");
  CHECK(stage.threads.abandoned() == 2);
  CHECK(stage.counts().stuck == 3);
  CHECK(stage.permits_in_use() == 1);
  // All come back after all; what they bring of the first two is dropped.
  stage.settle();
  CHECK(stage.answer("one") == "web: got stuck");
  CHECK(stage.answer("three") == "7");
  CHECK(stage.answer("four") == "7");
  CHECK(stage.counts().abandoned == 0);
  CHECK(stage.counts().done == 2);
  CHECK(stage.permits_in_use() == 0);
}

TEST_CASE("threads that are not needed end", "[thread_pool]") {
  thread_stage stage{{.core = 1, .max = 5, .idle_max = 10s}};
  for (auto who : {"one", "two", "three"})
    stage.ask(who, number(1));
  stage.settle();
  CHECK(stage.threads.threads() == 3);
  stage.rig.advance(10s);
  CHECK(stage.threads.threads() == 1);
  stage.threads.exhaust(true);
  stage.ask("one", number(1));
  stage.ask("two", number(1));
  stage.settle();
  CHECK(stage.answer("one") == "1");
  CHECK(stage.answer("two") == "web: no thread could be started for it");
}

TEST_CASE("messages are handled in the threads of the pool", "[thread_pool]") {
  thread_stage stage{{.max = 1}, {.queue = 1}, {[](const std::string& x) {
                       if (x == "bad")
                         throw std::invalid_argument{x};
                       return static_cast<int>(x.size());
                     }}};
  stage.ask("ada", std::string{"hello"});
  CHECK(stage.permits_in_use() == 1);
  stage.settle();
  CHECK(stage.answer("ada") == "5");
  stage.ask("ada", std::string{"bad"});
  stage.settle();
  CHECK(stage.answer("ada") == "web: std::invalid_argument: bad");
  stage.ask("ada", 1.5);
  stage.settle();
  CHECK(stage.answer("ada") == "unexpected_message");
  stage.tell("ada", 1.5);
  stage.settle();
  CHECK(stage.lives("ada"));
}

TEST_CASE("a stopped pool drops what waits and finishes what runs",
          "[thread_pool]") {
  thread_stage stage{{.max = 1}};
  stage.ask("ada", number(1));
  stage.ask("ben", number(2));
  caf::anon_send(stage.pool, detail::stop_pool{});
  stage.ask("cid", number(3));
  CHECK(stage.answer("ben") == "web: was stopped");
  CHECK(stage.answer("cid") == "web: was stopped");
  stage.settle();
  CHECK(stage.answer("ada") == "1");
  stage.ask("cid", number(3));
  CHECK(stage.answer("cid") == "request_receiver_down");
}

TEST_CASE("a stopped pool does not wait for ever for what is stuck",
          "[thread_pool]") {
  thread_stage stage{{.max = 1}};
  stage.ask("ada", number(1));
  caf::anon_send(stage.pool, detail::stop_pool{});
  stage.rig.advance(5s);
  CHECK(stage.answer("ada") == "web: was stopped");
  CHECK(stage.permits_in_use() == 0);
}

TEST_CASE("nothing that is sent to a thread pool can end it", "[thread_pool]") {
  thread_stage stage;
  caf::anon_send_exit(stage.pool, caf::exit_reason::kill);
  caf::anon_send(stage.pool, std::string{"unknown"});
  caf::anon_send(stage.pool, caf::down_msg{});
  stage.ask("ada", std::string{"unknown"});
  CHECK(stage.answer("ada") == "unexpected_message");
  stage.ask("ada", number(7));
  stage.settle();
  CHECK(stage.answer("ada") == "7");
}
