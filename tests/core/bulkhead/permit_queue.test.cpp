#include <bulwark/bulkhead/detail/permit_queue.hpp>

#include <catch2/catch.hpp>

#include <string>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr auto critical = call_priority::critical;
constexpr auto normal = call_priority::normal;
constexpr auto background = call_priority::background;
constexpr auto start = time_point{} + 1h;

bulkhead_options places(size_t queue,
                        overflow_policy overflow = overflow_policy::refuse,
                        queue_order order = queue_order::fifo) {
  bulkhead_options result;
  result.queue = queue;
  result.overflow = overflow;
  result.order = order;
  return result;
}

permit_ticket one(uint64_t id, call_priority priority = normal) {
  permit_ticket result;
  result.key = {id % 10, id};
  result.priority = priority;
  result.consumer = static_cast<uint32_t>(id % 3);
  result.tenant = id % 7;
  result.expires = start + 1s;
  return result;
}

/// The ids of all that wait, as they would be served.
std::string served(permit_queue& queue) {
  std::string result;
  while (const auto* who = queue.next()) {
    result += std::to_string(who->key.id) + " ";
    queue.remove(permit_key{who->key});
  }
  return result;
}

} // namespace

TEST_CASE("who waits is served by priority and arrival, whoever it is for",
          "[bulkhead][queue]") {
  permit_queue queue{places(10), nullptr};
  for (auto who : {one(1), one(2, background), one(3), one(4, critical), one(5),
                   one(6, critical)})
    CHECK(queue.arrive(who).waits);
  CHECK(queue.someone_before(critical));
  CHECK(queue.first_of(0)->key.id == 6);
  CHECK(queue.first_of(1)->key.id == 4);
  CHECK(queue.first_of(3) == nullptr);
  CHECK_FALSE(queue.someone_before(critical, 2));
  CHECK(queue.someone_before(normal, 2));
  CHECK(served(queue) == "4 6 1 3 5 2 ");
  CHECK_FALSE(queue.someone_before(background));
  CHECK(queue.first_of(0) == nullptr);
  CHECK_FALSE(queue.next_expiry());
}

TEST_CASE("what gives way when too many wait", "[bulkhead][queue]") {
  auto after = [](overflow_policy policy, call_priority arriving) {
    permit_queue queue{places(4, policy), nullptr};
    for (auto who : {one(1, background), one(2, background), one(3), one(4)})
      queue.arrive(who);
    auto result = queue.arrive(one(5, arriving));
    auto out = result.dropped ? std::to_string(result.dropped->key.id) : "-";
    return out + (result.waits ? ": " : " refused: ") + served(queue);
  };
  CHECK(after(overflow_policy::refuse, normal) == "- refused: 3 4 1 2 ");
  CHECK(after(overflow_policy::drop_oldest, normal) == "1: 3 4 5 2 ");
  CHECK(after(overflow_policy::drop_newest, normal) == "2: 3 4 5 1 ");
  CHECK(after(overflow_policy::drop_oldest, critical) == "1: 5 3 4 2 ");
  CHECK(after(overflow_policy::drop_oldest, background) == "1: 3 4 2 5 ");
}

TEST_CASE("nobody gives way to a lower priority", "[bulkhead][queue]") {
  auto policy =
    GENERATE(overflow_policy::drop_oldest, overflow_policy::drop_newest);
  permit_queue queue{places(2, policy), nullptr};
  queue.arrive(one(1, critical));
  queue.arrive(one(2));
  CHECK_FALSE(queue.arrive(one(3, background)).waits);
  CHECK(served(queue) == "1 2 ");
}

TEST_CASE("who was let in before does not count and does not give way",
          "[bulkhead][queue]") {
  permit_queue queue{places(1, overflow_policy::drop_oldest), nullptr};
  auto before = one(1);
  before.exempt = true;
  CHECK(queue.arrive(before).waits);
  CHECK(queue.arrive(one(2)).waits);
  before.key.id = 3;
  CHECK(queue.arrive(before).waits);
  CHECK(queue.arrive(one(4)).dropped->key.id == 2);
  CHECK(served(queue) == "1 3 4 ");
}

TEST_CASE("under overload the last to come is served first",
          "[bulkhead][queue]") {
  permit_queue queue{
    places(6, overflow_policy::refuse, queue_order::adaptive_lifo), nullptr};
  for (uint64_t i = 1; i <= 6; ++i)
    queue.arrive(one(i));
  CHECK(served(queue) == "6 5 4 1 2 3 ");
}

TEST_CASE("those whose time is over are taken out, also many at once",
          "[bulkhead][queue]") {
  permit_queue queue{places(200'000), nullptr};
  for (uint64_t i = 0; i < 200'000; ++i) {
    auto who = one(i);
    who.expires = start + (i % 2 == 0 ? 1s : 2s);
    queue.arrive(who);
  }
  CHECK(queue.next_expiry() == start + 1s);
  CHECK(queue.expire(start + 999ms).empty());
  CHECK(queue.expire(start + 1s).size() == 100'000);
  CHECK(queue.next_expiry() == start + 2s);
  // From behind: those that are due together are not searched.
  for (uint64_t i = 199'999; queue.size() > 50'000; i -= 2)
    CHECK(queue.remove(one(i).key));
  for (uint64_t source = 0; source < 10; ++source)
    for (const auto& each : queue.remove_source(source))
      CHECK(each.key.source == source);
  CHECK(queue.empty());
}

TEST_CASE("those who are named leave in the order they came",
          "[bulkhead][queue]") {
  permit_queue queue{places(10), nullptr};
  for (uint64_t i : {9, 4, 7, 2, 5})
    queue.arrive(one(i));
  auto out = queue.remove_if([](const auto& who) { return who.key.id > 4; });
  REQUIRE(out.size() == 3);
  CHECK(out[0].key.id == 9);
  CHECK(out[1].key.id == 7);
  CHECK(out[2].key.id == 5);
  CHECK(served(queue) == "4 2 ");
}
