#include <bulwark/events/detail/event_queue.hpp>
#include <bulwark/events/event_words.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;

namespace {

using numbers = std::vector<uint64_t>;

event change(uint64_t number) {
  event what;
  what.kind = event_kind::child_started;
  what.sequence = number;
  return what;
}

event failure(uint64_t number) {
  auto what = change(number);
  what.kind = event_kind::child_failed;
  return what;
}

numbers numbers_of(const std::vector<event>& events) {
  numbers result;
  for (const auto& what : events)
    result.push_back(what.sequence);
  return result;
}

struct fixture {
  explicit fixture(event_queue::limits bounds)
    : queue(bounds,
            [this](const event& what) { dropped.push_back(what.sequence); }) {}

  numbers dropped;
  event_queue queue;
};

} // namespace

TEST_CASE("events leave the queue in the order they came, whatever they are",
          "[event_queue]") {
  fixture f{{100, 1 << 20}};
  for (uint64_t i = 1; i <= 6; ++i)
    f.queue.add(i % 3 == 0 ? failure(i) : change(i));
  auto first = f.queue.take(4, 1 << 20);
  CHECK(numbers_of(first) == numbers{1, 2, 3, 4});
  f.queue.add(failure(7));
  f.queue.put_back(std::move(first));
  CHECK(f.queue.size() == 7);
  auto second = f.queue.take(2, 1 << 20);
  f.queue.put_back(std::move(second));
  CHECK(numbers_of(f.queue.take(100, 1 << 20)) == numbers{1, 2, 3, 4, 5, 6, 7});
  CHECK(f.queue.take(100, 1 << 20).empty());
  CHECK(f.queue.bytes() == 0);
  CHECK(f.dropped.empty());
}

TEST_CASE("a place in the queue knows what is before it", "[event_queue]") {
  fixture f{{100, 1 << 20}};
  auto first = f.queue.end();
  CHECK_FALSE(f.queue.has_before(first));
  f.queue.add(failure(1));
  auto second = f.queue.end();
  f.queue.add(change(2));
  CHECK_FALSE(f.queue.has_before(first));
  CHECK(f.queue.has_before(second));
  auto taken = f.queue.take(1, 1);
  CHECK_FALSE(f.queue.has_before(second));
  f.queue.put_back(std::move(taken));
  CHECK(f.queue.has_before(second));
  CHECK(f.queue.take(2, 1 << 20).size() == 2);
  CHECK_FALSE(f.queue.has_before(f.queue.end()));
}

TEST_CASE("the oldest changes are dropped first, failures last",
          "[event_queue]") {
  fixture f{{3, 1 << 20}};
  f.queue.add(failure(1));
  f.queue.add(change(2));
  f.queue.add(change(3));
  f.queue.add(failure(4));
  CHECK(f.dropped == numbers{2});
  f.queue.add(failure(5));
  CHECK(f.dropped == numbers{2, 3});
  f.queue.add(change(6));
  CHECK(f.dropped == numbers{2, 3, 6});
  f.queue.add(failure(7));
  CHECK(f.dropped == numbers{2, 3, 6, 1});
  CHECK(numbers_of(f.queue.take(9, 1 << 20)) == numbers{4, 5, 7});
}

TEST_CASE("bytes are bounded as well, and what is put back counts again",
          "[event_queue]") {
  auto big = failure(1);
  big.reason.assign(1000, 'x');
  auto size = size_of(big);
  CHECK(size > 1000);
  fixture f{{100, 2 * size}};
  f.queue.add(big);
  f.queue.add(big);
  CHECK(f.queue.bytes() == 2 * size);
  auto taken = f.queue.take(2, 1 << 20);
  f.queue.add(failure(3));
  CHECK(f.dropped.empty());
  f.queue.put_back(std::move(taken));
  CHECK(f.queue.size() == 3);
  f.queue.add(failure(4));
  CHECK(f.dropped == numbers{1});
  big.reason.assign(4000, 'x');
  f.queue.add(big);
  CHECK(f.queue.size() == 0);
  CHECK(f.queue.bytes() == 0);
}

TEST_CASE("what is taken at once is bounded in bytes, but for the first",
          "[event_queue]") {
  fixture f{{100, 1 << 20}};
  for (uint64_t i = 1; i <= 4; ++i)
    f.queue.add(failure(i));
  auto size = size_of(failure(1));
  CHECK(numbers_of(f.queue.take(9, 1)) == numbers{1});
  CHECK(numbers_of(f.queue.take(9, 2 * size)) == numbers{2, 3});
  CHECK(numbers_of(f.queue.take(9, 2 * size)) == numbers{4});
}

TEST_CASE("every word is read as what it was made from", "[event]") {
  for (int i = 0; i <= static_cast<int>(last_event_kind); ++i)
    CHECK(parse_event_kind(to_string(static_cast<event_kind>(i)))
          == static_cast<event_kind>(i));
  for (int i = 0; i <= static_cast<int>(severity::critical); ++i)
    CHECK(parse_severity(to_string(static_cast<severity>(i)))
          == static_cast<severity>(i));
  for (int i = 0; i <= static_cast<int>(failure_type::reported); ++i)
    CHECK(parse_failure_type(to_string(static_cast<failure_type>(i)))
          == static_cast<failure_type>(i));
  CHECK_FALSE(parse_event_kind("child_flew"));
  CHECK_FALSE(parse_event_kind("event_kind(99)"));
  CHECK_FALSE(parse_severity(""));
  CHECK_FALSE(parse_failure_type("NONE"));
}
