#pragma once

#include <bulwark/gate/balancing_rule.hpp>

namespace test {

/// A rule that exists here only: the last one that is up.
inline bulwark::replica_choice last_of_all(const bulwark::replica_loads& loads,
                                           uint32_t) noexcept {
  for (auto i = loads.size(); i > 0; --i)
    if (loads[i - 1] != bulwark::replica_loads::down)
      return {i - 1};
  return {};
}

} // namespace test
