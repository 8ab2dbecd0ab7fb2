#pragma once

#include <filesystem>
#include <string>

namespace bulwark::detail {

/// Keeps a second process, and a second journal in this one, from a journal,
/// or from another file that one process alone may write. The lock is the
/// kernel's on the file `PATH.lock`, so it ends with the process, however that
/// ends. The file says who has it and since when.
///
/// Confined to one thread.
class journal_lock {
public:
  /// `what` is how people call the file.
  /// @throws journal_error that names the process which has it, or why the
  /// lock's file cannot be opened
  explicit journal_lock(const std::filesystem::path& file,
                        const std::string& what = "the journal");

  journal_lock(const journal_lock&) = delete;
  journal_lock& operator=(const journal_lock&) = delete;
  ~journal_lock();

private:
  int descriptor_;
};

} // namespace bulwark::detail
