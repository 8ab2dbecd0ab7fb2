#pragma once

#include <bulwark/time/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace bulwark::detail {

/// Decides which refusals are told: of each source one a minute, with the
/// number of those since the last one that was told. Sources beyond
/// `sources_max` share one entry.
///
/// Confined to one thread.
class refusal_counts {
public:
  static constexpr std::chrono::minutes every{1};
  static constexpr size_t sources_max = 256;

  /// Counts a refusal. Returns how many the telling of this one stands for, or
  /// nothing: it is not told.
  [[nodiscard]] std::optional<uint64_t> refused(const std::string& source,
                                                time_point now);

private:
  struct entry {
    time_point told{};
    uint64_t untold = 0;
  };

  /// Forgets sources of which nothing was heard for as long.
  void forget_old(time_point now);

  std::map<std::string, entry> sources_;
};

} // namespace bulwark::detail
