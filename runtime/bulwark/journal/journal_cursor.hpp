#pragma once

#include <bulwark/events/event.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace bulwark {

namespace detail {
class sqlite_statement;
} // namespace detail

/// A place in a journal that is read.
///
/// Confined to one thread. @pre it ends before its reader
class journal_cursor {
public:
  /// Events that one call gives at most, and rows that one transaction reads.
  static constexpr size_t rows_max = 1'000;

  /// Binds the place and the number of rows; keeps the place of a row.
  struct steps {
    std::function<void(detail::sqlite_statement&, int64_t rows)> bind;
    std::function<void(const detail::sqlite_statement&)> keep;
  };

  journal_cursor(std::unique_ptr<detail::sqlite_statement> query, steps how);
  journal_cursor(journal_cursor&&) noexcept;
  journal_cursor& operator=(journal_cursor&&) noexcept;
  ~journal_cursor();

  /// Returns the next events, at most `max` and at most `rows_max`; empty:
  /// there are no more now. @throws journal_error
  [[nodiscard]] std::vector<event> next(size_t max = rows_max);

  /// Returns how many rows were left out so far, because a newer version wrote
  /// them and this one does not know their kind.
  [[nodiscard]] uint64_t skipped() const noexcept { return skipped_; }

private:
  size_t read_rows(size_t max, std::vector<event>& into);

  std::unique_ptr<detail::sqlite_statement> query_;
  steps how_;
  uint64_t skipped_ = 0;
};

} // namespace bulwark
