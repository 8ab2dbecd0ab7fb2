#pragma once

#include <cstdint>

namespace bulwark {

/// Where a child is in its life.
enum class child_state : uint8_t {
  /// The start function ran, `child_up` did not come yet.
  starting,
  up,
  /// Ended; its restart is pending.
  waiting,
  /// Beyond its limit; it cools down and is then tried again.
  failed,
  stopping,
  /// Ended for good: orderly, or its restart type says so.
  stopped,
  /// Did not stop when killed; its thread may run for ever.
  abandoned,
};

} // namespace bulwark
