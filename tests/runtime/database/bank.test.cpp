// Transfers between accounts, on members that die and come back at any moment
// while messages between them are lost. BANK_FIRST=7 and BANK_SEEDS=1000 look
// further than ctest does.
#include "runtime/database/bank_history.hpp"
#include "runtime/database/replica_group.hpp"
#include "support/dice.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

using namespace bulwark;
using detail::promotion_verdict;
using test::bank_history;
using test::dice;
using test::replica_group;

namespace {

using outcome = bank_history::outcome;

constexpr int accounts = 4;
constexpr int each_at_first = 100;

std::vector<int> numbers_of(const std::string& lines) {
  std::istringstream in{lines};
  std::vector<int> result;
  for (int next = 0; in >> next;)
    result.push_back(next);
  return result;
}

/// Four members, of which two others have to have what is acknowledged.
class random_bank {
public:
  explicit random_bank(uint64_t seed) : random_(seed), group_(options()) {
    history_.accounts = accounts;
    history_.each_at_first = each_at_first;
    group_.promote(0);
    group_.change_schema(0, "create table account (id integer primary key, n "
                            "integer not null)");
    group_.change_schema(0, "create table transfer (entry integer primary key, "
                            "number integer not null)");
    for (int i = 0; i < accounts; ++i)
      group_.write(0, "insert into account values (" + std::to_string(i) + ", "
                        + std::to_string(each_at_first) + ")");
  }

  void run(size_t steps) {
    for (size_t i = 0; i < steps; ++i)
      step();
    heal();
  }

  const bank_history& history() const { return history_; }

  size_t promotions = 0;
  uint64_t dropped = 0;

private:
  static replication_options options() {
    auto result = replica_group::options_of(4);
    result.acknowledgements = 2;
    result.unacknowledged_max = 3;
    result.log_max = 8;
    return result;
  }

  void step() {
    auto which = random_.below(4);
    if (random_.roll(1, 12) && group_.is_up(which))
      group_.lose(which);
    else if (random_.roll(1, 4) && !group_.is_up(which))
      group_.start(which);
    else if (random_.roll(1, 8) && group_.is_up(which))
      promotions += group_.promote(which) == promotion_verdict::lead;
    else if (random_.roll(1, 4) && group_.is_up(which))
      read(which);
    else
      transfer();
  }

  /// A new one, or one of which nobody knows again.
  void transfer() {
    std::vector<int> unknown;
    for (const auto& [number, each] : history_.transfers)
      if (each.told == outcome::unknown)
        unknown.push_back(number);
    auto number = static_cast<int>(history_.transfers.size());
    if (!unknown.empty() && random_.roll(1, 2)) {
      number = random_.pick(unknown);
    } else {
      auto from = static_cast<int>(random_.below(accounts));
      auto to =
        (from + 1 + static_cast<int>(random_.below(accounts - 1))) % accounts;
      history_.transfers[number] = {from, to,
                                    1 + static_cast<int>(random_.below(90))};
    }
    for (size_t i = 0; i < 4; ++i)
      if (group_.is_up(i) && group_.at(i).leads() > 0)
        return ask(i, number);
  }

  void ask(size_t primary, int number) {
    auto& it = history_.transfers[number];
    auto text = [](int x) { return std::to_string(x); };
    try {
      auto done = group_.at(primary).write(
        {"transfer " + text(number),
         {{"update account set n = n - ? where id = ?",
           {text(it.amount), text(it.from)}},
          {"update account set n = n + ? where id = ?",
           {text(it.amount), text(it.to)}},
          {"insert into transfer (number) values (?)", {text(number)}}}});
      reach_some(primary);
      if (group_.is_up(primary)
          && group_.at(primary).acknowledged() >= done.where.sequence) {
        it.told = outcome::ok;
        // One that is repeated is an older one.
        if (further(done.where, newest_))
          newest_ = done.where;
      }
    } catch (const replica_error&) {
      // It waits for others, or is not the primary any more: nothing is known.
    }
  }

