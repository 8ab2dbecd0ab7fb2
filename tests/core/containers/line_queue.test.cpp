#include <bulwark/containers/detail/line_queue.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace bulwark;

namespace {

std::vector<std::string> all_of(line_queue& queue) {
  std::vector<std::string> result;
  while (auto line = queue.take())
    result.push_back(*line);
  return result;
}

using lines = std::vector<std::string>;

} // namespace

TEST_CASE("lines come out in the order in which they came", "[line_queue]") {
  line_queue queue{10};
  queue.add("a", line_rank::ordinary);
  queue.add("B", line_rank::precious);
  queue.add("c", line_rank::ordinary);
  queue.add("D", line_rank::precious);
  CHECK(queue.size() == 4);
  CHECK(all_of(queue) == lines{"a", "B", "c", "D"});
  CHECK(queue.take_dropped() == 0);
}

TEST_CASE("the oldest ordinary line is dropped first", "[line_queue]") {
  line_queue queue{3};
  queue.add("A", line_rank::precious);
  queue.add("b", line_rank::ordinary);
  queue.add("c", line_rank::ordinary);
  queue.add("d", line_rank::ordinary);
  queue.add("E", line_rank::precious);
  CHECK(queue.take_dropped() == 2);
  CHECK(queue.take_dropped() == 0);
  CHECK(all_of(queue) == lines{"A", "d", "E"});
}

TEST_CASE("a flood of ordinary lines drops no precious one", "[line_queue]") {
  line_queue queue{50};
  for (int i = 0; i < 50; ++i)
    queue.add("P" + std::to_string(i), line_rank::precious);
  for (int i = 0; i < 100'000; ++i)
    queue.add("o", line_rank::ordinary);
  CHECK(queue.take_dropped() == 100'000);
  CHECK(queue.size() == 50);
  queue.add("last", line_rank::precious);
  auto left = all_of(queue);
  REQUIRE(left.size() == 50);
  CHECK(left.front() == "P1");
  CHECK(left.back() == "last");
  CHECK(queue.take_dropped() == 1);
}
