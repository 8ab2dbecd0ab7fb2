#include "runtime/journal/journal_fixture.hpp"
#include "runtime/journal/test_disk.hpp"
#include "support/dice.hpp"

#include <bulwark/journal/journal_error.hpp>
#include <bulwark/journal/journal_reader.hpp>

#include <catch2/catch.hpp>

#include <chrono>
#include <thread>

using namespace bulwark;
using namespace std::chrono_literals;
using test::disk_mood;
using test::journal_fixture;
using test::journal_listener;
using test::numbered;

namespace {

using list = std::vector<event_position>;
using numbers = std::vector<uint64_t>;

/// A journal on a disk with moods.
struct disk_fixture : journal_fixture {
  journal_options on_disk() const {
    auto result = options();
    result.vfs = test::test_disk::name;
    result.retry_initial = 1ms;
    result.retry_max = 20ms;
    return result;
  }

  /// Returns which numbers of alpha are in the file, by SQLite's own disk.
  numbers in_file(const std::filesystem::path& path) const {
    numbers result;
    journal_reader reader{path};
    auto cursor = reader.of_origin(node, 1);
    for (auto found = cursor.next(); !found.empty(); found = cursor.next())
      for (const auto& what : found)
        result.push_back(what.sequence);
    return result;
  }

  test::test_disk disk;
};

/// Opens a journal as soon as the thread of one that was given up has ended.
std::unique_ptr<journal> open_when_free(const journal_options& options) {
  auto patience = std::chrono::steady_clock::now() + 20s;
  for (;;)
    try {
      return std::make_unique<journal>(options);
    } catch (const journal_error&) {
      if (std::chrono::steady_clock::now() > patience)
        throw;
      std::this_thread::yield();
    }
}

numbers up_to(uint64_t last) {
  numbers result;
  for (uint64_t i = 1; i <= last; ++i)
    result.push_back(i);
  return result;
}

} // namespace

