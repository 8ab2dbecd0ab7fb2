#pragma once

#include <bulwark/bulkhead/load_shedding.hpp>

namespace bulwark {

/// Measures how hard a node is pressed, for who decides about load_shedding.
///
/// Confined to one actor.
class pressure_source {
public:
  pressure_source() = default;
  pressure_source(const pressure_source&) = delete;
  pressure_source& operator=(const pressure_source&) = delete;
  virtual ~pressure_source() = default;

  /// Returns what was measured since the last call. Does not wait for what it
  /// measures.
  virtual pressure_gauges read(time_point now) = 0;
};

} // namespace bulwark
