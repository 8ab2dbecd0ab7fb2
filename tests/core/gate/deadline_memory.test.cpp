#include <bulwark/gate/detail/deadline_memory.hpp>

#include <catch2/catch.hpp>

using bulwark::deadline_memory;
using bulwark::pending_id;
using bulwark::time_point;
using origin = deadline_memory::origin;
using namespace std::chrono_literals;

TEST_CASE("a memory that was never used remembers nothing",
          "[deadline_memory]") {
  deadline_memory memory;
  CHECK_FALSE(memory.recall(1));
  memory.remember(1, {time_point{5s}, pending_id{1}});
  CHECK_FALSE(memory.recall(2));
}

TEST_CASE("an origin is recalled as often as asked", "[deadline_memory]") {
  deadline_memory memory;
  memory.remember(1, {time_point{5s}, pending_id{1}});
  memory.remember(2, {time_point{6s}, pending_id{2}});
  CHECK(memory.recall(1) == origin{time_point{5s}, pending_id{1}});
  CHECK(memory.recall(2) == origin{time_point{6s}, pending_id{2}});
  CHECK(memory.recall(1) == origin{time_point{5s}, pending_id{1}});
  memory.remember(1, {time_point{7s}, pending_id{1}});
  CHECK(memory.recall(1) == origin{time_point{7s}, pending_id{1}});
}

TEST_CASE("of two that share a place the older one is forgotten",
          "[deadline_memory]") {
  deadline_memory memory;
  for (uint64_t i = 1; i <= deadline_memory::capacity; ++i)
    memory.remember(i, {time_point{i * 1s}, pending_id{i}});
  CHECK(memory.recall(1) == origin{time_point{1s}, pending_id{1}});
  memory.remember(1 + deadline_memory::capacity,
                  {time_point{9s}, pending_id{1 + deadline_memory::capacity}});
  CHECK_FALSE(memory.recall(1));
  CHECK(memory.recall(1 + deadline_memory::capacity)
        == origin{time_point{9s}, pending_id{1 + deadline_memory::capacity}});
  CHECK(memory.recall(2) == origin{time_point{2s}, pending_id{2}});
}
