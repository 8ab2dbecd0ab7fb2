// A bank for tests of replicated databases: transfers money between accounts,
// and reads them, until the file of `--until` is there; then it looks whether
// what it was told is true, and prints one line:
//
//   bank seed=7 ok=812 failed=31 unknown=4 reads=203 gap_ms=410 fault=""
//
// `gap_ms` is the longest time between two transfers that were done. Each
// transfer is printed as it ends: `ok 17 begun=T at=T`, in nanoseconds of the
// machine's steady clock.
#include "runtime/database/bank_history.hpp"
#include "runtime/database/postgres_bank.hpp"
#include "runtime/database/sqlite_bank.hpp"
#include "support/dice.hpp"

#include <bulwark/bulwark.hpp>

#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

using namespace std::chrono_literals;

namespace {

using outcome = test::bank_history::outcome;
using clock_type = std::chrono::steady_clock;

void print_line(const std::string& line) {
  std::cout << line + "\n" << std::flush;
}

class bank_run {
public:
  bank_run(std::unique_ptr<test::bank> bank, uint64_t seed)
    : bank_(std::move(bank)), seed_(seed), random_(seed) {
    history_.accounts = test::bank::accounts;
    history_.each_at_first = test::bank::each_at_first;
  }

  /// Returns whether the accounts are there.
  bool open() { return opened_ = opened_ || bank_->open(); }

  void step() {
    if (random_.roll(1, 5))
      read();
    else
      transfer();
  }

  /// Returns whether what is there in the end could be read.
  bool finish() {
    std::vector<test::bank::view> views;
    for (size_t i = 0; i < bank_->members(); ++i) {
      auto view = bank_->read_from(i);
      if (!view.found)
        return false;
      views.push_back(view);
    }
    for (auto& each : views)
      note(each);
    auto last = bank_->newest();
    history_.noted = last.transfers;
    history_.balances = last.balances;
    return last.found;
  }

  std::string verdict() const {
    std::map<outcome, size_t> counts;
    for (const auto& [number, each] : history_.transfers)
      ++counts[each.told];
    auto text = [](auto x) { return std::to_string(x); };
    return "bank seed=" + text(seed_) + " ok=" + text(counts[outcome::ok])
           + " failed=" + text(counts[outcome::failed])
           + " unknown=" + text(counts[outcome::unknown]) + " reads="
           + text(history_.reads.size()) + " gap_ms=" + text(gap_ / 1ms)
           + " fault=\"" + test::fault_of(history_) + "\"";
  }

private:
  void transfer() {
    auto number = static_cast<int>(history_.transfers.size());
    auto& it = history_.transfers[number];
    it.from = static_cast<int>(random_.below(4));
    it.to = (it.from + 1 + static_cast<int>(random_.below(3))) % 4;
    it.amount = 1 + static_cast<int>(random_.below(90));
    auto begun = clock_type::now();
    it.told = bank_->transfer(number, it);
    auto now = clock_type::now();
    constexpr const char* words[] = {"ok ", "failed ", "unknown "};
    auto text = [](clock_type::time_point x) {
      return std::to_string(x.time_since_epoch() / 1ns);
    };
    print_line(words[static_cast<size_t>(it.told)] + std::to_string(number)
               + " begun=" + text(begun) + " at=" + text(now));
    if (it.told != outcome::ok)
      return;
    if (done_ != clock_type::time_point{})
      gap_ = std::max(gap_, now - done_);
    done_ = now;
  }

  void read() {
    auto view = bank_->read();
    if (view.found)
      note(view);
  }

  void note(const test::bank::view& view) {
    test::bank_history::read result{view.sum, view.transfers, {}};
    for (const auto& [number, each] : history_.transfers)
      if (each.told == outcome::ok)
        result.own.push_back(number);
    std::sort(result.seen.begin(), result.seen.end());
    history_.reads.push_back(std::move(result));
  }

  std::unique_ptr<test::bank> bank_;
  uint64_t seed_;
  test::dice random_;
  test::bank_history history_;
  bool opened_ = false;
  clock_type::time_point done_{};
  clock_type::duration gap_{};
};

caf::behavior customer(caf::event_based_actor* self,
                       const std::shared_ptr<bank_run>& run,
                       const std::string& until,
                       const std::function<void()>& stop) {
  self->send(self, caf::tick_atom_v);
  return {[=](caf::tick_atom tick) {
    auto over = run->open() && std::filesystem::exists(until);
    if (over && run->finish()) {
      print_line(run->verdict());
      stop();
      return;
    }
    if (run->open() && !over)
      run->step();
    self->delayed_send(self, 1ms, tick);
  }};
}

} // namespace

int main(int argc, char** argv) {
  bulwark::application app;
  app.name = "bank_client";
  app.options.value<uint64_t>("seed", 1, "of the chance")
    .required<std::string>("until", "ends when that file is there")
    .value<uint16_t>(
      "postgres-port", 0,
      "of the first of three PostgreSQL servers; 0: asks files of SQLite");
  return bulwark::run(argc, argv, app, [](bulwark::node& node) {
    auto port = node.option<uint16_t>("postgres-port");
    auto run = std::make_shared<bank_run>(
      port == 0 ? test::bank_on(node) : test::postgres_bank_on(port),
      node.option<uint64_t>("seed"));
    node
      .service("customer", customer, run, node.option<std::string>("until"),
               std::function<void()>{[&node] { node.stop(); }})
      .blocking();
  });
}
