#include <bulwark/containers/detail/mpsc_list.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

using namespace bulwark;

namespace {

constexpr uint64_t threads = 4;
constexpr uint64_t each = 20'000;

using list = mpsc_list<uint64_t>;

list::outcome push(list& to, uint64_t value, size_t places = list::size_max) {
  auto what = std::make_unique<list::node>(list::node{value});
  auto how = to.push(what, places);
  CHECK((what != nullptr) == (how == list::outcome::full));
  return how;
}

/// Returns whether it was the first; waits for a place among 1,000.
bool push_one(list& to, uint64_t value) {
  auto what = std::make_unique<list::node>(list::node{value});
  auto how = to.push(what, 1000);
  for (; how == list::outcome::full; how = to.push(what, 1000))
    std::this_thread::yield();
  return how == list::outcome::pushed_first;
}

} // namespace

TEST_CASE("what was pushed is taken once, in its order", "[mpsc_list]") {
  list it;
  CHECK(it.take_all().take_first() == nullptr);
  CHECK(push(it, 1) == list::outcome::pushed_first);
  CHECK(push(it, 2) == list::outcome::pushed);
  CHECK(push(it, 3) == list::outcome::pushed);
  {
    auto taken = it.take_all();
    CHECK(push(it, 4) == list::outcome::pushed_first);
    CHECK(taken.take_first()->value == 1);
    CHECK(taken.take_first()->value == 2);
    // The last one ends with the chain.
  }
  CHECK(it.take_all().take_first()->value == 4);
  // What nobody takes ends with the list.
  push(it, 5);
}

TEST_CASE("a list has as many places as whoever pushes says", "[mpsc_list]") {
  list it;
  CHECK(push(it, 1, 0) == list::outcome::full);
  CHECK(push(it, 1, 2) == list::outcome::pushed_first);
  CHECK(push(it, 2, 2) == list::outcome::pushed);
  CHECK(push(it, 3, 2) == list::outcome::full);
  CHECK(it.size() == 2);
  CHECK(push(it, 3, 3) == list::outcome::pushed);
  it.take_all();
  CHECK(it.size() == 0);
  for (uint64_t i = 0; i < list::size_max; ++i)
    REQUIRE(push(it, i) != list::outcome::full);
  CHECK(push(it, 0) == list::outcome::full);
  CHECK(it.size() == list::size_max);
  auto all = it.take_all();
  for (uint64_t i = 0; i < list::size_max; ++i)
    REQUIRE(all.take_first()->value == i);
  CHECK(all.take_first() == nullptr);
}

TEST_CASE("nothing is lost between threads, and each thread's order holds",
          "[mpsc_list][threads]") {
  list it;
  std::atomic<uint64_t> woken{0};
  std::vector<std::thread> pushing;
  for (uint64_t who = 0; who < threads; ++who)
    pushing.emplace_back([&, who] {
      for (uint64_t i = 0; i < each; ++i)
        woken += push_one(it, i * threads + who);
    });
  std::array<uint64_t, threads> next{};
  uint64_t count = 0;
  uint64_t batches = 0;
  uint64_t misplaced = 0;
  while (count < threads * each) {
    auto taken = it.take_all();
    auto what = taken.take_first();
    batches += what != nullptr ? 1 : 0;
    for (; what; what = taken.take_first(), ++count)
      misplaced += what->value / threads != next[what->value % threads]++;
    std::this_thread::yield();
  }
  for (auto& thread : pushing)
    thread.join();
  CHECK(misplaced == 0);
  CHECK(next == std::array<uint64_t, threads>{each, each, each, each});
  // Each batch began with one that found the list empty.
  CHECK(woken == batches);
  CHECK(it.take_all().take_first() == nullptr);
}
