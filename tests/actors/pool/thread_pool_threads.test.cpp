// Thread pools on real threads.

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/pool/thread_pool.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>

#include <condition_variable>
#include <future>
#include <mutex>
#include <set>
#include <thread>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

/// Keeps those who come until so many are there.
class meeting {
public:
  explicit meeting(size_t size) : size_(size) {}

  /// Returns whether all came.
  bool attend() {
    std::unique_lock guard{lock_};
    threads_.insert(std::this_thread::get_id());
    ++here_;
    changed_.notify_all();
    return changed_.wait_for(guard, 20s, [this] { return here_ >= size_; });
  }

  size_t threads() {
    std::lock_guard guard{lock_};
    return threads_.size();
  }

private:
  std::mutex lock_;
  std::condition_variable changed_;
  const size_t size_;
  size_t here_ = 0;
  std::set<std::thread::id> threads_;
};

} // namespace

TEST_CASE("a pool of 20 threads has 20 tasks run together",
          "[thread_pool][threads]") {
  caf::actor_system_config config;
  caf::actor_system sys{config};
  caf::scoped_actor self{sys};
  thread_pool pool{sys, {.name = "web", .threads = {.max = 20}}};
  // 40 tasks: the first 20 end only when all 20 are there, and so on.
  auto first = std::make_shared<meeting>(20);
  auto second = std::make_shared<meeting>(20);
  std::vector<caf::message_id> open;
  int met = 0;
  for (int i = 0; i < 40; ++i) {
    auto place = i < 20 ? first : second;
    self->send(pool.handle(), pool_task{[place] { return place->attend(); }});
  }
  for (int i = 0; i < 40; ++i)
    self->receive([&](bool all) { met += all ? 1 : 0; });
  CHECK(met == 40);
  CHECK(first->threads() == 20);
  CHECK(second->threads() == 20);
  CHECK(pool.counts().done == 40);
  pool.stop();
}

TEST_CASE("a service hands its client on to a pool", "[thread_pool][threads]") {
  caf::actor_system_config config;
  caf::actor_system sys{config};
  caf::scoped_actor self{sys};
  thread_pool pool{sys, {.name = "web"}};
  auto service = self->spawn([pool](caf::event_based_actor* me) {
    return caf::behavior{[=](int x) {
      return me->delegate(pool.handle(), pool_task{[x] { return 2 * x; }});
    }};
  });
  int sum = 0;
  for (int i = 0; i < 100; ++i)
    self->request(service, caf::infinite, i)
      .receive([&](int x) { sum += x; }, [](const caf::error&) {});
  CHECK(sum == 9900);
  self->send_exit(service, caf::exit_reason::user_shutdown);
  pool.stop();
}

TEST_CASE("a task that never ends keeps neither the others nor the system",
          "[thread_pool][threads]") {
  auto never = std::make_shared<meeting>(2);
  {
    caf::actor_system_config config;
    caf::actor_system sys{config};
    caf::scoped_actor self{sys};
    thread_pool pool{
      sys,
      {.name = "web",
       .threads = {.max = 1, .stuck_after = 20ms, .replace_stuck = true}}};
    errc why{};
    int answer = 0;
    auto stuck = self->request(pool.handle(), caf::infinite,
                               pool_task{[never] { never->attend(); }});
    self->request(pool.handle(), caf::infinite, pool_task{[] { return 7; }})
      .receive([&](int x) { answer = x; }, [](const caf::error&) {});
    stuck.receive(
      [](const caf::message&) {},
      [&](const caf::error& x) { why = code_of(x, errc::stopped); });
    CHECK(answer == 7);
    CHECK(why == errc::task_abandoned);
    CHECK(pool.counts().replaced == 1);
    pool.stop();
  }
  // Its thread comes back after the end of all.
  CHECK(never->attend());
}

TEST_CASE("a thread pool that cannot be is refused with field and rule",
          "[thread_pool]") {
  caf::actor_system_config config;
  caf::actor_system sys{config};
  auto text = [&](const thread_pool_settings& settings) {
    try {
      thread_pool{sys, settings};
    } catch (const std::invalid_argument& e) {
      return std::string{e.what()};
    }
    return std::string{};
  };
  CHECK(text({.name = ""}).starts_with("pool name is \"\""));
  CHECK(text({.name = "web", .threads = {.max = 0}})
        == "threads.max is 0; it must be at least 1 and at most 10000");
  CHECK(text({.name = "web", .wait = 0s})
        == "pool.wait is 0ms; it must be longer than 0ms");
  CHECK(text({.name = "web", .bulkhead = {.warning = 2.0}}) != "");
}

// The clock of an actor system stops before its threads are waited for: a pool
// that is stopped must be done by then.
TEST_CASE("an actor system ends when a task of a stopped pool does not",
          "[thread_pool][threads]") {
  std::promise<void> begun;
  std::promise<void> released;
  auto hold = std::make_shared<std::shared_future<void>>(released.get_future());
  {
    caf::actor_system_config config;
    caf::actor_system sys{config};
    thread_pool pool{sys, {.name = "web", .shutdown = 20ms}};
    caf::anon_send(pool.handle(), pool_task{[&begun, hold] {
                     begun.set_value();
                     hold->wait();
                     return 0;
                   }});
    begun.get_future().wait();
    pool.stop();
    // A pool that is stopped twice ends once.
    pool.stop();
  }
  SUCCEED("the actor system has ended");
  released.set_value();
}
