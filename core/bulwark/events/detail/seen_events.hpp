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
/// that was heard from the longest ago. A number that is more than `leap_max`
/// above all before is none that an origin has come to: to believe it would be
/// to take all that the origin says later for a repetition.
///
/// Confined to one actor.
class seen_events {
public:
  /// Events that an origin makes in four months, at 100 000 a second.
  static constexpr uint64_t leap_max = uint64_t{1} << 40;

  /// @pre `origins_max` is at least 1
  explicit seen_events(size_t origins_max);

  /// Returns whether an origin cannot have come to that number yet.
  [[nodiscard]] bool leaps(const std::string& node, uint64_t boot,
                           uint64_t sequence) const;

  /// Returns whether the event is new, and remembers it.
  /// @pre not `leaps(node, boot, sequence)`
  bool add(const std::string& node, uint64_t boot, uint64_t sequence);

  /// Returns the number of origins remembered.
  [[nodiscard]] size_t origins() const noexcept { return origins_.size(); }

private:
  struct origin {
    std::string node;
    uint64_t boot = 0;
    uint64_t highest = 0;
  };

  std::vector<origin>::const_iterator find(const std::string& node,
                                           uint64_t boot) const;

  size_t origins_max_;

  // The one heard from last is at the back; there are few.
  std::vector<origin> origins_;
};

} // namespace bulwark
