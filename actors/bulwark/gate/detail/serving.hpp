#pragma once

#include <bulwark/gate/detail/endings.hpp>
#include <bulwark/gate/detail/forwarding.hpp>
#include <bulwark/gate/detail/gate_parts.hpp>

#include <cstdint>
#include <string>

namespace bulwark::detail {

/// Opens the slots of replicas and nodes that come up, and gives them what
/// waits; answers those who wait in vain.
///
/// Safe to call from any thread, but for what the gate's own handlers alone
/// call, one at a time.
class serving {
public:
  serving(gate_parts& of, endings& ends, forwarding& forward)
    : of_(of), ends_(ends), forward_(forward) {}

  // -- for the gate's own handlers only ---------------------------------------

  void open_slot(uint8_t index, uint64_t incarnation,
                 caf::strong_actor_ptr handle, run_context eu,
                 const caf::strong_actor_ptr& stage);

  /// Opens the door of a replica again that is up behind a closed one.
  void open_again(uint8_t index, run_context eu,
                  const caf::strong_actor_ptr& stage);

  void open_peer(const std::string& node, caf::strong_actor_ptr handle,
                 run_context eu, const caf::strong_actor_ptr& stage);

  /// Hands what waits to a slot that is open.
  void serve_waiting(run_context eu, const caf::strong_actor_ptr& stage);

  // -- from any thread --------------------------------------------------------

  /// Answers those who wait in vain now.
  void answer_hopeless(run_context eu);

  /// Something waits that did not: for its time, and for whoever is up.
  void look_after_waiting(run_context eu);

  void answer_waiting(element_chain waiting, errc code,
                      run_context eu) noexcept;

  /// Waits until nobody is on the way to a slot that was closed.
  static void await_unheld(gate_slot& it);

private:
  void fetch();
  void fill_slot(uint8_t index, uint64_t incarnation, run_context eu,
                 const caf::strong_actor_ptr& stage);
  void hand(gate_slot& to, pending_owner owner, element_ptr what,
            run_context eu, const caf::strong_actor_ptr& stage);
  void serve_permitted(run_context eu, const caf::strong_actor_ptr& stage);
  bool forward_one(element_ptr& what, run_context eu,
                   const caf::strong_actor_ptr& stage);
  void serve_with_permits(run_context eu, const caf::strong_actor_ptr& stage);
  void answer_refused(run_context eu);

  gate_parts& of_;
  endings& ends_;
  forwarding& forward_;
};

} // namespace bulwark::detail
