// Pools on real threads, used by actors that wait in their handlers.

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/pool/connection_pool.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

/// What is used by two at once is broken.
struct counted_connection {
  std::atomic<int> users{0};
};

struct server {
  std::atomic<int> open{0};
  std::atomic<int> most{0};
  std::atomic<bool> shared{false};
};

struct counting_connector {
  using connection = counted_connection;

  std::unique_ptr<connection> open() const {
    auto now = ++to->open;
    auto before = to->most.load();
    while (now > before && !to->most.compare_exchange_weak(before, now))
      ;
    return std::make_unique<connection>();
  }

  bool validate(connection&) const { return true; }

  void close(connection&) const { --to->open; }

  std::shared_ptr<server> to;
};

using counting_pool = connection_pool<counting_connector>;

/// Doubles a number, with a connection; every seventh throws.
caf::behavior doubler(caf::event_based_actor* self, const counting_pool& pool,
                      const std::shared_ptr<server>& to) {
  self->set_exception_handler([](caf::scheduled_actor*, std::exception_ptr& x) {
    return make_error(errc::service_crashed, describe(x));
  });
  return {[=](int x) -> caf::result<int> {
    auto db = pool.acquire(self);
    if (!db)
      return db.error();
    if (db->users.fetch_add(1) != 0)
      to->shared = true;
    db->users.fetch_sub(1);
    if (x % 7 == 0)
      throw std::runtime_error{"seven"};
    return 2 * x;
  }};
}

/// Keeps whoever passes until it is opened.
class barrier {
public:
  void open() {
    std::lock_guard guard{lock_};
    open_ = true;
    changed_.notify_all();
  }

  void pass() {
    std::unique_lock guard{lock_};
    ++reached_;
    changed_.notify_all();
    changed_.wait(guard, [this] { return open_; });
  }

  void await_reached(int count) {
    std::unique_lock guard{lock_};
    changed_.wait(guard, [&] { return reached_ >= count; });
  }

private:
  std::mutex lock_;
  std::condition_variable changed_;
  bool open_ = false;
  int reached_ = 0;
};

/// Accepts and never answers.
struct silent_connector {
  using connection = counted_connection;

  std::unique_ptr<connection> open() const {
    hurdle->pass();
    return std::make_unique<connection>();
  }

  bool validate(connection&) const { return true; }

  std::shared_ptr<barrier> hurdle;
};

} // namespace

TEST_CASE("actors with threads of their own share a pool, whatever they throw",
          "[connection_pool][threads]") {
  caf::actor_system_config config;
  auto to = std::make_shared<server>();
  {
    caf::actor_system sys{config};
    counting_pool pool{sys, {.name = "db", .connections = {.max = 3}}, {to}};
    caf::scoped_actor self{sys};
    int answers = 0;
    int errors = 0;
    for (int round = 0; round < 40; ++round) {
      // Each of them dies on a number that seven divides.
      std::vector<caf::actor> all;
      for (int i = 0; i < 8; ++i)
        all.push_back(self->spawn<caf::detached>(doubler, pool, to));
      for (int i = 0; i < 8; ++i)
        self->request(all[i], caf::infinite, 8 * round + i)
          .receive([&](int) { ++answers; }, [&](caf::error&) { ++errors; });
      for (auto& each : all)
        self->send_exit(each, caf::exit_reason::user_shutdown);
    }
    CHECK(answers == 274);
    CHECK(errors == 46);
    CHECK_FALSE(to->shared);
    CHECK(to->most <= 3);
    CHECK(pool.counts().leased == 0);
    pool.stop();
  }
  CHECK(to->open == 0);
}

TEST_CASE("an actor on a shared thread may not wait for a connection",
          "[connection_pool][threads]") {
  caf::actor_system_config config;
  caf::actor_system sys{config};
  auto to = std::make_shared<server>();
  counting_pool pool{sys, {.name = "db"}, {to}};
  caf::scoped_actor self{sys};
  auto shared = self->spawn(doubler, pool, to);
  errc why{};
  self->request(shared, caf::infinite, 1)
    .receive([](int) {},
             [&](caf::error& x) { why = code_of(x, errc::stopped); });
  CHECK(why == errc::not_supported);
  // The same by a message.
  bool got = false;
  self->request(pool.handle(), caf::infinite, acquire_connection{})
    .receive(
      [&](const counting_pool::offer& x) { got = static_cast<bool>(x.take()); },
      [](caf::error&) {});
  CHECK(got);
  self->send_exit(shared, caf::exit_reason::user_shutdown);
  pool.stop();
}

TEST_CASE("openings that hang hold up neither who asks nor the end",
          "[connection_pool][threads]") {
  auto hurdle = std::make_shared<barrier>();
  {
    caf::actor_system_config config;
    caf::actor_system sys{config};
    connection_pool<silent_connector> pool{
      sys,
      {.name = "db",
       .connections = {.open_timeout = 20ms,
                       .abandoned_max = 2,
                       .backoff_initial = 1ms}},
      {hurdle}};
    for (int i = 0; i < 5; ++i) {
      auto db = pool.acquire(nullptr, {.wait = 100ms});
      CHECK_FALSE(db);
      CHECK(describe(db.error()).starts_with("db: no connection c"));
    }
    hurdle->await_reached(3);
    pool.stop();
  }
  // What comes of them after the end of all is closed by itself.
  hurdle->open();
}

TEST_CASE("a pool that cannot be is refused with field, value and rule",
          "[connection_pool]") {
  caf::actor_system_config config;
  caf::actor_system sys{config};
  auto text = [&](connection_pool_settings settings) {
    try {
      counting_pool{sys, std::move(settings), {}};
    } catch (const std::invalid_argument& e) {
      return std::string{e.what()};
    }
    return std::string{};
  };
  CHECK(text({.name = "no name"}).starts_with("pool name is \"no name\""));
  CHECK(text({.name = "db", .connections = {.max = 0}})
        == "connections.max is 0; it must be at least 1 and at most 10000");
  CHECK(text({.name = "db", .bulkhead = {.reserved_for_critical = 10}}) != "");
}
