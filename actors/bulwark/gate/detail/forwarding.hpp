#pragma once

#include <bulwark/gate/detail/endings.hpp>
#include <bulwark/gate/detail/gate_parts.hpp>
#include <bulwark/gate/detail/permit_limit.hpp>

#include <cstdint>

namespace bulwark::detail {

/// Finds a message its way: to a replica or a node at once, or into the waiting
/// line.
///
/// Safe to call from any thread.
class forwarding {
public:
  forwarding(gate_parts& of, endings& ends) : of_(of), ends_(ends) {}

  /// Returns whether `what` went, or was answered meanwhile.
  bool try_forward(element_ptr& what, passage& way, run_context eu,
                   const caf::strong_actor_ptr& stage);

  /// Lets it wait, or answers why not.
  void wait_or_refuse(element_ptr what, passage& way, run_context eu,
                      const caf::strong_actor_ptr& stage) noexcept;

  /// Gives back what it has of permit and turn, and answers why.
  void give_up(const passage& way, gate_reason why, run_context eu) noexcept;

private:
  /// A door that was entered, or none, and what became of the permit.
  struct opening {
    gate_slot* to = nullptr;
    pending_owner owner;
    permit_request request;
    bool had = false;
    bool took = false;
  };

  opening enter_somewhere(const element& what, passage& way);
  gate_slot* pick(const element& what, pending_id id, bool local, bool others,
                  pending_owner& owner);
  opening enter_with_permit(const element& what, passage& way);
  bool set_off(const opening& at, element_ptr& what, const passage& way,
               int64_t& expires, const caf::strong_actor_ptr& stage);
  void turn_round(const opening& at) noexcept;
  void look_for_idle() noexcept;

  gate_parts& of_;
  endings& ends_;
};

} // namespace bulwark::detail
