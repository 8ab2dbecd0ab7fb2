#pragma once

#include "runtime/database/bank_history.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace test {

/// A bank on a replicated database. Nothing of it throws.
///
/// Confined to one thread.
class bank {
public:
  static constexpr int accounts = 4;
  static constexpr int each_at_first = 100;

  /// What a read saw, of one state.
  struct view {
    bool found = false;
    int sum = 0;
    std::vector<int> balances = {};
    std::vector<int> transfers = {};
  };

  bank() = default;
  bank(const bank&) = delete;
  bank& operator=(const bank&) = delete;
  virtual ~bank() = default;

  /// Makes tables and accounts, or sees that they are there. Returns whether
  /// they are.
  virtual bool open() = 0;

  virtual bank_history::outcome
  transfer(int number, const bank_history::transfer& what) = 0;

  /// Not older than the last transfer that was ok.
  virtual view read() = 0;
  virtual view read_from(size_t member) = 0;
  virtual size_t members() const = 0;

  /// Of the primary.
  virtual view newest() = 0;

  /// From "sum;balance,balance;number,number".
  static view view_of(const std::string& line);

  /// What returns such a line: of SQLite, and of PostgreSQL.
  static std::string sqlite_query();
};

} // namespace test
