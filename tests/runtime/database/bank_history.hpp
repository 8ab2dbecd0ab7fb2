#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace test {

/// What clients of a bank were told, and what is there in the end.
struct bank_history {
  enum class outcome : uint8_t { ok, failed, unknown };

  struct transfer {
    int from = 0;
    int to = 0;
    int amount = 0;
    outcome told = outcome::unknown;
  };

  struct read {
    /// Of all accounts; and which transfers were seen.
    int sum = 0;
    std::vector<int> seen;

    /// The transfers that the reader had been told of before.
    std::vector<int> own;
  };

  int accounts = 0;
  int each_at_first = 0;

  /// By the number of the request.
  std::map<int, transfer> transfers;
  std::vector<read> reads;

  /// In the end: which transfers are noted, and what each account has.
  std::vector<int> noted;
  std::vector<int> balances;
};

/// Returns what is wrong, or "": each transfer that was ok is there once, none
/// that failed, one of which nobody knows at most once; the accounts are what
/// those make of them; every read saw the right sum and its reader's own
/// writes.
std::string fault_of(const bank_history& history);

} // namespace test
