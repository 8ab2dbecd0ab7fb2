#pragma once

#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace bulwark {

/// Against what a durable event is safe.
enum class journal_sync : uint8_t {
  /// Against the end of the process and of the machine.
  full,

  /// Against the end of the process alone.
  relaxed,
};

/// What an experiment does to a disk.
///
/// Immutable after construction.
struct disk_trouble {
  /// It takes nothing.
  bool full = false;

  /// By how much later each group of events is durable.
  duration delay{0};
};

/// What a journal is made with.
///
/// Immutable after construction.
struct journal_options {
  /// The file. Its folder must exist. Beside it come those of SQLite, `-wal`
  /// and `-shm`, and the lock, `.lock`.
  std::filesystem::path path;

  /// Name of the node whose own boots are counted. Not empty.
  std::string node;

  journal_sync sync = journal_sync::full;

  /// Events that are written together at most, [1, 10'000].
  size_t group_max = 256;

  /// How long an event waits for others to be written together with, at most
  /// a second.
  duration group_wait = std::chrono::milliseconds{10};

  /// Events that may wait while the disk does not take them, and their size in
  /// bytes. Beyond either the oldest changes are dropped first, failures and
  /// recoveries last. At least 1.
  size_t waiting_max = 100'000;
  size_t waiting_bytes_max = size_t{64} << 20;

  /// How long the journal waits before it tries again to write; doubled each
  /// time.
  duration retry_initial = std::chrono::milliseconds{100};
  duration retry_max = std::chrono::seconds{5};

  /// Older events are removed.
  duration retention_age = std::chrono::hours{24 * 30};

  /// Bytes of the file in use, at least 1 MiB. Beyond it the oldest changes
  /// are removed first, failures and recoveries last. The file itself does not
  /// become smaller: what is free in it is used again.
  uint64_t retention_size = uint64_t{1} << 30;

  /// Bytes of the write-ahead file beyond which readers are made to let go of
  /// it. At least 1 MiB, at most 64 MiB.
  uint64_t wal_size = uint64_t{32} << 20;

  /// Name of the virtual file system of SQLite; empty: the default one.
  std::string vfs = {};

  /// Asked before each group is written, in a thread of the journal, and while
  /// one is delayed; must not block. Empty: there is no trouble.
  std::function<disk_trouble()> trouble = {};
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const journal_options& options);

} // namespace bulwark
