#include <bulwark/bulkhead/bulkhead_stats.hpp>
#include <bulwark/bulkhead/detail/permit_table.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

// Goal: whoever takes and gives back beside the table, in whatever thread,
// takes no more than there is, and nobody who waits is forgotten. What a permit
// stands for is written without any other protection: under TSan one too many
// is a race. A waiter that is forgotten is one that never comes to its end.
//
// A yield lasts as long as whatever else runs likes to: few rounds will do.

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr auto normal = call_priority::normal;
constexpr auto critical = call_priority::critical;

/// Takes and gives back as bulkhead_core does.
struct shared_claims {
  explicit shared_claims(const bulkhead_options& options)
    : table(options), account(*table.account("orders", true)) {}

  bool try_take(uint64_t amount, call_priority priority) {
    if (account.budgeted.load(std::memory_order_relaxed)
        || !table.counter().try_take(amount, priority))
      return false;
    account.tally->took(amount);
    return true;
  }

  /// Returns whether it was granted, at once or in the end.
  bool take(uint64_t id, uint64_t amount, call_priority priority) {
    if (try_take(amount, priority))
      return true;
    permit_ticket who;
    who.key = {1, id};
    who.amount = amount;
    who.priority = priority;
    who.consumer = account.number;
    {
      std::lock_guard guard{lock};
      auto got = table.ask(who, false, {}, changed);
      if (got != permit_table::answer::waits)
        return got == permit_table::answer::granted;
    }
    ++waited;
    for (uint64_t patience = 0; patience < 5'000'000; ++patience) {
      {
        std::lock_guard guard{lock};
        if (table.claim(who.key))
          return true;
      }
      std::this_thread::yield();
    }
    ++forgotten;
    return false;
  }

  void give(uint64_t amount) {
    account.tally->gave(amount);
    auto budgeted = [this] {
      auto result = account.budgeted.load(std::memory_order_relaxed);
      // Here others come between, if anywhere.
      std::this_thread::yield();
      return result;
    };
    auto given = table.counter().give_unless(budgeted, amount);
    if (!given) {
      std::lock_guard guard{lock};
      table.gave(account.number, amount, 0, {});
    } else if (given->marked) {
      std::lock_guard guard{lock};
      table.decide({});
    }
  }

  std::mutex lock;
  permit_table table;
  permit_table::sources changed;
  consumer_account& account;
  std::atomic<uint64_t> waited{0};
  std::atomic<uint64_t> forgotten{0};
};

template <class F>
void on_threads(int count, F f) {
  std::vector<std::thread> all;
  for (int i = 0; i < count; ++i)
    all.emplace_back([=] { f(i); });
  for (auto& thread : all)
    thread.join();
}

} // namespace

TEST_CASE("of one that begins to wait and one that gives back one sees the "
          "other",
          "[bulkhead][threads]") {
  constexpr int threads = 4;
  constexpr uint64_t rounds = 4'000;
  shared_claims shared{{.capacity = 1, .queue = 100, .queue_timeout = 1s}};
  // Only who has the permit touches it.
  uint64_t counted = 0;
  on_threads(threads, [&](int thread) {
    auto id = static_cast<uint64_t>(thread) * rounds;
    for (uint64_t i = 0; i < rounds; ++i) {
      if (!shared.take(++id, 1, normal))
        return;
      ++counted;
      shared.give(1);
    }
  });
  CHECK(shared.forgotten == 0);
  CHECK(shared.waited > 0);
  CHECK(counted == threads * rounds);
  CHECK(shared.table.counter().use() == 0);
  CHECK(shared.table.counter().peak() == 1);
  CHECK(shared.account.use() == 0);
  // Nobody waits, so the fast path is open.
  CHECK(shared.try_take(1, normal));
}

TEST_CASE("large and small amounts of all priorities all get theirs",
          "[bulkhead][threads]") {
  constexpr uint64_t rounds = 2'000;
  shared_claims shared{{.capacity = 5,
                        .reserved_for_critical = 2,
                        .queue = 100,
                        .queue_timeout = 1s}};
  std::atomic<uint64_t> most{0};
  std::atomic<uint64_t> in_use{0};
  on_threads(5, [&](int thread) {
    auto amount = static_cast<uint64_t>(thread % 3 + 1);
    auto priority = call_priority{static_cast<uint8_t>(thread % 3)};
    auto id = static_cast<uint64_t>(thread) * rounds;
    for (uint64_t i = 0; i < rounds; ++i) {
      if (!shared.take(++id, amount, priority))
        return;
      auto now = in_use.fetch_add(amount) + amount;
      for (auto known = most.load();
           now > known && !most.compare_exchange_weak(known, now);)
        ;
      in_use -= amount;
      shared.give(amount);
    }
  });
  CHECK(shared.forgotten == 0);
  CHECK(most <= 5);
  CHECK(shared.table.counter().use() == 0);
  CHECK(shared.table.counter().peak() <= 5);
}

