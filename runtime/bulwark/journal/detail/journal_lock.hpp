#pragma once

#include <filesystem>

namespace bulwark::detail {

/// Keeps a second process, and a second journal in this one, from a journal.
/// The lock is the kernel's on the file `PATH.lock`, so it ends with the
/// process, however that ends. The file says who has it and since when.
///
/// Confined to one thread.
class journal_lock {
public:
  /// @throws journal_error that names the process which has it, or why the
  /// lock's file cannot be opened
  explicit journal_lock(const std::filesystem::path& journal);

  journal_lock(const journal_lock&) = delete;
  journal_lock& operator=(const journal_lock&) = delete;
  ~journal_lock();

private:
  int descriptor_;
};

} // namespace bulwark::detail
