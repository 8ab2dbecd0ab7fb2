#include "runtime/journal/journal_fixture.hpp"
#include "support/dice.hpp"

#include <bulwark/journal/journal_reader.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <tuple>

using namespace bulwark;
using namespace std::chrono_literals;
using test::journal_fixture;
using test::journal_listener;
using test::numbered;

namespace {

using list = std::vector<event_position>;

std::vector<event> rest_of(journal_cursor& from, size_t max) {
  std::vector<event> result;
  for (auto found = from.next(max); !found.empty(); found = from.next(max)) {
    CHECK(found.size() <= max);
    result.insert(result.end(), found.begin(), found.end());
  }
  return result;
}

auto ledger_key(const event& what) {
  return std::tuple{ledger_time(what), what.node, what.boot, what.sequence};
}

auto number_key(const event& what) {
  return std::tuple{what.node, what.boot, what.sequence};
}

} // namespace

TEST_CASE("a reader gives all events in the ledger's order, whatever came when",
          "[journal]") {
  const uint64_t seed = 77;
  CAPTURE(seed);
  test::dice chance{seed};
  journal_fixture f;
  journal store{f.options()};
  journal_listener listener{store};
  std::vector<event> all;
  for (uint64_t i = 1; i <= 500; ++i)
    for (const auto* node : {"beta", "alpha", "gamma"}) {
      auto what = numbered(i);
      what.node = node;
      // Few times, so that many events share one; some before 1970.
      what.booted = wall_time{std::chrono::seconds{chance.below(5)} - 2s};
      what.uptime = std::chrono::nanoseconds{chance.below(9'000)};
      store.append(what);
      all.push_back(what);
    }
  listener.await(500, "gamma");
  std::sort(all.begin(), all.end(), [](const event& left, const event& right) {
    return ledger_key(left) < ledger_key(right);
  });
  journal_reader reader{f.path()};
  CHECK(reader.positions()
        == list{{"alpha", 1, 500}, {"beta", 1, 500}, {"gamma", 1, 500}});
  for (size_t page : {7, 1'000}) {
    auto cursor = reader.in_ledger_order();
    auto found = rest_of(cursor, page);
    REQUIRE(found.size() == all.size());
    for (size_t i = 0; i < all.size(); ++i)
      REQUIRE(number_key(found[i]) == number_key(all[i]));
  }
  auto cursor = reader.of_origin("beta", 1, 499);
  auto found = rest_of(cursor, 1);
  REQUIRE(found.size() == 2);
  CHECK(number_key(found[0]) == std::tuple{"beta", 1, 499});
}

TEST_CASE("a reader follows what is written meanwhile", "[journal]") {
  journal_fixture f;
  journal store{f.options()};
  journal_listener listener{store};
  store.append(numbered(1));
  listener.await(1);
  journal_reader reader{f.path()};
  CHECK(reader.last_id() == 1);
  auto cursor = reader.follow();
  uint64_t seen = 0;
  for (uint64_t written = 1; written < 3'000; written += 300) {
    for (const auto& what : rest_of(cursor, 50))
      REQUIRE(what.sequence == ++seen);
    CHECK(seen == written);
    CHECK(cursor.next().empty());
    for (uint64_t i = written + 1; i <= written + 300; ++i)
      store.append(numbered(i));
    listener.await(written + 300);
  }
  auto late = reader.follow(reader.last_id() - 1);
  CHECK(rest_of(late, 1'000).size() == 1);
}

TEST_CASE("a reader tells of the lives of the node", "[journal]") {
  journal_fixture f;
  journal store{f.options()};
  journal_listener listener{store};
  auto boot = store.next_boot(wall_time{5s});
  store.sign_of_life(wall_time{7s}, 2s);
  store.append(numbered(1));
  listener.await(1);
  journal_reader reader{f.path()};
  CHECK(
    reader.lives()
    == std::vector<node_life>{{boot, wall_time{5s}, wall_time{7s}, 2s, false}});
  CHECK(store.close());
  CHECK(reader.lives()[0].stopped_cleanly);
}

TEST_CASE("a journal that nobody writes is read as well", "[journal]") {
  journal_fixture f;
  {
    journal store{f.options()};
    store.append(numbered(1));
    CHECK(store.close());
  }
  CHECK(f.files("-wal").empty());
  journal_reader reader{f.path()};
  CHECK(reader.last_id() == 1);
  journal store{f.options()};
  journal_listener listener{store};
  store.append(numbered(2));
  listener.await(2);
  CHECK(reader.last_id() == 2);
}
