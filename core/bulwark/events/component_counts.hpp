#pragma once

#include <cstdint>
#include <string>

namespace bulwark {

/// How many events of each class one component of one node had.
struct component_counts {
  std::string node;
  std::string component;
  uint64_t failures = 0;
  uint64_t recoveries = 0;
  uint64_t changes = 0;

  friend bool operator==(const component_counts&,
                         const component_counts&) = default;
};

} // namespace bulwark
