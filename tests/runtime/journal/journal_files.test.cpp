#include "runtime/journal/journal_fixture.hpp"

#include <bulwark/journal/detail/journal_file.hpp>
#include <bulwark/journal/detail/sqlite_handle.hpp>
#include <bulwark/journal/journal_error.hpp>
#include <bulwark/journal/journal_reader.hpp>

#include <catch2/catch.hpp>

#include <fstream>

#include <sqlite3.h>

using namespace bulwark;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using detail::sqlite_handle;
using test::journal_fixture;
using test::journal_listener;
using test::numbered;

namespace {

using list = std::vector<event_position>;
using numbers = std::vector<uint64_t>;

sqlite_handle open_raw(const journal_fixture& f) {
  return {f.path(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, ""};
}

/// Writes events of alpha, which happened a second apart, and closes.
void fill(const journal_options& options, uint64_t first, uint64_t last,
          event_kind kind = event_kind::child_started) {
  journal store{options};
  journal_listener listener{store};
  for (auto i = first; i <= last; ++i) {
    auto what = numbered(i, kind);
    what.booted = wall_time{1h};
    what.uptime = std::chrono::seconds{i};
    store.append(what);
  }
  listener.await(last);
  REQUIRE(store.close());
}

void overwrite(const std::filesystem::path& path, std::streamoff at,
               const std::string& bytes) {
  std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
  file.seekp(at);
  file << bytes;
}

numbers rest_of(journal_cursor& from) {
  numbers result;
  for (auto found = from.next(); !found.empty(); found = from.next())
    for (const auto& what : found)
      result.push_back(what.sequence);
  return result;
}

numbers all_of(const journal_fixture& f) {
  journal_reader reader{f.path()};
  auto cursor = reader.follow();
  return rest_of(cursor);
}

} // namespace

TEST_CASE("a damaged file is moved aside, in words, and a new one begun",
          "[journal]") {
  journal_fixture f;
  SECTION("which is none of SQLite's") {
    std::ofstream{f.path()} << std::string(5'000, 'x');
  }
  SECTION("of which a page is overwritten") {
    fill(f.options(), 1, 1'000);
    overwrite(f.path(), 5 * 4'096, std::string(8'192, '\xaa'));
  }
  journal store{f.options()};
  journal_listener listener{store};
  auto text = listener.await_text("is damaged: ");
  CHECK_THAT(text,
             Contains("working: the journal ") && Contains("a new one begun"));
  CHECK(store.positions().empty());
  store.append(numbered(1));
  listener.await(1);
  CHECK(test::read(store, 1, 10) == numbers{1});
  CHECK(f.files("a.journal.corrupt-2").size() == 1);
}

TEST_CASE("damage that shows later is the same, and nothing waiting is lost",
          "[journal]") {
  journal_fixture f;
  fill(f.options(), 1, 1'000);
  journal store{f.options()};
  journal_listener listener{store};
  // Another writer, so that the journal does not trust its own memory.
  open_raw(f).run("insert into meta values('more', '')");
  overwrite(f.path(), 4'096, std::string(100 * 4'096, '\xaa'));
  store.append(numbered(1'001));
  listener.await_text("is damaged: ");
  store.note_gap("alpha", 1, 1, 1'000);
  listener.await(1'001);
  CHECK(test::read(store, 1, 10) == numbers{1'001});
}

TEST_CASE("damage that only a reader meets is found as well", "[journal]") {
  journal_fixture f;
  fill(f.options(), 1, 1'000);
  journal store{f.options()};
  journal_listener listener{store};
  overwrite(f.path(), 4'096, std::string(100 * 4'096, '\xaa'));
  CHECK(test::read(store, 1, 10).empty());
  store.append(numbered(1'001));
  listener.await_text("is damaged: ");
  auto other = numbered(1);
  other.node = "beta";
  store.append(other);
  listener.await(1, "beta");
  CHECK(test::read(store, 1, 10, "beta") == numbers{1});
  CHECK(store.positions() == list{{"beta", 1, 1}});
}

TEST_CASE("a journal of a newer version and other databases are refused",
          "[journal]") {
  journal_fixture f;
  fill(f.options(), 1, 3);
  open_raw(f).run("pragma user_version = 2000");
  CHECK_THROWS_WITH(journal{f.options()},
                    Contains("has version 2; this program reads versions up "
                             "to 1"));
  CHECK_THROWS_AS(journal_reader{f.path()}, journal_error);
  open_raw(f).run("pragma user_version = 1001");
  CHECK(all_of(f) == numbers{1, 2, 3});
  open_raw(f).run("pragma application_id = 7");
  CHECK_THROWS_WITH(journal{f.options()}, Contains("is a database, but not a "
                                                   "journal"));
  CHECK(f.files("corrupt").empty());
  CHECK_THROWS_AS(journal_reader{f.folder() / "none"}, journal_error);
}

TEST_CASE("what a newer minor version wrote is kept, and skipped by readers",
          "[journal]") {
  journal_fixture f;
  fill(f.options(), 1, 2'500);
  open_raw(f).run("update events set kind = 'child_flew' where sequence < 1500;"
                  "update events set level = 'awful', failure = 'eaten' "
                  "where sequence = 1500");
  journal_reader reader{f.path()};
  auto cursor = reader.of_origin("alpha", 1);
  auto found = cursor.next();
  REQUIRE(found.size() == 501);
  CHECK(found[0].sequence == 1'500);
  CHECK(found[0].level == severity::info);
  CHECK(found[0].failure == failure_type::none);
  CHECK(rest_of(cursor).size() == 500);
  CHECK(cursor.skipped() == 1'499);
  journal store{f.options()};
  CHECK(store.positions() == list{{"alpha", 1, 2'500}});
  CHECK(store.close());
  CHECK(open_raw(f).number("select count(*) from events") == 2'500);
}

TEST_CASE("events leave when they are old, their positions never",
          "[journal]") {
  journal_fixture f;
  auto options = f.options();
  options.retention_age = 1h;
  fill(options, 1, 4'000, event_kind::child_failed);
  {
    journal store{options};
    journal_listener listener{store};
    store.next_boot(wall_time{2h});
    // A thousand in each step; event n happened at 1 h + n seconds.
    for (uint64_t i = 4'001; i <= 4'010; ++i) {
      store.sign_of_life(wall_time{2h + 3'000s + 1s}, 1s);
      auto what = numbered(i);
      what.booted = wall_time{2h};
      store.append(what);
      listener.await(i);
    }
    CHECK(store.positions()[0].upto == 4'010);
  }
  auto left = all_of(f);
  REQUIRE(left.size() == 1'011);
  // The failure that opened the outage.
  CHECK(left[0] == 1);
  CHECK(left[1] == 3'001);
}

// A report of the time since must not change: a service that started long ago
// and never failed was unknown, and one that went down before the window was
// up.
TEST_CASE("of old events those stay that tell how things were", "[journal]") {
  journal_fixture f;
  auto options = f.options();
  options.retention_age = 1h;
  {
    journal store{options};
    journal_listener listener{store};
    uint64_t number = 0;
    for (auto kind : {event_kind::service_started, event_kind::service_down,
                      event_kind::service_up, event_kind::restart_scheduled,
                      event_kind::service_down, event_kind::service_down})
      store.append(numbered(++number, kind));
    auto quiet = numbered(++number, event_kind::service_started);
    quiet.component = "/root/quiet";
    store.append(quiet);
    listener.await(number);
    store.next_boot(wall_time{24h});
    store.sign_of_life(wall_time{24h}, 0s);
    auto newest = numbered(++number, event_kind::restart_scheduled);
    newest.booted = wall_time{24h};
    store.append(newest);
    listener.await(number);
    CHECK(store.close());
  }
  CHECK(all_of(f) == numbers{3, 5, 7, 8});
  journal_reader reader{f.path()};
  CHECK(reader.removed()
        == std::vector<journal_reader::removed_range>{{"alpha", 1, 1, 8}});
}

TEST_CASE("boots without events, lives and gaps are not kept for ever",
          "[journal]") {
  journal_fixture f;
  auto options = f.options();
  options.retention_age = 1h;
  {
    journal store{options};
    journal_listener listener{store};
    store.note_gap("alpha", 1, 1, 1);
    store.note_gap("alpha", 1, 3, 3);
    store.append(numbered(2));
    store.append(numbered(4));
    listener.await(4);
    CHECK(open_raw(f).number("select count(*) from gaps") == 2);
    store.next_boot(wall_time{2h});
    store.sign_of_life(wall_time{2h}, 0s);
    store.append(numbered(5));
    listener.await(5);
    CHECK(store.close());
  }
  // Of 2, 4 and 5, which are from 1970, only the newest is left.
  CHECK(all_of(f) == numbers{5});
  CHECK(open_raw(f).number("select count(*) from gaps") == 0);
  const auto many = detail::journal_file::origins_max + 50;
  auto raw = open_raw(f);
  raw.run("begin");
  for (int64_t i = 10; i < many + 10; ++i) {
    auto boot = std::to_string(i);
    raw.run("insert into origins(node, boot, upto) values ('beta', " + boot
            + ", 3); insert into lives values (" + boot + ", 0, 0, 0, 'no')");
  }
  raw.run("commit");
  journal store{options};
  auto positions = store.positions();
  REQUIRE(positions.size() == detail::journal_file::origins_max + 1);
  CHECK(positions[0] == event_position{"alpha", 1, 5});
  CHECK(positions[1] == event_position{"beta", 60, 3});
  CHECK(raw.number("select count(*) from lives")
        == detail::journal_file::origins_max);
}

TEST_CASE("a file that is too large loses changes first, then the oldest",
          "[journal]") {
  journal_fixture f;
  auto options = f.options();
  options.retention_size = 1 << 20;
  {
    journal store{options};
    journal_listener listener{store};
    for (uint64_t i = 1; i <= 3'000; ++i) {
      auto what = numbered(i, i % 2 == 0 ? event_kind::child_failed
                                         : event_kind::restart_scheduled);
      what.reason.assign(1'000, 'x');
      store.append(what);
    }
    listener.await(3'000);
    store.next_boot(wall_time{1h});
    for (uint64_t i = 3'001; i <= 3'010; ++i) {
      store.sign_of_life(wall_time{1h}, 0s);
      store.append(numbered(i));
      listener.await(i);
    }
  }
  auto left = all_of(f);
  REQUIRE_FALSE(left.empty());
  // All failures that are left are newer than those that are gone.
  CHECK(left.size() < 1'000);
  CHECK(left.size() > 400);
  for (auto number : left)
    CHECK((number % 2 == 0 || number > 3'000));
  journal store{options};
  CHECK(store.positions() == list{{"alpha", 1, 3'010}});
}

TEST_CASE("the write-ahead file stays small, and a reader in its way is told "
          "of once",
          "[journal]") {
  journal_fixture f;
  auto options = f.options();
  options.wal_size = 8 << 20;
  journal store{options};
  journal_listener listener{store};
  uint64_t last = 0;
  auto storm = [&](uint64_t count) {
    for (uint64_t i = 0; i < count; ++i) {
      auto what = numbered(++last);
      what.reason.assign(1'000, 'x');
      store.append(what);
    }
    listener.await(last);
  };
  auto wal = f.path().string() + "-wal";
  storm(20'000);
  CHECK(std::filesystem::file_size(wal) < (8 << 20));
  CHECK(listener.texts().empty());
  {
    auto reader = open_raw(f);
    reader.run("begin; select count(*) from events");
    storm(20'000);
    CHECK_THAT(listener.await_text("a reader keeps the write-ahead file of "),
               Contains(" MiB"));
    reader.run("commit");
  }
  storm(1'000);
  CHECK(store.close());
  CHECK(listener.texts().size() == 1);
}
