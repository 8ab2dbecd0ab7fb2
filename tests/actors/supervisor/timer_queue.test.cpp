#include <bulwark/supervisor/detail/timer_queue.hpp>

#include <catch2/catch.hpp>

#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;
using detail::timer_queue;

namespace {

constexpr time_point start{1h};

supervision_timer timer_of(child_key key) {
  return {timer_kind::ready, key, 0};
}

bool never(const supervision_timer&) {
  return false;
}

std::vector<child_key> take_all(timer_queue& queue, time_point now) {
  std::vector<child_key> result;
  while (auto due = queue.take(now))
    result.push_back(due->key);
  return result;
}

} // namespace

TEST_CASE("timers come in order of time, then in order of arrival",
          "[timer_queue]") {
  timer_queue queue;
  queue.add(start + 2s, timer_of(1), never);
  queue.add(start + 1s, timer_of(2), never);
  queue.add(start + 2s, timer_of(3), never);
  queue.add(start + 1s, timer_of(4), never);
  queue.add(start + 3s, timer_of(5), never);
  CHECK(take_all(queue, start).empty());
  CHECK(take_all(queue, start + 2s) == std::vector<child_key>{2, 4, 1, 3});
  CHECK(queue.size() == 1);
}

TEST_CASE("what became void is thrown away, the rest keeps its order",
          "[timer_queue]") {
  timer_queue queue;
  auto is_void = [](const supervision_timer& x) { return x.key % 100 != 0; };
  std::vector<child_key> expected;
  for (child_key key = 0; key < 10'000; ++key) {
    queue.add(start + (key % 7) * 1s, timer_of(key), is_void);
    REQUIRE(queue.size() <= 64 + 3 * (key / 100 + 1));
  }
  for (child_key second = 0; second < 7; ++second)
    for (child_key key = 0; key < 10'000; key += 100)
      if (key % 7 == second)
        expected.push_back(key);
  std::vector<child_key> found;
  for (auto key : take_all(queue, start + 7s))
    if (key % 100 == 0)
      found.push_back(key);
  CHECK(found == expected);
}

TEST_CASE("an alarm is set for the earliest only", "[timer_queue]") {
  timer_queue queue;
  CHECK_FALSE(queue.next_alarm(start));
  queue.add(start + 2s, timer_of(1), never);
  CHECK(queue.next_alarm(start) == start + 2s);
  CHECK_FALSE(queue.next_alarm(start));
  queue.add(start + 1s, timer_of(2), never);
  CHECK(queue.next_alarm(start) == start + 1s);
  queue.rang(start + 1s);
  CHECK(take_all(queue, start + 1s) == std::vector<child_key>{2});
  // It is set since the beginning.
  CHECK_FALSE(queue.next_alarm(start + 1s));
  queue.rang(start + 2s);
  CHECK(take_all(queue, start + 2s) == std::vector<child_key>{1});
}

TEST_CASE("a far alarm is set once, however many near ones ring",
          "[timer_queue]") {
  timer_queue queue;
  queue.add(start + 1h, timer_of(1), never);
  CHECK(queue.next_alarm(start) == start + 1h);
  for (int i = 1; i <= 100; ++i) {
    auto now = start + (i - 1) * 1s;
    queue.add(start + i * 1s, timer_of(2), never);
    CHECK(queue.next_alarm(now) == start + i * 1s);
    queue.rang(start + i * 1s);
    CHECK(take_all(queue, start + i * 1s).size() == 1);
    CHECK_FALSE(queue.next_alarm(start + i * 1s));
  }
}
