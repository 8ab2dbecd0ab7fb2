// A process that storms events is killed with SIGKILL, again and again, and
// goes on in the same journal. As often as JOURNAL_KILLS says, else 20 times;
// JOURNAL_SEED says when.

#include "core/ledger/naive_ledger.hpp"
#include "runtime/journal/journal_fixture.hpp"
#include "support/dice.hpp"
#include "support/process.hpp"

#include <bulwark/journal/journal_error.hpp>
#include <bulwark/journal/journal_reader.hpp>
#include <bulwark/ledger/ledger.hpp>
#include <bulwark/ledger/report_json.hpp>

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <optional>

using namespace bulwark;
using namespace std::chrono_literals;
using test::field_of;
using test::journal_fixture;

namespace {

uint64_t from_environment(const char* name, uint64_t preset) {
  const auto* value = std::getenv(name);
  return value == nullptr ? preset : std::strtoull(value, nullptr, 10);
}

uint64_t number_of(const std::string& line, const char* key) {
  auto value = field_of(line, key);
  return value.empty() ? 0 : std::strtoull(value.c_str(), nullptr, 10);
}

/// What a process said before it was killed.
struct last_words {
  uint64_t boot = 0;
  uint64_t durable = 0;

  /// The last number that it emitted 100 ms before the kill.
  uint64_t emitted = 0;
  bool was_behind = false;
};

last_words words_of(const std::vector<std::string>& lines, time_point killed) {
  last_words result;
  auto early =
    static_cast<uint64_t>((killed - 100ms).time_since_epoch().count());
  for (const auto& line : lines) {
    result.boot = std::max(result.boot, number_of(line, "boot"));
    result.durable = std::max(result.durable, number_of(line, "durable"));
    if (number_of(line, "at") < early)
      result.emitted = std::max(result.emitted, number_of(line, "emitted"));
    if (field_of(line, "state") == "behind")
      result.was_behind = true;
  }
  return result;
}

/// Starts the process and kills it after it has emitted about `count` events.
last_words storm_and_kill(const std::filesystem::path& path, uint64_t count,
                          uint64_t ahead = 1'000) {
  test::process child{test::program("JOURNAL_STORM"),
                      {path.string(), std::to_string(ahead)}};
  child.wait_for_line([&](const std::string& line) {
    return number_of(line, "emitted") >= count;
  });
  auto killed = std::chrono::steady_clock::now();
  child.signal(SIGKILL);
  CHECK(child.wait_exit() == 128 + SIGKILL);
  return words_of(child.lines(), killed);
}

/// Returns how many events of an origin there are, from 1 on without a hole.
uint64_t unbroken(const journal_reader& in, const std::string& node,
                  uint64_t boot) {
  uint64_t result = 0;
  auto cursor = in.of_origin(node, boot);
  for (auto found = cursor.next(); !found.empty(); found = cursor.next())
    for (const auto& what : found)
      REQUIRE(what.sequence == ++result);
  return result;
}

uint64_t upto_of(const std::vector<event_position>& positions,
                 const std::string& node, uint64_t boot) {
  for (const auto& known : positions)
    if (known.node == node && known.boot == boot)
      return known.upto;
  return 0;
}

std::vector<event> all_of(journal_cursor from) {
  std::vector<event> result;
  for (auto found = from.next(); !found.empty(); found = from.next())
    result.insert(result.end(), found.begin(), found.end());
  return result;
}

} // namespace

TEST_CASE("a process killed while it storms leaves all that it had promised",
          "[journal]") {
  const auto kills = from_environment("JOURNAL_KILLS", 20);
  const auto seed = from_environment("JOURNAL_SEED", 20261129);
  std::cout << "JOURNAL_KILLS=" << kills << " JOURNAL_SEED=" << seed << "\n";
  test::dice chance{seed};
  std::optional<journal_fixture> f;
  uint64_t late = 0;
  uint64_t boot_before = 0;
  for (uint64_t kill = 0; kill < kills; ++kill) {
    // A larger journal takes longer to look through, and shows no more.
    if (kill % 10 == 0)
      f.emplace();
    auto count = 100 + chance.below(chance.roll(1, 4) ? 1'000 : 20'000);
    CAPTURE(seed, kill, count);
    auto said = storm_and_kill(f->path(), count);
    CAPTURE(said.durable, said.emitted, said.was_behind);
    REQUIRE(said.boot > boot_before);
    boot_before = said.boot;
    // The next process opens it at once.
    journal store{f->options()};
    auto upto = upto_of(store.positions(), "alpha", said.boot);
    journal_reader reader{f->path()};
    REQUIRE(unbroken(reader, "alpha", said.boot) == upto);
    REQUIRE(unbroken(reader, "beta", said.boot)
            == upto_of(store.positions(), "beta", said.boot));
    REQUIRE(upto >= said.durable);
    if (upto < said.emitted && !said.was_behind)
      ++late;
    if (auto life = store.last_life(); life && life->boot == said.boot)
      REQUIRE_FALSE(life->stopped_cleanly);
  }
  // Only where the machine itself stood still for as long.
  CHECK(late * 20 <= kills);
}

TEST_CASE("after each kill the ledger tells what a plain fold tells",
          "[journal]") {
  const auto kills = from_environment("JOURNAL_KILLS", 20) / 2;
  const auto seed = from_environment("JOURNAL_SEED", 20261129);
  test::dice chance{seed};
  std::optional<journal_fixture> f;
  for (uint64_t kill = 0; kill < kills; ++kill) {
    // The plain fold is slow.
    if (kill % 3 == 0)
      f.emplace();
    auto count = 100 * (1 + chance.below(3));
    CAPTURE(seed, kill, count);
    storm_and_kill(f->path(), count, 20);
    journal_reader reader{f->path()};
    auto events = all_of(reader.follow());
    REQUIRE(events.size() > count);
    ledger book;
    for (const auto& each : all_of(reader.in_ledger_order())) {
      book.add(each);
      book.complete_until(each.node, ledger_time(each));
    }
    auto now = ledger_time(events.back()) + 1h;
    REQUIRE(to_json(book.report(now))
            == to_json(naive_ledger{events, now}.report({})));
  }
}

TEST_CASE("a second process is refused while the first lives, no longer",
          "[journal]") {
  journal_fixture f;
  test::process first{test::program("JOURNAL_STORM"), {f.path().string()}};
  first.wait_for_line("boot=");
  test::process second{test::program("JOURNAL_STORM"), {f.path().string()}};
  auto line = second.wait_for_line("is in use by process ");
  CHECK(line.find("process " + std::to_string(first.id()) + " since 20")
        != std::string::npos);
  CHECK(second.wait_exit() == 1);
  first.signal(SIGKILL);
  CHECK(first.wait_exit() == 128 + SIGKILL);
  test::process third{test::program("JOURNAL_STORM"), {f.path().string()}};
  third.wait_for_line("durable=");
}
