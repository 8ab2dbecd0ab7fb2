#pragma once

#include <bulwark/gate/detail/completion.hpp>
#include <bulwark/gate/detail/endings.hpp>
#include <bulwark/gate/detail/gate_parts.hpp>
#include <bulwark/gate/detail/replica_controls.hpp>

#include <cstdint>

namespace bulwark::detail {

/// Answers at their deadlines those whose time is up, goes on with calls whose
/// attempt has taken too long, and gives up the work on what was answered so.
/// No timer per request: one look at all of them when the earliest is due.
///
/// Safe to call from any thread, except `tick`: that is for the gate only.
class deadlines {
public:
  deadlines(gate_parts& of, endings& ends, completion& replies,
            const replica_controls& controls)
    : of_(of), ends_(ends), replies_(replies), controls_(controls) {}

  /// Answers what is due.
  void tick(time_point now, run_context eu);

  /// When the earliest is due, as far as known.
  time_point next_tick() const noexcept {
    return time_point{duration{of_.requests.next_due()}};
  }

  /// No timer could be set for what is due by then.
  void untimed(time_point due) noexcept;

private:
  bool expire(pending_id id, const pending_word& word, time_point at,
              run_context eu);
  bool expire_active(pending_id id, pending_owner owner, time_point at,
                     run_context eu);
  bool at_work_still(pending_id id, pending_owner owner, time_point at);

  gate_parts& of_;
  endings& ends_;
  completion& replies_;
  const replica_controls& controls_;
};

} // namespace bulwark::detail
