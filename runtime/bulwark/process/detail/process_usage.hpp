#pragma once

#include <bulwark/time/time.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace bulwark::detail {

/// How much this process uses of the CPU time and the memory that it may use:
/// what the machine has, or less by the limits of its control group (version
/// 2: cpu.max, memory.max) and of those above it. Limits are read each time,
/// because they can be changed while the process runs.
///
/// Confined to one thread.
class process_usage {
public:
  /// The folders are for tests: others than the kernel's.
  explicit process_usage(std::filesystem::path proc = "/proc",
                         std::filesystem::path cgroups = "/sys/fs/cgroup");

  /// Returns the share of CPU time since the last call; 0 the first time.
  double cpu(time_point now);

  /// Returns the share of memory, by the resident size; 0 if it cannot be
  /// read.
  double memory() const;

  /// How many processors there are for it; 0.5: half of one.
  double processors() const;

  /// In bytes.
  double memory_limit() const;

private:
  std::vector<std::filesystem::path> groups() const;

  std::filesystem::path proc_;
  std::filesystem::path cgroups_;
  time_point last_ = time_point::min();
  duration used_{};
};

} // namespace bulwark::detail
