// Memory grows with components, not with events.
#include "core/ledger/history.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

/// Returns what is left of so many days with an event every 30 s: a replica of
/// one of 12 services that fails or comes back.
size_t bytes_after(int days) {
  constexpr std::array<const char*, 3> nodes{"alpha", "beta", "gamma"};
  ledger book;
  event what;
  what.boot = 1;
  what.booted = history::start;
  auto events = days * 24 * 120;
  for (int i = 0; i < events; ++i) {
    auto turn = i / 6;
    what.node = nodes[static_cast<size_t>(i % 3)];
    what.sequence = static_cast<uint64_t>(i / 3 + 1);
    what.uptime = i * 30s;
    what.kind =
      i / 3 % 2 == 0 ? event_kind::child_failed : event_kind::child_restarted;
    what.component = "/root/orders" + std::to_string(turn % 4) + "/orders#1";
    book.add(what);
    if (i % 120 == 0)
      for (const auto* node : nodes)
        book.complete_until(node, ledger_time(what));
  }
  auto report = book.report(history::at(events * 30s));
  uint64_t failures = 0;
  for (const auto& each : report.components)
    failures += each.failures;
  CHECK(failures == static_cast<uint64_t>(events / 2));
  CHECK(report.late == 0);
  return book.bytes();
}

} // namespace

TEST_CASE("ten times as many events need hardly more memory", "[ledger]") {
  auto month = bytes_after(30);
  auto year = bytes_after(300);
  INFO(month << " and " << year << " bytes");
  CHECK(static_cast<double>(year) <= 1.1 * static_cast<double>(month));
}

TEST_CASE("what a stop leaves open takes no memory for years", "[ledger]") {
  history all;
  all.tell(0h, "alpha", event_kind::failure_reported, "db");
  auto book = all.book();
  book.complete_until("alpha", history::at(24h * 365 * 100));
  CHECK(book.bytes() < 100'000);
  CHECK(book.report(history::at(24h * 365 * 100)).availability.last_30d == 0);
}
