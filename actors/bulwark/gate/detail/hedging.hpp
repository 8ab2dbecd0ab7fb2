#pragma once

#include <bulwark/gate/detail/gate_parts.hpp>

#include <caf/fwd.hpp>

#include <memory>

namespace bulwark::detail {

/// Sends calls that take long to another replica as well. A copy has to pass
/// all that an attempt has to pass, and waits for none of it; it takes a token
/// of the budget last, so that none is taken for nothing.
///
/// Confined to one actor: for the gate's own handlers.
class hedging {
public:
  explicit hedging(gate_parts& of) : of_(of) {}

  /// Copies what is due.
  void tick(time_point now, run_context eu, const caf::strong_actor_ptr& stage);

  /// When the next one is due, as far as known.
  time_point next_tick() const noexcept { return of_.hedges.next_due(); }

private:
  struct opening {
    gate_slot* to = nullptr;
    pending_owner owner;
  };

  void copy(const std::shared_ptr<hedged_call>& call, time_point now,
            run_context eu, const caf::strong_actor_ptr& stage);
  bool begin(const std::shared_ptr<hedged_call>& call,
             const hedged_call::request& wanted, const opening& at,
             time_point now, run_context eu,
             const caf::strong_actor_ptr& stage) noexcept;
  void note(pending_id id, element& what,
            const std::shared_ptr<hedged_call>& call,
            const hedged_call::request& of);
  bool needs_permit(bool local) const noexcept;
  bool take_permit(pending_id id, bool local);
  bool may_go(pending_id id, time_point now, rate_turn& turn);
  void give_up(pending_id id, bool permit) noexcept;
  opening enter_other(pending_owner first);
  gate_slot* enter_least_loaded(size_t first, size_t count, size_t but,
                                pending_owner& owner);

  gate_parts& of_;
};

} // namespace bulwark::detail
