#pragma once

#include <bulwark/events/event.hpp>
#include <bulwark/journal/detail/sqlite_handle.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulwark::detail {

using metadata_list = std::vector<std::pair<std::string, std::string>>;

/// Returns the pairs as netstrings, `5:count,2:17,`, which hold any bytes.
/// Source: D. J. Bernstein, "Netstrings", 1997.
std::string metadata_text(const metadata_list& pairs);

/// The inverse of `metadata_text`. Returns nothing for what is none.
std::optional<metadata_list> parse_metadata(std::string_view text);

/// Inserts an event, unless its origin has that number already. `origin` is
/// the row of its node and boot. @throws sqlite_fault
class event_insert {
public:
  explicit event_insert(const sqlite_handle& to);

  void run(int64_t id, int64_t origin, const event& what);

private:
  sqlite_statement insert_;
};

/// The columns that `read_event` wants, from the tables `events` and
/// `origins`.
extern const char* const event_columns;

/// Returns the event of the row that `from` is at, or nothing when a word of
/// it is not known, as a newer version may write. Of severities and failure
/// types that are not known it makes `info` and `none`.
std::optional<event> read_event(const sqlite_statement& from);

} // namespace bulwark::detail
