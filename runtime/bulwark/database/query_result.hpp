#pragma once

#include <bulwark/replication/log_position.hpp>

#include <cstdint>
#include <string>

namespace bulwark {

/// What became of a query of a replicated database.
///
/// Immutable after construction.
struct query_result {
  bool success = false;
  std::string result = {};

  /// The member that did it.
  std::string executed_on = {};

  /// How many attempts failed before.
  uint32_t retry_count = 0;

  std::string error = {};

  /// Of which state it is.
  log_position where = {};

  /// Where a write had no success: whether it may have been done all the same.
  bool unknown = false;
};

} // namespace bulwark
