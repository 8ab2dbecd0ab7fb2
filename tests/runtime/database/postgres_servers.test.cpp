// Transfers between accounts, on three PostgreSQL servers that are killed and
// frozen. POSTGRES_KILLS=30 and POSTGRES_PRIMARIES=10 look further than ctest
// does.
#include "runtime/database/bank_town.hpp"
#include "runtime/database/postgres_town.hpp"
#include "support/dice.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>

using test::field_of;
using test::postgres_town;

namespace {

uint64_t wanted(const char* variable, uint64_t otherwise) {
  const auto* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoull(text);
}

void check_verdict(postgres_town& town, const std::string& acts) {
  auto verdict = town.verdict();
  std::cout << verdict << " " << acts << "\n";
  CHECK(verdict.find("fault=\"\"") != std::string::npos);
  CHECK(std::stoi(field_of(verdict, "ok")) > 10);
}

} // namespace

TEST_CASE("no transfer is lost, doubled or torn when PostgreSQL servers die",
          "[bank][postgres]") {
  auto seed = wanted("BANK_SEED", 1);
  auto kills = wanted("POSTGRES_KILLS", 3);
  auto primaries = wanted("POSTGRES_PRIMARIES", 1);
  CAPTURE(seed);
  postgres_town town{seed};
  test::dice random{seed};
  for (uint64_t i = 0; i < kills; ++i) {
    auto whom = town.primary();
    auto leads = i < primaries;
    while (!leads && whom == town.primary())
      whom = random.pick(test::bank_servers());
    town.kill(whom);
    if (leads)
      town.await_primary();
    town.await_follower(whom);
    town.await_work(test::bank_now());
  }
  check_verdict(town, "kills=" + std::to_string(kills)
                        + " primaries=" + std::to_string(primaries));
}

TEST_CASE("a PostgreSQL primary that sleeps through its replacement "
          "acknowledges nothing",
          "[bank][postgres]") {
  postgres_town town{wanted("BANK_SEED", 1), true};
  REQUIRE(town.primary() == "pg-1");
  town.signal_apart(SIGSTOP);
  town.await_primary();
  CHECK(town.primary() != "pg-1");
  town.await_work(test::bank_now());
  town.signal_apart(SIGCONT);
  town.await_follower("pg-1");
  town.await_work(test::bank_now());
  check_verdict(town, "stops=1");
}
