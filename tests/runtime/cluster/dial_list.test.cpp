#include <bulwark/cluster/detail/dial_list.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

const host_port alpha{"127.0.0.1", 7001};
const host_port beta{"127.0.0.1", 7002};
const time_point start{1h};

} // namespace

TEST_CASE("an address to join is due at once and dialled once at a time",
          "[cluster]") {
  dial_list list;
  list.add(alpha, true, start);
  CHECK(list.next_due() == start);
  CHECK(list.take_due(start) == std::vector{alpha});
  CHECK(list.take_due(start).empty());
  CHECK_FALSE(list.next_due());
}

TEST_CASE("tries that fail are spaced further and further", "[cluster]") {
  dial_list list;
  list.add(alpha, true, start);
  auto now = start;
  for (auto delay : {100ms, 200ms, 400ms, 800ms, 1600ms, 2000ms, 2000ms}) {
    REQUIRE(list.take_due(now).size() == 1);
    list.failed(alpha, now, 0.5);
    CHECK(list.next_due() == now + delay);
    CHECK(list.take_due(now + delay - 1ms).empty());
    now += delay;
  }
}

TEST_CASE("the first failure since the last success is told", "[cluster]") {
  dial_list list;
  list.add(alpha, true, start);
  list.take_due(start);
  CHECK(list.failed(alpha, start, 0.5));
  CHECK_FALSE(list.failed(alpha, start, 0.5));
  list.connected(alpha, "alpha");
  list.lost("alpha", start);
  CHECK(list.failed(alpha, start, 0.5));
}

TEST_CASE("a connected node is dialled again only when it is lost",
          "[cluster]") {
  dial_list list;
  list.add(alpha, true, start);
  list.take_due(start);
  list.connected(alpha, "alpha");
  CHECK_FALSE(list.next_due());
  list.lost("beta", start + 1s);
  CHECK_FALSE(list.next_due());
  list.lost("alpha", start + 1s);
  CHECK(list.take_due(start + 1s) == std::vector{alpha});
}

TEST_CASE(
  "an address heard of is tried for ever, though less often than one to "
  "join",
  "[cluster]") {
  dial_list list;
  list.add(alpha, true, start);
  list.add(beta, false, start);
  auto now = start;
  for (uint32_t i = 0; i < 10 * dial_list::tries_max; ++i) {
    list.failed(alpha, now, 0.5);
    list.failed(beta, now, 0.5);
    now += 1h;
  }
  list.failed(alpha, now, 0.5);
  list.failed(beta, now, 0.5);
  CHECK(list.take_due(now + 2s) == std::vector{alpha});
  CHECK(list.take_due(now + 30s - 1ms).empty());
  CHECK(list.take_due(now + 30s) == std::vector{beta});
}

TEST_CASE("a node that is elsewhere is not looked for where it was",
          "[cluster]") {
  dial_list list;
  const host_port gamma{"127.0.0.1", 7003};
  list.add(alpha, true, start);
  list.add(beta, false, start);
  list.add(gamma, false, start);
  list.connected(alpha, "other");
  list.is_of(beta, "other");
  list.connected(gamma, "other");
  list.moved("other", gamma);
  list.lost("other", start);
  CHECK(list.take_due(start) == std::vector{alpha, gamma});
  list.forget_node("other");
  list.failed(alpha, start, 0.5);
  CHECK(list.take_due(start + 1h) == std::vector{alpha});
}

TEST_CASE("only so many addresses heard of are kept", "[cluster]") {
  dial_list list;
  for (uint16_t port = 1; port <= 2 * dial_list::addresses_max; ++port)
    list.add({"127.0.0.1", port}, false, start);
  CHECK(list.take_due(start).size() == dial_list::addresses_max);
  list.add(alpha, true, start);
  CHECK(list.take_due(start) == std::vector{alpha});
  // The one that failed makes way for one that may do better.
  list.failed({"127.0.0.1", 5}, start, 0.5);
  list.add(beta, false, start);
  CHECK(list.take_due(start) == std::vector{beta});
  CHECK(list.take_due(start + 1h).empty());
}

TEST_CASE("a forgotten address is not dialled again", "[cluster]") {
  dial_list list;
  list.add(alpha, true, start);
  list.forget(alpha);
  CHECK_FALSE(list.next_due());
}

TEST_CASE("a join is missing until it is connected", "[cluster]") {
  dial_list list;
  list.add(beta, false, start);
  CHECK_FALSE(list.join_missing());
  list.add(alpha, true, start);
  CHECK(list.join_missing());
  list.connected(alpha, "alpha");
  CHECK_FALSE(list.join_missing());
  list.lost("alpha", start);
  CHECK(list.join_missing());
  list.forget(alpha);
  CHECK_FALSE(list.join_missing());
}

TEST_CASE("a node that refuses is dialled like one that fails", "[cluster]") {
  dial_list list;
  list.add(alpha, true, start);
  list.connected(alpha, "alpha");
  list.refused("beta", start, 0.5);
  CHECK_FALSE(list.next_due());
  list.refused("alpha", start, 0.5);
  CHECK(list.next_due() == start + 100ms);
  REQUIRE(list.take_due(start + 100ms) == std::vector{alpha});
  // Whoever dials has been told already.
  CHECK_FALSE(list.failed(alpha, start + 100ms, 0.5));
  CHECK(list.next_due() == start + 300ms);
}
