#include <bulwark/deadline_memory.hpp>

#include <catch2/catch.hpp>

using bulwark::deadline_memory;
using bulwark::time_point;
using namespace std::chrono_literals;

TEST_CASE("a memory that was never used remembers nothing",
          "[deadline_memory]") {
  deadline_memory memory;
  CHECK_FALSE(memory.recall(1));
  memory.remember(1, time_point{5s});
  CHECK_FALSE(memory.recall(2));
}

TEST_CASE("a deadline is recalled as often as asked", "[deadline_memory]") {
  deadline_memory memory;
  memory.remember(1, time_point{5s});
  memory.remember(2, time_point{6s});
  CHECK(memory.recall(1) == time_point{5s});
  CHECK(memory.recall(2) == time_point{6s});
  CHECK(memory.recall(1) == time_point{5s});
  memory.remember(1, time_point{7s});
  CHECK(memory.recall(1) == time_point{7s});
}

TEST_CASE("of two that share a place the older one is forgotten",
          "[deadline_memory]") {
  deadline_memory memory;
  for (uint64_t i = 1; i <= deadline_memory::capacity; ++i)
    memory.remember(i, time_point{i * 1s});
  CHECK(memory.recall(1) == time_point{1s});
  memory.remember(1 + deadline_memory::capacity, time_point{9s});
  CHECK_FALSE(memory.recall(1));
  CHECK(memory.recall(1 + deadline_memory::capacity) == time_point{9s});
  CHECK(memory.recall(2) == time_point{2s});
}