TEST_CASE("once the use is within smaller limits it stays there",
          "[bulkhead][threads]") {
  permit_counter counter{{8, 10}};
  std::atomic<bool> over{false};
  std::atomic<uint64_t> taken{0};
  auto work = [&](int thread) {
    auto amount = static_cast<uint64_t>(thread % 2 + 1);
    auto priority = thread % 3 == 0 ? critical : normal;
    while (!over)
      if (auto use = counter.try_take(amount, priority)) {
        ++taken;
        counter.give(amount);
      }
  };
  uint64_t exceeded = 0;
  std::thread workers{[&] { on_threads(4, work); }};
  for (int i = 0; i < 2'000; ++i) {
    counter.set_limits({1, 2});
    while (counter.use() > 2)
      std::this_thread::yield();
    for (int look = 0; look < 50; ++look)
      exceeded += counter.use() > 2 ? 1 : 0;
    counter.set_limits({8, 10});
    auto before = taken.load();
    while (i % 10 == 0 && taken == before)
      std::this_thread::yield();
  }
  over = true;
  workers.join();
  CHECK(exceeded == 0);
  CHECK(counter.peak() <= 10);
  CHECK(counter.use() == 0);
}

// Who looked for a budget before it gave back took away from one that was set
// aside in between.
TEST_CASE("a budget that comes and goes is not charged to others",
          "[bulkhead][threads]") {
  shared_claims shared{{.capacity = 8}};
  auto& account = shared.account;
  uint64_t wrong = 0;
  for (int round = 0; round < 300; ++round) {
    std::atomic<bool> over{false};
    std::thread workers{[&] {
      on_threads(3, [&](int thread) {
        auto id = static_cast<uint64_t>(thread) << 40;
        while (!over)
          if (shared.take(++id, 1, normal))
            shared.give(1);
      });
    }};
    for (int i = 0; i < 21; ++i) {
      std::this_thread::yield();
      std::lock_guard guard{shared.lock};
      // The last time it is set aside.
      if (i % 2 == 0)
        shared.table.allot(account, 4, {}, shared.changed);
      else
        shared.table.unallot(account, {}, shared.changed);
      wrong += shared.table.counter().use() > 8 ? 1 : 0;
    }
    over = true;
    workers.join();
    wrong += account.own != 0 || account.use() != 0 ? 1 : 0;
    wrong += shared.table.counter().use() != account.allotted ? 1 : 0;
    wrong += shared.table.idle() != account.allotted ? 1 : 0;
    shared.table.unallot(account, {}, shared.changed);
  }
  CHECK(wrong == 0);
  CHECK(shared.table.counter().use() == 0);
}

TEST_CASE("whoever adds up while others pass sees no more than there is",
          "[bulkhead][threads]") {
  constexpr uint64_t rounds = 1'000;
  shared_claims shared{{.capacity = 6, .queue = 100, .queue_timeout = 1s}};
  std::atomic<int> left{4};
  std::thread workers{[&] {
    on_threads(4, [&](int thread) {
      auto first = static_cast<uint64_t>(thread) * rounds;
      for (uint64_t i = 0; i < rounds; ++i)
        if (shared.take(first + i, 1 + i % 2, normal))
          shared.give(1 + i % 2);
      --left;
    });
  }};
  uint64_t wrong = 0;
  uint64_t grants = 0;
  while (left > 0) {
    // Who looks again and again keeps the lock from those who need it.
    auto now = shared.account.tally->grants();
    if (now == std::exchange(grants, now)) {
      std::this_thread::yield();
      continue;
    }
    std::lock_guard guard{shared.lock};
    auto seen = stats_of("web_threads", shared.table);
    auto known = seen.allocations.find("orders");
    wrong += known != seen.allocations.end() && known->second > 6 ? 1 : 0;
  }
  workers.join();
  CHECK(wrong == 0);
  auto seen = stats_of("web_threads", shared.table);
  CHECK(seen.allocations.empty());
  CHECK(shared.account.use() == 0);
  CHECK(seen.usage.successful_acquisitions == 4 * rounds);
}
