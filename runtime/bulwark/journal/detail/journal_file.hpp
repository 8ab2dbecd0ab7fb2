#pragma once

#include <bulwark/events/detail/event_positions.hpp>
#include <bulwark/events/event.hpp>
#include <bulwark/events/event_position.hpp>
#include <bulwark/journal/detail/event_rows.hpp>
#include <bulwark/journal/detail/sqlite_handle.hpp>
#include <bulwark/journal/journal_options.hpp>
#include <bulwark/journal/node_life.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace bulwark::detail {

/// Numbers of an origin that nobody has any more.
struct event_gap {
  std::string node;
  uint64_t boot = 0;
  uint64_t first = 0;
  uint64_t last = 0;

  /// Its place among the events that wait: those before it are written first.
  int64_t place = 0;
};

/// What is written in one transaction.
struct journal_group {
  std::vector<event> events;
  std::vector<event_gap> gaps;
  std::optional<node_life> life;

  bool empty() const { return events.empty() && gaps.empty() && !life; }
};

/// The file of a journal, open for writing. All members throw `sqlite_fault`;
/// after one that `write` threw the object may only be destroyed, because it
/// is not known then what is on the disk.
///
/// Confined to one thread.
class journal_file {
public:
  /// Origins without events, and boots of the own node, that are remembered
  /// when a file is opened; the oldest boots are forgotten first.
  static constexpr int64_t origins_max = 10'000;

  /// A larger file is not looked through when it is opened, which takes about
  /// a second for so many bytes: its damage shows where it is used.
  static constexpr uint64_t check_max = uint64_t{256} << 20;

  /// Opens the file or makes it, and looks for damage. What is in the
  /// write-ahead file counts only once it was written into the file anew: if a
  /// sync failed before, also in a process before this one, the kernel shows
  /// what is not on the disk, and a later sync does not bring it there.
  /// @throws journal_error, sqlite_fault
  explicit journal_file(const journal_options& options);

  /// Writes all, or throws. Returns the positions that have moved.
  std::vector<event_position> write(const journal_group& what);

  /// What is in the file.
  const event_positions& positions() const noexcept { return positions_; }

  /// Returns the latest life before boot `before`.
  std::optional<node_life> life_before(uint64_t before) const;

  /// Returns the largest boot of a node, or 0.
  uint64_t largest_boot(const std::string& node) const;

  sqlite_handle& handle() noexcept { return handle_; }

  /// Looks through the whole file, as it is on the disk, for damage.
  static void check(const journal_options& options);

  /// Empties the write-ahead file. Returns false when readers keep it.
  bool truncate_wal();

  /// Bytes in the write-ahead file that are in use.
  uint64_t wal_bytes() const noexcept { return wal_pages_ * page_size_; }

private:
  void prepare_file(const journal_options& options);
  void forget_origins();
  void load_origins();
  void load_numbers(int64_t origin, const event_position& of);
  int64_t origin_of(const std::string& node, uint64_t boot);
  void write_event(const event& what, std::set<int64_t>& touched);
  void write_gap(const event_gap& what, std::set<int64_t>& touched);
  void write_life(const node_life& what);
  std::vector<event_position> move(const std::set<int64_t>& touched);

  sqlite_handle handle_;
  event_positions positions_;
  std::map<origin_name, int64_t> origin_ids_;
  std::map<int64_t, event_position> origins_;
  int64_t next_id_ = 1;
  uint64_t page_size_ = 0;
  uint64_t wal_pages_ = 0;

  // Prepared once the tables are there.
  std::optional<event_insert> insert_;
  std::optional<sqlite_statement> begin_;
  std::optional<sqlite_statement> commit_;
  std::optional<sqlite_statement> move_;
};

} // namespace bulwark::detail
