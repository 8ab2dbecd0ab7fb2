#pragma once

#include <bulwark/caf/detail/element_chain.hpp>
#include <bulwark/gate/detail/endings.hpp>
#include <bulwark/gate/detail/gate_command.hpp>
#include <bulwark/gate/detail/gate_parts.hpp>
#include <bulwark/gate/detail/replica_end.hpp>
#include <bulwark/gate/detail/serving.hpp>

#include <caf/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace bulwark::detail {

/// What a replica or a node leaves that dies, retires, or is given up: what it
/// had not begun waits again, what it had taken up is tried again or answered.
///
/// Safe to call from any thread, but for what the gate's own handlers alone
/// call, one at a time.
class hand_over {
public:
  hand_over(gate_parts& of, endings& ends, serving& serve)
    : of_(of), ends_(ends), serve_(serve) {}

  // -- a replica that ends, in its thread, in this order ----------------------

  /// Closes the slot and waits until nobody is on the way to the replica.
  void begin_death(uint8_t index, uint64_t incarnation);

  /// Takes over what waits in a replica's mailbox, and what is to be tried
  /// again of what it had taken up; returns how many other requests that were.
  size_t take(replica_end& end, element_chain waiting, run_context eu);

  /// Answers all requests that the dead incarnation had taken up.
  void finish_death(const replica_end& end, const caf::error& reason,
                    run_context eu);

  /// Whether an incarnation has taken up what it has not answered.
  bool owes_answers(uint8_t index, uint64_t incarnation);

  // -- for the gate's own handlers only ---------------------------------------

  /// Answers for a replica that is stuck in a handler, and forwards nothing
  /// more to it.
  void abandon(const gate_replica& which, run_context eu);

  /// The node does not offer the service any more.
  void lose_peer(const std::string& node, run_context eu);

  // -- from any thread --------------------------------------------------------

  /// Another node takes nothing new; returns when nothing is on the way to it.
  void drain_peer(const std::string& node);

private:
  time_point back_by() const;
  int64_t latest() const;
  void vacate(gate_slot& it, uint64_t incarnation);
  void repeat(replica_end& end, run_context eu);
  void sweep(const replica_end& end, gate_reason to_blamed,
             gate_reason to_others, run_context eu) noexcept;
  void lose(uint8_t index, uint64_t incarnation, const std::string& node,
            run_context eu);

  gate_parts& of_;
  endings& ends_;
  serving& serve_;
};

} // namespace bulwark::detail
