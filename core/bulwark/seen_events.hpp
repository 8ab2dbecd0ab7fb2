#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bulwark {

/// Tells which events of other nodes were seen before. An origin, that is one
/// node in one boot, numbers its events upwards and sends them in that order,
/// so everything up to the highest number seen is a repetition.
///
/// Remembers `origins_max` origins; a further one takes the place of the one
/// that was heard from the longest ago.
///
/// Confined to one actor.
class seen_events {
public:
  /// @pre `origins_max` is at least 1
  explicit seen_events(size_t origins_max);

  /// Returns whether the event is new, and remembers it.
  bool add(const std::string& node, uint64_t boot, uint64_t sequence);

  /// Returns the number of origins remembered.
  [[nodiscard]] size_t origins() const noexcept { return origins_.size(); }

private:
  struct origin {
    std::string node;
    uint64_t boot = 0;
    uint64_t highest = 0;
  };

  size_t origins_max_;

  // The one heard from last is at the back; there are few.
  std::vector<origin> origins_;
};

} // namespace bulwark
