#include "runtime/database/bank_history.hpp"

#include <algorithm>

namespace test {

namespace {

std::string fault_of_counts(const bank_history& history) {
  using outcome = bank_history::outcome;
  for (const auto& [number, transfer] : history.transfers) {
    auto times = std::count(history.noted.begin(), history.noted.end(), number);
    auto name = "transfer " + std::to_string(number);
    if (times > 1)
      return name + " was done twice";
    if (transfer.told == outcome::ok && times == 0)
      return name + " was acknowledged and is lost";
    if (transfer.told == outcome::failed && times != 0)
      return name + " failed and was done";
  }
  return "";
}

std::string fault_of_balances(const bank_history& history) {
  std::vector<int> expected(static_cast<size_t>(history.accounts),
                            history.each_at_first);
  for (auto number : history.noted) {
    auto found = history.transfers.find(number);
    if (found == history.transfers.end())
      return "transfer " + std::to_string(number) + " was never asked for";
    expected[static_cast<size_t>(found->second.from)] -= found->second.amount;
    expected[static_cast<size_t>(found->second.to)] += found->second.amount;
  }
  return expected == history.balances
           ? ""
           : "the accounts are not what the transfers make of them";
}

} // namespace

std::string fault_of(const bank_history& history) {
  for (const auto& read : history.reads) {
    if (read.sum != history.accounts * history.each_at_first)
      return "a read saw a torn state, with a sum of "
             + std::to_string(read.sum);
    for (auto own : read.own)
      if (std::find(read.seen.begin(), read.seen.end(), own) == read.seen.end())
        return "a read was stale: it did not see its reader's transfer "
               + std::to_string(own);
  }
  if (auto fault = fault_of_counts(history); !fault.empty())
    return fault;
  return fault_of_balances(history);
}

} // namespace test
