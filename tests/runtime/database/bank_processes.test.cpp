// Transfers between accounts, on a database whose members are processes that
// are killed and frozen. BANK_KILLS=200 and BANK_STOPS=5 look further than
// ctest does; BANK_SEED says which members.
#include "runtime/database/bank_town.hpp"
#include "support/dice.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

using test::bank_town;
using test::dice;
using test::field_of;

namespace {

uint64_t given(const char* variable, uint64_t otherwise) {
  const auto* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoull(text);
}

/// Most often the primary, sometimes another one, or a second at once.
void kill_some(bank_town& town, dice& random, uint64_t& left) {
  auto primary = town.primary();
  std::vector<std::string> killed;
  if (random.roll(2, 3))
    killed.push_back(primary);
  auto other = random.pick(test::bank_members());
  if (left > killed.size() && (killed.empty() || random.roll(1, 3))
      && other != primary)
    killed.push_back(other);
  if (killed.empty())
    killed.push_back(primary);
  for (const auto& each : killed)
    town.kill(each);
  left -= killed.size();
  if (killed.front() == primary)
    town.await_primary();
  for (const auto& each : killed)
    town.start(each);
  town.await_work(test::bank_now());
}

} // namespace

TEST_CASE("no transfer is lost, doubled or torn when processes die",
          "[bank][processes]") {
  auto seed = given("BANK_SEED", 1);
  auto kills = given("BANK_KILLS", 12);
  auto stops = given("BANK_STOPS", 1);
  CAPTURE(seed);
  bank_town town{seed};
  dice random{seed};
  for (auto left = kills; left > 0;)
    kill_some(town, random, left);
  for (uint64_t i = 0; i < stops; ++i) {
    auto frozen = town.primary();
    town.at(frozen).signal(SIGSTOP);
    town.await_primary();
    town.await_work(test::bank_now());
    town.at(frozen).signal(SIGCONT);
    town.at(frozen).wait_for_line(frozen + " follows ");
  }
  auto verdict = town.verdict();
  std::cout << verdict << " kills=" << kills << " stops=" << stops << "\n";
  CHECK(verdict.find("fault=\"\"") != std::string::npos);
  CHECK(std::stoi(field_of(verdict, "ok")) > 10);
}
