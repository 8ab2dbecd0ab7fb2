#include <bulwark/quota/detail/processor_claims.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using processors = processor_claims::processors;

TEST_CASE("a quota needs as many processors as it may use at once", "[quota]") {
  auto [quota, needed] = GENERATE(table<duration, size_t>(
    {{1ms, 1}, {20ms, 1}, {100ms, 1}, {100ms + 1ns, 2}, {250ms, 3}}));
  CHECK(processors_for({.quota = quota, .period = 100ms}) == needed);
}

TEST_CASE("quotas keep to the last processors, and apart while they can",
          "[quota]") {
  processor_claims book{{2, 5, 3, 7}};
  auto first = book.take(1);
  CHECK(first == processors{7});
  auto second = book.take(2);
  CHECK(second == processors{5, 3});
  CHECK_FALSE(book.shared(first));
  CHECK_FALSE(book.shared(second));
  auto third = book.take(1);
  CHECK(third == processors{7});
  CHECK(book.shared(first));
  CHECK(book.shared(third));
  CHECK_FALSE(book.shared(second));
  book.give_back(first);
  CHECK_FALSE(book.shared(third));
  book.give_back(second);
  CHECK(book.take(1) == processors{5});
}

TEST_CASE("one processor is left to everybody", "[quota]") {
  CHECK(processor_claims{{}}.take(1).empty());
  CHECK(processor_claims{{4}}.take(1).empty());
  processor_claims two{{0, 1}};
  CHECK(two.take(2).empty());
  CHECK(two.take(1) == processors{1});
  CHECK(two.take(1) == processors{1});
  CHECK_FALSE(two.shared({}));
}
