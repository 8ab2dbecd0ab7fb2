#include "runtime/journal/journal_fixture.hpp"

#include <bulwark/journal/journal_error.hpp>
#include <bulwark/journal/journal_reader.hpp>

#include <catch2/catch.hpp>

#include <limits>
#include <thread>

using namespace bulwark;
using namespace std::chrono_literals;
using namespace std::string_literals;
using test::journal_fixture;
using test::journal_listener;
using test::numbered;

namespace {

using list = std::vector<event_position>;
using numbers = std::vector<uint64_t>;

wall_time at(int64_t seconds) {
  return wall_time{std::chrono::seconds{seconds}};
}

event full_event() {
  auto what = numbered(1, event_kind::child_restarted);
  what.level = severity::high;
  what.failure = failure_type::exception;
  what.component = "/root/orders/orders#1";
  what.incarnation = 7;
  what.type_word = "disk_full";
  what.reason = "quote ' and\nline, zero \0, \xff no UTF-8"s;
  what.metadata = {{"a", ""}, {"", "b:,"}, {"a", "\0x"s}};
  what.downtime = 412ms;
  what.at = at(1'800'000'000);
  what.booted = at(1'700'000'000);
  what.uptime = 3h + 1ns;
  return what;
}

void check_equal(const event& left, const event& right) {
  CHECK(left.kind == right.kind);
  CHECK(left.level == right.level);
  CHECK(left.failure == right.failure);
  CHECK(left.component == right.component);
  CHECK(left.incarnation == right.incarnation);
  CHECK(left.type_word == right.type_word);
  CHECK(left.reason == right.reason);
  CHECK(left.metadata == right.metadata);
  CHECK(left.downtime == right.downtime);
  CHECK(left.node == right.node);
  CHECK(left.boot == right.boot);
  CHECK(left.sequence == right.sequence);
  CHECK(left.at == right.at);
  CHECK(left.booted == right.booted);
  CHECK(left.uptime == right.uptime);
}

} // namespace

TEST_CASE("an event is read as it was appended, also by the next process",
          "[journal]") {
  journal_fixture f;
  auto first = full_event();
  auto second = numbered(2);
  {
    journal store{f.options()};
    journal_listener listener{store};
    store.append(first);
    store.append(second);
    listener.await(2);
    auto found = test::read_events(store, "alpha", 1, 1, 10);
    REQUIRE(found.size() == 2);
    check_equal(found[0], first);
    check_equal(found[1], second);
    CHECK(store.stats().durable == 2);
    CHECK(store.close());
  }
  journal store{f.options()};
  CHECK(store.positions() == list{{"alpha", 1, 2}});
  auto found = test::read_events(store, "alpha", 1, 1, 10);
  REQUIRE(found.size() == 2);
  check_equal(found[0], first);
}

TEST_CASE("numbers come in any order, once each, and gaps fill holes",
          "[journal]") {
  journal_fixture f;
  {
    journal store{f.options()};
    journal_listener listener{store};
    for (uint64_t i : {2, 5, 2, 0})
      store.append(numbered(i));
    auto foreign = numbered(1);
    foreign.node = "beta";
    store.append(foreign);
    listener.await(1, "beta");
    CHECK(store.positions() == list{{"alpha", 1, 0}, {"beta", 1, 1}});
    store.append(numbered(1));
    listener.await(2);
    CHECK(test::read(store, 1, 10) == numbers{1, 2, 5});
    CHECK(test::read(store, 2, 1) == numbers{2});
    CHECK(test::read(store, 6, 10).empty());
    CHECK(test::read(store, std::numeric_limits<uint64_t>::max(), 9).empty());
    CHECK(test::read(store, 1, 10, "gamma").empty());
  }
  journal store{f.options()};
  journal_listener listener{store};
  CHECK(store.positions()[0].upto == 2);
  store.note_gap("alpha", 1, 3, 4);
  listener.await(5);
  store.note_gap("alpha", 1, 9, 6);
  store.append(numbered(4));
  store.append(numbered(6));
  listener.await(6);
  CHECK(test::read(store, 1, 10) == numbers{1, 2, 5, 6});
}

TEST_CASE("what was appended before a gap over its number stays", "[journal]") {
  journal_fixture f;
  journal store{f.options()};
  journal_listener listener{store};
  for (uint64_t i = 1; i <= 900; ++i)
    store.append(numbered(i));
  store.note_gap("alpha", 1, 1, 1'000);
  listener.await(1'000);
  CHECK(test::read(store, 1, 1'000).size() == 900);
}

TEST_CASE("a journal knows the boots of its node, and how the last one ended",
          "[journal]") {
  journal_fixture f;
  uint64_t first = 0;
  {
    journal store{f.options()};
    CHECK_FALSE(store.last_life());
    store.sign_of_life(at(1), 1s);
    first = store.next_boot(at(1'000));
    CHECK(first == 1'000'000'000);
    store.sign_of_life(at(1'005), 5s);
    CHECK(store.close());
  }
  uint64_t second = 0;
  {
    journal store{f.options()};
    CHECK(store.last_life()
          == node_life{first, at(1'000), at(1'005), 5s, true});
    // The clock was set back.
    second = store.next_boot(at(900));
    CHECK(second == first + 1);
    store.sign_of_life(at(901), 1s);
  }
  {
    journal store{f.options()};
    CHECK(store.last_life() == node_life{second, at(900), at(901), 1s, false});
    auto own = numbered(1);
    own.boot = second + 7;
    store.append(own);
    CHECK(store.close());
  }
  journal store{f.options()};
  CHECK(store.next_boot(at(900)) == second + 8);
}

TEST_CASE("a second journal of the same file is refused, and names the first",
          "[journal]") {
  journal_fixture f;
  journal first{f.options()};
  CHECK_THROWS_WITH(journal{f.options()},
                    Catch::Matchers::Contains("is in use by process ")
                      && Catch::Matchers::Contains(" since 2"));
  CHECK(first.close());
  journal second{f.options()};
}

TEST_CASE("options that break a rule are refused by name", "[journal]") {
  journal_fixture f;
  auto options = f.options();
  options.group_max = 0;
  CHECK_THROWS_WITH(journal{options},
                    "journal.group_max is 0; it must be at least 1 and at most "
                    "10000");
  CHECK(f.files().empty());
  options = f.options();
  options.path = f.folder() / "missing" / "a.journal";
  CHECK_THROWS_AS(journal{options}, journal_error);
  options = f.options();
  options.node = "";
  CHECK(validate(options));
}

TEST_CASE("nothing is taken in after the close", "[journal]") {
  journal_fixture f;
  journal store{f.options()};
  store.append(numbered(1));
  CHECK(store.close());
  CHECK(store.close());
  store.append(numbered(2));
  store.note_gap("alpha", 1, 2, 3);
  CHECK(store.positions() == list{{"alpha", 1, 1}});
  CHECK(test::read(store, 1, 10).empty());
  CHECK(store.stats() == journal_stats{0, 1, 0, 0});
  CHECK(f.files("-wal").empty());
}

TEST_CASE("many threads append, note gaps, read and ask at once", "[journal]") {
  journal_fixture f;
  journal store{f.options()};
  journal_listener listener{store};
  constexpr uint64_t count = 2'000;
  auto work = [&](const std::string& node) {
    for (uint64_t i = 1; i <= count; i += 2) {
      auto what = numbered(i);
      what.node = node;
      store.append(what);
      store.note_gap(node, 1, i + 1, i + 1);
      if (i % 101 == 0)
        store.read(node, 1, 1, 10, [](const auto&) {});
      static_cast<void>(store.stats());
    }
  };
  {
    std::vector<std::jthread> threads;
    for (const auto* node : {"a", "b", "c", "d"})
      threads.emplace_back(work, node);
  }
  // Gaps beyond those that may wait are noted again by whoever needs them.
  for (const auto* node : {"a", "b", "c", "d"}) {
    store.note_gap(node, 1, 1, count);
    listener.await(count, node);
    CHECK(test::read(store, 1, 1'000, node).size() <= count / 2);
  }
  CHECK(store.stats().waiting == 0);
  CHECK(store.close());
}

TEST_CASE("a boot that dies before its first sign of life is known",
          "[journal]") {
  journal_fixture f;
  {
    journal store{f.options()};
    journal_listener listener{store};
    CHECK(store.next_boot(wall_time{5s}) == 5'000'000);
    store.append(numbered(1));
    listener.await(1);
  }
  journal store{f.options()};
  auto life = store.last_life();
  REQUIRE(life);
  CHECK(life->boot == 5'000'000);
  CHECK_FALSE(life->stopped_cleanly);
}
