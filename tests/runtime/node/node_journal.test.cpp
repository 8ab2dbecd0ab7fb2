// Which start of a node this is, and how the one before ended. That one is a
// process of its own where it must not end by itself.

#include "support/temp_folder.hpp"

#include <bulwark/caf/stop.hpp>
#include <bulwark/events/monitor.hpp>
#include <bulwark/journal/journal_reader.hpp>
#include <bulwark/node/detail/node_journal.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

using namespace bulwark;
using namespace std::chrono_literals;
using detail::node_journal;

namespace {

node_options options_in(const test::temp_folder& folder) {
  node_options result;
  result.name = "alpha";
  result.data = folder.path();
  result.journal = journal_sync::relaxed;
  return result;
}

constexpr wall_time noon{1795262400s};

/// What a node tells at its start about the one before.
std::vector<event> told_by(node_journal& what) {
  std::vector<event> result;
  caf::actor_system_config config;
  caf::actor_system system{config};
  monitor_options options;
  options.node = "alpha";
  options.now = [] { return noon; };
  options.sink = [&](const event& each, event_origin) {
    result.push_back(each);
  };
  auto monitor = spawn_monitor(system, options);
  what.tell(monitor.events);
  stop(monitor.handle);
  caf::scoped_actor self{system};
  self->wait_for(monitor.handle);
  return result;
}

/// Waits until the journal has a sign of life of that time.
bool is_seen(const std::filesystem::path& file, wall_time at) {
  for (auto end = std::chrono::steady_clock::now() + 20s;
       std::chrono::steady_clock::now() < end;) {
    try {
      auto lives = journal_reader{file}.lives();
      if (!lives.empty() && lives.back().last_seen >= at)
        return true;
    } catch (const std::exception&) {
      // It is not made yet.
    }
    std::this_thread::yield();
  }
  return false;
}

} // namespace

TEST_CASE("boots are numbered upwards, also by a clock that goes back",
          "[node][journal]") {
  test::temp_folder folder;
  uint64_t before = 0;
  for (auto at : {noon, noon - 1h, noon - 1h, noon + 1h}) {
    node_journal each{options_in(folder), at};
    CHECK(each.boot() > before);
    before = each.boot();
    each.close();
  }
}

TEST_CASE("without a journal a boot is its time", "[node][journal]") {
  node_options options;
  node_journal none{options, noon};
  CHECK(none.boot() == 1'795'262'400'000'000);
  CHECK(none.store() == nullptr);
  CHECK(none.state() == "off");
  CHECK(told_by(none).empty());
}

TEST_CASE("a start that ended in good order is not told of",
          "[node][journal]") {
  test::temp_folder folder;
  {
    node_journal first{options_in(folder), noon};
    first.store()->sign_of_life(noon + 5s, 5s);
    CHECK(told_by(first).empty());
    first.close();
  }
  node_journal second{options_in(folder), noon + 1min};
  CHECK(second.state() == "working");
  CHECK(told_by(second).empty());
}

TEST_CASE("a start that was killed is told of, with how long nobody was there",
          "[node][journal]") {
  test::temp_folder folder;
  auto child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    node_journal first{options_in(folder), noon};
    first.store()->sign_of_life(noon + 5s, 5s);
    for (;;)
      pause();
  }
  CHECK(is_seen(folder.path() / "alpha.journal", noon + 5s));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  {
    node_journal second{options_in(folder), noon + 65s};
    auto told = told_by(second);
    REQUIRE(told.size() == 1);
    CHECK(told[0].kind == event_kind::node_crashed);
    CHECK(told[0].component == "node/alpha");
    CHECK(told[0].level == severity::critical);
    CHECK(told[0].failure == failure_type::killed);
    CHECK(told[0].downtime == 60s);
    CHECK_THAT(told[0].reason, Catch::Contains("2026-11-21T12:00:05.000Z"));
    second.close();
  }
  // Once.
  node_journal third{options_in(folder), noon + 2min};
  CHECK(told_by(third).empty());
}
