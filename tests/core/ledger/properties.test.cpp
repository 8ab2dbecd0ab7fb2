// What holds for every history.
#include "core/ledger/history.hpp"
#include "core/ledger/naive_ledger.hpp"
#include "core/ledger/random_history.hpp"

#include <bulwark/ledger/report_json.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr uint64_t histories = 3000 / TEST_SHARE;

wall_time end_of(const std::vector<event>& events) {
  auto latest = history::start;
  for (const auto& each : events)
    latest = std::max(latest, ledger_time(each));
  return latest;
}

ledger book_of(const std::vector<event>& events) {
  ledger result;
  for (const auto& each : events)
    result.add(each);
  return result;
}

/// Where two texts begin to differ, for people.
std::string difference(const std::string& a, const std::string& b) {
  auto at = static_cast<size_t>(
    std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  auto from = at < 300 ? 0 : at - 300;
  return a.substr(from, 600) + "\n----\n" + b.substr(from, 600);
}

report_query any_query(std::mt19937_64& random) {
  constexpr std::array<duration, 5> windows{7min, 5h, 25h, 26h, 719h};
  report_query result;
  result.window = windows[random() % windows.size()];
  return result;
}

} // namespace

TEST_CASE("the ledger tells what a plain fold tells", "[ledger]") {
  for (uint64_t seed = 1; seed <= histories; ++seed) {
    std::mt19937_64 random{seed};
    auto days = seed % 2 == 0 ? 2 : 45;
    auto events = random_history(seed, 20 + random() % 60, days);
    auto query = any_query(random);
    auto now = random() % 3 == 0
                 ? end_of(events) + 30min
                 : ledger_time(events[random() % events.size()]);
    auto book = to_json(book_of(events).report(now, query));
    auto naive = to_json(naive_ledger{events, now}.report(query));
    INFO("seed " << seed << "\n" << difference(book, naive));
    REQUIRE(book == naive);
  }
}

TEST_CASE("order, repetition and batches change nothing", "[ledger]") {
  for (uint64_t seed = 1; seed <= histories; ++seed) {
    std::mt19937_64 random{seed};
    auto events = random_history(seed, 60, 10);
    auto now = end_of(events) + 1h;
    auto expected = to_json(book_of(events).report(now));
    auto more = events;
    for (size_t i = 0; i < events.size(); ++i)
      more.push_back(events[random() % events.size()]);
    std::shuffle(more.begin(), more.end(), random);
    ledger book;
    for (const auto& each : more) {
      book.add(each);
      // Reports in between leave no trace.
      if (random() % 16 == 0)
        REQUIRE(book.report(now).total_failures <= events.size());
    }
    auto found = to_json(book.report(now));
    INFO("seed " << seed << "\n" << difference(found, expected));
    REQUIRE(found == expected);
  }
}

TEST_CASE("closing hours changes no figure", "[ledger]") {
  size_t closed = 0;
  for (uint64_t seed = 1; seed <= histories; ++seed) {
    std::mt19937_64 random{seed};
    auto events = random_history(seed, 100, seed % 2 == 0 ? 6 : 60);
    ledger open;
    ledger closing;
    auto latest = history::start;
    for (const auto& each : events) {
      open.add(each);
      closing.add(each);
      latest = std::max(latest, ledger_time(each));
      if (random() % 4 == 0)
        for (const auto* node : {"alpha", "beta", "gamma"})
          closing.complete_until(node, ledger_time(each));
      if (random() % 16 != 0)
        continue;
      auto query = any_query(random);
      auto now = latest + std::chrono::seconds{random() % 10'000};
      auto found = to_json(closing.report(now, query));
      auto expected = to_json(open.report(now, query));
      INFO("seed " << seed << "\n" << difference(found, expected));
      REQUIRE(found == expected);
    }
    closed += closing.closed_until() > history::start ? 1 : 0;
  }
  CHECK(closed > histories / 2);
}

TEST_CASE("shares are never below 0 or above 100", "[ledger]") {
  auto within = [](const availabilities& x) {
    for (auto each : {x.last_1h, x.last_24h, x.last_30d, x.window})
      if (!(each >= 0 && each <= 100))
        return false;
    return true;
  };
  for (uint64_t seed = 1; seed <= histories / 5; ++seed) {
    auto events = random_history(seed, 100, 3);
    auto report = book_of(events).report(end_of(events));
    INFO("seed " << seed);
    REQUIRE(within(report.availability));
    REQUIRE(within(report.all_up));
    for (const auto& each : report.components)
      REQUIRE(within(each.availability));
    REQUIRE(report.fault_tolerance_score >= 0);
    REQUIRE(report.fault_tolerance_score <= 100);
  }
}
