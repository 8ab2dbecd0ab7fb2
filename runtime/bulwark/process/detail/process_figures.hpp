#pragma once

#include <filesystem>
#include <optional>

namespace bulwark::detail {

/// What the kernel says of this process. Nothing, where it does not.
///
/// Immutable after construction.
struct process_figures {
  /// Of all threads, also those that have ended.
  std::optional<double> cpu_seconds;

  std::optional<double> resident_bytes;
  std::optional<double> virtual_bytes;
  std::optional<double> threads;
  std::optional<double> open_descriptors;

  /// The soft limit.
  std::optional<double> descriptors_max;

  /// Since 1970-01-01 UTC, by what the wall clock says now of the machine's
  /// start.
  std::optional<double> start_time_seconds;
};

/// The folder is for tests: another than the kernel's.
process_figures
read_process_figures(const std::filesystem::path& proc = "/proc");

} // namespace bulwark::detail
