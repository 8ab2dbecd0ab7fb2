#pragma once

#include <bulwark/caf/detail/counted_handles.hpp>
#include <bulwark/caf/detail/gate_clock.hpp>
#include <bulwark/gate/detail/gate_reports.hpp>
#include <bulwark/gate/detail/request_table.hpp>
#include <bulwark/gate/detail/slot_bank.hpp>

#include <caf/fwd.hpp>

namespace bulwark::detail {

/// Makes of messages what goes to a replica or to another node's gate, and puts
/// them there; counts the handles of the gate and of its return path that go
/// with them.
///
/// Safe to call from any thread.
class dispatch {
public:
  dispatch(caf::actor_system& sys, const gate_clock& clock,
           const gate_reports& reports)
    : sys_(sys), clock_(clock), reports_(reports) {}

  /// @pre called once, before the first message
  void set_handles(caf::weak_actor_ptr gate, caf::weak_actor_ptr path) noexcept;

  /// Takes handles of the gate and of its return path for a message, and has
  /// its reply come by the latter. The caller holds a door, or the lock of the
  /// line. @pre `reserve_hop`
  void set_out(element& what, bool comes_by) noexcept {
    handles_.take();
    auto path = handles_.adopt_path();
    if (comes_by)
      add_hop(what, std::move(path));
  }

  /// The same for a message whose entry has its handle of the gate from the
  /// first time.
  void set_out_again(element& what) noexcept {
    set_out(what, true);
    handles_.adopt_gate();
  }

  /// The handle of the gate that goes with an entry.
  caf::strong_actor_ptr adopt_gate() const noexcept {
    return handles_.adopt_gate();
  }

  /// Makes of a message what that slot gets, or, where it cannot travel there,
  /// its answer. @pre the entry is the caller's own
  void pack(request_table& requests, bool local, const gate_slot& to,
            element_ptr& what, pending_id id,
            const caf::strong_actor_ptr& stage) {
    if (!local)
      wrap(requests, to, what, id, stage);
  }

  void put(bool local, gate_slot& to, element_ptr what, run_context eu,
           const caf::strong_actor_ptr& stage) noexcept;

  /// Nobody takes handles any more. @pre see `counted_handles::close`
  void close() noexcept { handles_.close(); }

private:
  void wrap(request_table& requests, const gate_slot& to, element_ptr& what,
            pending_id id, const caf::strong_actor_ptr& stage);

  caf::actor_system& sys_;
  const gate_clock& clock_;
  const gate_reports& reports_;
  counted_handles handles_;
};

} // namespace bulwark::detail
