#pragma once

#include <bulwark/journal/detail/journal_backlog.hpp>
#include <bulwark/journal/detail/journal_file.hpp>
#include <bulwark/journal/detail/journal_lock.hpp>
#include <bulwark/journal/detail/journal_notices.hpp>
#include <bulwark/journal/detail/journal_reads.hpp>
#include <bulwark/journal/detail/journal_retention.hpp>
#include <bulwark/journal/journal_options.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace bulwark::detail {

/// Moves the backlog to the file, group by group. Nothing leaves the backlog
/// before it is durable: after a fault the file is opened anew, and what it
/// has not confirmed is written again. A damaged file is moved aside, and a
/// new one begun.
///
/// Confined to one thread.
class journal_writer {
public:
  /// Opens the file.
  /// @throws journal_error when it is not a journal that we may write
  journal_writer(const journal_options& options, journal_backlog& from,
                 journal_notices& to, journal_reads& reads);

  /// Writes until the backlog is closed and empty, or given up.
  void run();

  /// The file; null: the disk refuses it.
  journal_file* file() noexcept { return file_.get(); }

private:
  void open();
  bool write(const journal_group& what);
  bool is_in_trouble();
  void on_fault(const sqlite_fault& what);
  void move_aside(const std::string& why);
  void maintain(const journal_group& written);
  void retain(const journal_group& written);
  void shorten_wal();

  const journal_options& options_;
  journal_backlog& from_;
  journal_notices& to_;
  journal_reads& reads_;
  std::unique_ptr<journal_file> file_;
  duration delay_;
  journal_retention retention_;
  uint64_t groups_ = 0;
  bool retention_due_ = true;

  // The time of the last sign of life.
  std::optional<wall_time> alive_;

  // Of the write-ahead file: how large it was after the last checkpoint, when
  // readers are asked again to let go of it, and whether that was told.
  uint64_t checked_bytes_ = 0;
  time_point ask_at_{};
  bool told_of_reader_ = false;
};

} // namespace bulwark::detail
