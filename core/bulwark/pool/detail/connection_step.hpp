#pragma once

#include <cstdint>
#include <vector>

namespace bulwark {

/// What a `connection_table` wants done next.
enum class connection_action : uint8_t {
  /// Open a connection, to be known by this number; then tell `opened` or
  /// `open_failed`.
  open,
  /// Find out whether it still works; then tell `validated`.
  validate,
  /// Close it; then tell `closed`.
  close,
  /// Wake whoever uses it although it is not his any more, from another
  /// thread; then tell `closed`.
  interrupt,
  /// Hand it to `want`.
  give,
  /// Tell `want` that it waited as long as it may.
  refuse_late,
  /// Tell `want` that no connection can be opened in time.
  refuse_failed,
  /// Tell `want` that the pool is stopped.
  refuse_stopped,
  /// Forget what was started for it: it takes too long. When its thread comes
  /// back tell `came_back`, and close what it brings.
  abandon,
  /// `want` has it for too long.
  report_leak,
  /// `want` has lost it for that reason, or because it died.
  report_taken_back,
  /// No connection can be opened any more; the first attempt has failed.
  report_lost,
  /// One could be opened again.
  report_restored,
};

/// One thing to do, about a connection, about who asked for one, or both.
struct connection_step {
  connection_action action = connection_action::open;
  uint64_t connection = 0;
  uint64_t want = 0;

  friend bool operator==(const connection_step&,
                         const connection_step&) = default;
};

/// To be done in this order.
using connection_steps = std::vector<connection_step>;

} // namespace bulwark