  /// Each of the others hears of it or not, and the primary may die between.
  void reach_some(size_t primary) {
    for (size_t i = 0; i < 4; ++i) {
      if (random_.roll(1, 40))
        group_.lose(primary);
      if (!group_.is_up(primary) || group_.at(primary).leads() == 0)
        return;
      if (i != primary && group_.is_up(i) && random_.roll(2, 3))
        group_.spread(primary, i);
    }
  }

  /// Not older than the last transfer that was acknowledged, where that one
  /// can.
  void read(size_t which) {
    bank_history::read result;
    result.sum =
      numbers_of(group_.read(which, "select sum(n) from account"))[0];
    result.seen = numbers_of(group_.read(which, "select number from transfer"));
    if (group_.at(which).last().sequence >= newest_.sequence
        && group_.at(which).last().epoch >= newest_.epoch)
      for (const auto& [number, each] : history_.transfers)
        if (each.told == outcome::ok)
          result.own.push_back(number);
    history_.reads.push_back(result);
  }

  void heal() {
    for (size_t i = 0; i < 4; ++i)
      if (!group_.is_up(i))
        group_.start(i);
    size_t primary = 0;
    for (int i = 0; i < 8 && group_.at(primary).leads() == 0; ++i) {
      if (group_.promote(primary) != promotion_verdict::lead)
        primary = (primary + 1) % 4;
    }
    group_.spread(primary);
    for (size_t i = 0; i < 4; ++i) {
      dropped += group_.at(i).dropped();
      REQUIRE(group_.at(i).last() == group_.at(primary).last());
      REQUIRE(group_.read(i, "select * from account")
              == group_.read(primary, "select * from account"));
    }
    history_.noted =
      numbers_of(group_.read(primary, "select number from transfer"));
    history_.balances =
      numbers_of(group_.read(primary, "select n from account order by id"));
  }

  dice random_;
  replica_group group_;
  bank_history history_;
  log_position newest_;
};

uint64_t bank_number(const char* variable, uint64_t otherwise) {
  const auto* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoull(text);
}

/// Two accounts, of which one gave the other 5; nobody knows of another one.
bank_history small_history() {
  return {2,
          100,
          {{0, {0, 1, 5, outcome::ok}}, {1, {1, 0, 7, outcome::unknown}}},
          {{200, {0}, {0}}},
          {0},
          {95, 105}};
}

} // namespace

TEST_CASE("no transfer is lost, doubled or torn, whoever dies", "[bank]") {
  auto first = bank_number("BANK_FIRST", 1);
  auto seeds = bank_number("BANK_SEEDS", 8);
  size_t promotions = 0;
  for (auto seed = first; seed < first + seeds; ++seed) {
    random_bank bank{seed};
    CAPTURE(seed);
    bank.run(120);
    REQUIRE(fault_of(bank.history()) == "");
    promotions += bank.promotions;
  }
  CHECK(promotions > seeds);
}

TEST_CASE("the look on a history finds what is planted", "[bank]") {
  CHECK(fault_of(small_history()) == "");
  auto lost = small_history();
  lost.noted.clear();
  lost.balances = {100, 100};
  CHECK(fault_of(lost) == "transfer 0 was acknowledged and is lost");
  auto doubled = small_history();
  doubled.noted = {0, 1, 1};
  doubled.balances = {109, 91};
  CHECK(fault_of(doubled) == "transfer 1 was done twice");
  auto stale = small_history();
  stale.reads[0].seen.clear();
  CHECK(fault_of(stale)
        == "a read was stale: it did not see its reader's transfer 0");
  auto torn = small_history();
  torn.reads[0].sum = 195;
  CHECK(fault_of(torn) == "a read saw a torn state, with a sum of 195");
  auto failed = small_history();
  failed.transfers[0].told = outcome::failed;
  CHECK(fault_of(failed) == "transfer 0 failed and was done");
  auto half = small_history();
  half.balances = {95, 100};
  CHECK(fault_of(half)
        == "the accounts are not what the transfers make of them");
}
