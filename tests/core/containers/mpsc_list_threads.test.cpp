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

std::unique_ptr<list::node> make_node(uint64_t value) {
  return std::make_unique<list::node>(list::node{value});
}

} // namespace

TEST_CASE("what was pushed is taken once, in its order", "[mpsc_list]") {
  list it;
  CHECK(it.take_all().take_first() == nullptr);
  CHECK(it.push(make_node(1)));
  CHECK_FALSE(it.push(make_node(2)));
  CHECK_FALSE(it.push(make_node(3)));
  {
    auto taken = it.take_all();
    CHECK(it.push(make_node(4)));
    CHECK(taken.take_first()->value == 1);
    CHECK(taken.take_first()->value == 2);
    // The last one ends with the chain.
  }
  CHECK(it.take_all().take_first()->value == 4);
  // What nobody takes ends with the list.
  it.push(make_node(5));
}

TEST_CASE("nothing is lost between threads, and each thread's order holds",
          "[mpsc_list][threads]") {
  list it;
  std::atomic<uint64_t> woken{0};
  std::vector<std::thread> pushing;
  for (uint64_t who = 0; who < threads; ++who)
    pushing.emplace_back([&, who] {
      for (uint64_t i = 0; i < each; ++i)
        if (it.push(make_node(i * threads + who)))
          ++woken;
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
