#include <bulwark/journal/detail/event_rows.hpp>
#include <bulwark/journal/journal_cursor.hpp>

#include <algorithm>

namespace bulwark {

journal_cursor::journal_cursor(std::unique_ptr<detail::sqlite_statement> query,
                               steps how)
  : query_(std::move(query)), how_(std::move(how)) {}

journal_cursor::journal_cursor(journal_cursor&&) noexcept = default;
journal_cursor& journal_cursor::operator=(journal_cursor&&) noexcept = default;
journal_cursor::~journal_cursor() = default;

std::vector<event> journal_cursor::next(size_t max) {
  std::vector<event> result;
  auto rows = std::min(max, rows_max);
  // A transaction in which all rows were skipped says nothing of the end.
  while (rows > 0 && read_rows(rows, result) == rows && result.empty())
    continue;
  return result;
}

size_t journal_cursor::read_rows(size_t max, std::vector<event>& into) {
  how_.bind(*query_, static_cast<int64_t>(max));
  size_t rows = 0;
  while (query_->step()) {
    ++rows;
    how_.keep(*query_);
    if (auto found = detail::read_event(*query_))
      into.push_back(std::move(*found));
    else
      ++skipped_;
  }
  query_->reset();
  return rows;
}

} // namespace bulwark
