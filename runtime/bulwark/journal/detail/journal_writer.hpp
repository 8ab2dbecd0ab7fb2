#pragma once

#include <bulwark/journal/detail/journal_backlog.hpp>
#include <bulwark/journal/detail/journal_file.hpp>
#include <bulwark/journal/detail/journal_lock.hpp>
#include <bulwark/journal/detail/journal_notices.hpp>
#include <bulwark/journal/detail/journal_reads.hpp>
#include <bulwark/journal/journal_options.hpp>

#include <memory>
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
  void on_fault(const sqlite_fault& what);
  void move_aside(const std::string& why);
  void maintain();

  const journal_options& options_;
  journal_backlog& from_;
  journal_notices& to_;
  journal_reads& reads_;
  std::unique_ptr<journal_file> file_;
  journal_file::past past_ = journal_file::past::fine;
  duration delay_;
};

} // namespace bulwark::detail
