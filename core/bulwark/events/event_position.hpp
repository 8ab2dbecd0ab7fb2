#pragma once

#include <cstdint>
#include <string>

namespace bulwark {

/// Up to which number everything of one origin, that is one node in one boot,
/// is there. Numbers that are gone for good count as there.
struct event_position {
  std::string node;
  uint64_t boot = 0;
  uint64_t upto = 0;

  friend bool operator==(const event_position&,
                         const event_position&) = default;
};

} // namespace bulwark
