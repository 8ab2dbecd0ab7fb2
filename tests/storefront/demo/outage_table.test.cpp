#include "demo/outage_table.hpp"

#include "temp_folder.hpp"

#include <bulwark/journal/journal.hpp>

#include <catch2/catch.hpp>

using namespace storefront;
using namespace std::chrono_literals;
using bulwark::event_kind;
using bulwark::wall_time;
using Catch::Matchers::Contains;

namespace {

const wall_time booted{1'700'000'000s};

/// Event `number` of orders on alpha, `after` its start.
bulwark::event of_orders(uint64_t number, event_kind kind,
                         std::chrono::milliseconds after) {
  bulwark::event result;
  result.kind = kind;
  result.component = "/root/orders";
  result.node = "alpha";
  result.boot = 1;
  result.sequence = number;
  result.at = booted + after;
  result.booted = booted;
  result.uptime = after;
  return result;
}

outage_row row(bulwark::duration gap, bulwark::duration outage) {
  return {{"orders", "crash", 100ms, booted, booted + 10s, gap}, outage};
}

} // namespace

TEST_CASE("an outage is measured while the client asked", "[demo]") {
  storefront::test::temp_folder folder;
  auto path = folder.path() / "alpha.journal";
  {
    bulwark::journal_options options;
    options.path = path;
    options.node = "alpha";
    bulwark::journal writer{options};
    writer.append(of_orders(1, event_kind::service_started, 0ms));
    writer.append(of_orders(2, event_kind::service_down, 1s));
    writer.append(of_orders(3, event_kind::service_up, 1250ms));
    writer.append(of_orders(4, event_kind::service_down, 8s));
    REQUIRE(writer.close());
  }
  auto from = [](auto begin, auto end) {
    return watched_gap{"orders",       "crash",      100ms,
                       booted + begin, booted + end, 260ms};
  };
  auto rows =
    measure_outages({from(500ms, 2s), from(2s, 8s), from(7s, 9s)}, {path});
  REQUIRE(rows.size() == 3);
  auto whole = [](bulwark::duration exact) {
    return std::chrono::round<std::chrono::milliseconds>(exact);
  };
  CHECK(whole(rows[0].outage) == 250ms);
  CHECK(whole(rows[1].outage) == 0ms);
  CHECK(whole(rows[2].outage) == 1s);
}

TEST_CASE("client and ledger have to agree", "[demo]") {
  CHECK(disagreements({row(120ms, 115ms), row(120ms, 130ms)}).empty());
  CHECK(disagreements({row(120ms, 0ms)}).size() == 1);
  CHECK(disagreements({row(120ms, 230ms)}).size() == 1);
}

TEST_CASE("the table has what both saw", "[demo]") {
  CHECK_THAT(outage_table({row(120ms, 115ms)}),
             Contains("orders                  crash            120ms"
                      "       115ms         5ms\n"));
}
