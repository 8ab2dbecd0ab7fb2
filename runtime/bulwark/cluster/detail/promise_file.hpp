#pragma once

#include <bulwark/cluster/detail/promise_text.hpp>
#include <bulwark/journal/detail/journal_lock.hpp>

#include <filesystem>
#include <string>

namespace bulwark::detail {

/// The file in which a voter keeps what it has promised: written anew and
/// renamed, so that it is always a whole one. No other process may have it:
/// two starts of one voter would lend one role to two nodes.
///
/// Confined to one thread.
class promise_file {
public:
  /// Makes its folder.
  /// @throws journal_error if another process has it
  /// @throws config_error if it cannot be read: a voter that does not know what
  /// it has promised would give tokens a second time
  explicit promise_file(std::filesystem::path path);

  /// What it held when it was opened.
  const lease_promises& found() const noexcept { return found_; }

  /// Replaces what it holds. When this returns "", it is on the disk; else it
  /// says what went wrong, and the file may hold the one or the other.
  std::string save(const lease_promises& all);

private:
  std::filesystem::path path_;
  journal_lock lock_;
  lease_promises found_;
};

} // namespace bulwark::detail
