#pragma once

#include <bulwark/journal/journal_error.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace bulwark::detail {

/// What SQLite refused, with its words and its extended result code.
class sqlite_fault : public journal_error {
public:
  sqlite_fault(int code, const std::string& text);

  int code() const noexcept { return code_; }

  /// Whether the file is damaged, or none of SQLite's.
  bool is_corrupt() const noexcept;

  /// Whether another connection is in the way.
  bool is_busy() const noexcept;

private:
  int code_;
};

/// A prepared statement. All members but the last four throw `sqlite_fault`.
///
/// Confined to one thread. @pre it ends before its connection
class sqlite_statement {
public:
  sqlite_statement(sqlite3* connection, std::string_view sql);

  /// Gives the parameters from `index` on their values. A text must live until
  /// the statement is reset.
  void bind(int index, int64_t value);
  void bind(int index, std::string_view value);
  void bind(int index, wall_time value);
  void bind_null(int index);

  /// Gives all parameters their values, from the first on.
  template <class... Values>
  void bind_all(const Values&... values) {
    int index = 0;
    (bind(++index, values), ...);
  }

  /// Returns whether there is a further row.
  bool step();

  /// Lets the statement run to its end, and resets it.
  void run();

  void reset() noexcept;

  int64_t number(int column) const noexcept;

  wall_time time(int column) const noexcept;

  /// Valid until the next step.
  std::string_view text(int column) const noexcept;

  bool is_null(int column) const noexcept;

private:
  struct finalize {
    void operator()(sqlite3_stmt* what) const noexcept;
  };

  void check(int code) const;

  std::unique_ptr<sqlite3_stmt, finalize> handle_;
};

/// A connection to a file of SQLite. Members throw `sqlite_fault`.
///
/// Confined to one thread.
class sqlite_handle {
public:
  /// `flags` are SQLite's, `vfs` the name of a virtual file system or "".
  sqlite_handle(const std::filesystem::path& file, int flags,
                const std::string& vfs);

  void run(const std::string& sql);

  sqlite_statement prepare(std::string_view sql) const {
    return {handle_.get(), sql};
  }

  /// Returns the first column of the first row as a number; 0 without rows.
  int64_t number(std::string_view sql) const;

  /// Returns how many rows the last statement changed.
  int64_t changes() const noexcept;

  /// Writes the write-ahead file's content into the file; `truncate` waits for
  /// readers, and leaves it empty. Returns false when readers were in the way.
  bool checkpoint(bool truncate);

  sqlite3* get() const noexcept { return handle_.get(); }

private:
  struct close {
    void operator()(sqlite3* what) const noexcept;
  };

  std::unique_ptr<sqlite3, close> handle_;
};

} // namespace bulwark::detail
