#pragma once

#include <bulwark/events/event.hpp>
#include <bulwark/journal/journal_cursor.hpp>
#include <bulwark/journal/journal_reader.hpp>
#include <bulwark/ledger/ledger.hpp>

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::program {

/// Returns the journals in these folders, by name.
/// @throws config_error when a folder is none, or has no journal
std::vector<std::filesystem::path>
find_journals(const std::vector<std::string>& folders);

/// Reads several journals as one, in the order of ledger time. An event that
/// is in two of them comes twice.
///
/// Confined to one thread.
class merged_journals {
public:
  /// @throws journal_error when one cannot be read
  explicit merged_journals(const std::vector<std::filesystem::path>& paths);

  /// Returns the next event, or nothing at the end.
  std::optional<event> next();

  /// Tells the ledger what the journals had and removed.
  void tell_removed(ledger& known) const;

  /// Returns how many events a newer version wrote, which are left out.
  uint64_t skipped() const noexcept;

private:
  struct source {
    std::unique_ptr<journal_reader> reader;
    journal_cursor cursor;
    std::deque<event> waiting;
  };

  static void fill(source& from);

  std::vector<source> sources_;
};

} // namespace bulwark::program