TEST_CASE("while a sync is held events are taken, and none counts as durable",
          "[journal][disk]") {
  disk_fixture f;
  journal store{f.on_disk()};
  journal_listener listener{store};
  store.append(numbered(1));
  listener.await(1);
  f.disk.hold_syncs();
  store.append(numbered(2));
  f.disk.await_held_sync();
  for (uint64_t i = 3; i <= 1'002; ++i)
    store.append(numbered(i));
  store.sign_of_life(wall_time{1s}, 1s);
  CHECK(listener.upto() == 1);
  CHECK(store.stats().waiting == 1'001);
  // Nor do those who read wait.
  CHECK(test::read(store, 1, 10) == numbers{1});
  CHECK(listener.await_text("behind: nothing became durable for 1s; 1001 "
                            "events wait")
        != "");
  CHECK(listener.upto() == 1);
  f.disk.release_syncs();
  listener.await(1'002);
  CHECK(listener.await_text("working: ").find("0 changes and 0 failures")
        != std::string::npos);
  CHECK(store.close());
  CHECK(f.in_file(f.path()) == up_to(1'002));
  CHECK(listener.texts().size() == 2);
}

TEST_CASE("a disk that refuses is told of once, and all is written afterwards",
          "[journal][disk]") {
  auto mood = GENERATE(disk_mood::full, disk_mood::read_only,
                       disk_mood::half_writes, disk_mood::no_sync);
  CAPTURE(static_cast<int>(mood));
  disk_fixture f;
  journal store{f.on_disk()};
  journal_listener listener{store};
  store.append(numbered(1));
  listener.await(1);
  f.disk.be(mood);
  for (uint64_t i = 2; i <= 2'000; ++i)
    store.append(numbered(i));
  auto text = listener.await_text("failed: cannot write ");
  CHECK(text.find(f.path().string()) != std::string::npos);
  f.disk.await_refusal();
  CHECK(listener.upto() == 1);
  CHECK(store.positions() == list{{"alpha", 1, 1}});
  for (uint64_t i = 2'001; i <= 2'100; ++i)
    store.append(numbered(i));
  f.disk.be(disk_mood::fine);
  listener.await(2'100);
  listener.await_text("working: ");
  CHECK(listener.texts().size() == 2);
  CHECK(store.close());
  CHECK(f.in_file(f.path()) == up_to(2'100));
  CHECK(f.files("corrupt").empty());
}

TEST_CASE("a disk that refuses from the start is tried again",
          "[journal][disk]") {
  disk_fixture f;
  f.disk.be(disk_mood::full);
  journal store{f.on_disk()};
  journal_listener listener{store};
  listener.await_text("failed: ");
  store.append(numbered(1));
  f.disk.be(disk_mood::fine);
  listener.await(1);
  CHECK(store.close());
  CHECK(f.in_file(f.path()) == up_to(1));
}

TEST_CASE("what waits is bounded; numbers dropped of this boot become gaps",
          "[journal][disk]") {
  disk_fixture f;
  auto options = f.on_disk();
  options.waiting_max = 10;
  options.group_max = 10;
  journal store{options};
  journal_listener listener{store};
  auto boot = store.next_boot(wall_time{5s});
  f.disk.hold_syncs();
  auto own = [&](uint64_t number, event_kind kind) {
    auto what = numbered(number, kind);
    what.boot = boot;
    return what;
  };
  store.append(own(1, event_kind::child_started));
  f.disk.await_held_sync();
  for (uint64_t i = 2; i <= 101; ++i)
    store.append(own(i, i % 10 == 0 ? event_kind::child_failed
                                    : event_kind::child_started));
  auto foreign = numbered(1);
  foreign.node = "beta";
  store.append(foreign);
  for (uint64_t i = 102; i <= 111; ++i)
    store.append(own(i, event_kind::child_failed));
  // 2 to 101 hold ten failures, of which all but the newest ten are gone.
  auto stats = store.stats();
  CHECK(stats.dropped_changes == 91);
  CHECK(stats.dropped_failures_and_recoveries == 10);
  f.disk.release_syncs();
  listener.await(111, "alpha", boot);
  CHECK(store.positions() == list{{"alpha", boot, 111}});
  CHECK(test::read(store, 1, 1'000, "alpha", boot)
        == numbers{1, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111});
}

TEST_CASE("a journal on a disk that hangs can be closed", "[journal][disk]") {
  disk_fixture f;
  {
    journal store{f.on_disk()};
    f.disk.hold_syncs();
    store.append(numbered(1));
    f.disk.await_held_sync();
    CHECK_FALSE(store.close(10ms));
    CHECK_FALSE(store.close(10ms));
  }
  // The lock is the hanging thread's still: it may write yet.
  CHECK_THROWS_WITH(journal{f.options()},
                    Catch::Matchers::Contains("is in use by process"));
  f.disk.release_syncs();
  auto again = open_when_free(f.options());
  CHECK(again->positions() == list{{"alpha", 1, 1}});
}

namespace {

/// A journal under changing conditions, and what it had told to be durable.
class trial {
public:
  trial() { open(); }

  void append(size_t count) {
    for (; count > 0; --count)
      store_->append(numbered(++last_));
  }

  void be(disk_mood mood) { f_.disk.be(mood); }

  void await_all() {
    be(disk_mood::fine);
    listener_->await(last_);
  }

  /// The next process goes on where the file ends.
  void restart(disk_mood mood) {
    be(mood);
    store_->close(5ms);
    told_ = told();
    listener_.reset();
    store_.reset();
    open();
    await_opened();
    last_ = 0;
    for (const auto& known : store_->positions())
      if (known.node == journal_fixture::node)
        last_ = known.upto;
    REQUIRE(last_ >= told_);
  }

  /// What a power cut would leave is an unbroken prefix with all that was
  /// told.
  void check_power_cut() {
    auto told_before = told();
    test::temp_folder after;
    f_.disk.cut_power(f_.folder(), after.path());
    auto path = after.path() / "a.journal";
    auto found = std::filesystem::exists(path) ? left_at(path) : numbers{};
    CAPTURE(told_before, found.size(), last_);
    REQUIRE(found.size() >= told_before);
    REQUIRE(found.size() <= last_);
    REQUIRE(found == up_to(found.size()));
  }

private:
  void open() {
    auto options = f_.on_disk();
    options.group_wait = 0ms;
    options.group_max = 8;
    store_ = open_when_free(options);
    listener_ = std::make_unique<journal_listener>(*store_);
  }

  void await_opened() {
    be(disk_mood::fine);
    store_->next_boot(wall_time{1s});
    store_->append(foreign_);
    listener_->await(foreign_.sequence, foreign_.node);
    ++foreign_.sequence;
  }

  numbers left_at(const std::filesystem::path& path) {
    auto options = f_.options();
    options.path = path;
    // Moves what is in the write-ahead file into the file.
    journal{options}.close();
    return f_.in_file(path);
  }

  uint64_t told() const { return std::max(told_, listener_->upto()); }

  disk_fixture f_;
  uint64_t last_ = 0;
  uint64_t told_ = 0;
  event foreign_ = [] {
    auto what = numbered(1);
    what.node = "beta";
    return what;
  }();
  std::unique_ptr<journal> store_;
  std::unique_ptr<journal_listener> listener_;
};

} // namespace

TEST_CASE("after a power cut all is there that was told to be durable",
          "[journal][disk]") {
  const uint64_t seed = 4711;
  CAPTURE(seed);
  test::dice chance{seed};
  const int rounds = std::max(30 / TEST_SHARE, 3);
  for (int round = 0; round < rounds; ++round) {
    CAPTURE(round);
    trial t;
    for (int step = 0; step < 6; ++step) {
      CAPTURE(step);
      t.be(chance.any<disk_mood>(5));
      t.append(chance.below(60));
      if (chance.roll(1, 2))
        t.await_all();
      t.check_power_cut();
      if (chance.roll(1, 3))
        t.restart(chance.any<disk_mood>(5));
    }
    t.await_all();
    t.check_power_cut();
  }
}
