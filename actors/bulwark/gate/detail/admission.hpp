#pragma once

#include <bulwark/gate/detail/endings.hpp>
#include <bulwark/gate/detail/forwarding.hpp>
#include <bulwark/gate/detail/gate_parts.hpp>
#include <bulwark/gate/detail/passage.hpp>

namespace bulwark::detail {

/// Lets messages in, or answers why not: what stands before all protections
/// (drains, hops, deadlines), then these.
///
/// Safe to call from any thread. When a function throws, `what` is still to be
/// refused.
class admission {
public:
  admission(gate_parts& of, endings& ends, forwarding& forward)
    : of_(of), ends_(ends), forward_(forward) {}

  /// Lets a client's message in, makes it wait, or answers why not. `call`:
  /// what the client said about it; null: nothing.
  void admit(element_ptr& what, run_context eu,
             const caf::strong_actor_ptr& stage,
             const call_options* call = nullptr);

  /// The same for a message behind its `call_options`.
  void admit_call(element_ptr& what, run_context eu,
                  const caf::strong_actor_ptr& stage);

  /// Lets in what another node's gate sent. A gate that closes gives it back:
  /// nobody has handled it, so it may be sent to another node, whatever it is.
  void admit_envelope(element_ptr& what, run_context eu,
                      const caf::strong_actor_ptr& stage);

private:
  void readmit(pending_id id, element_ptr what, run_context eu,
               const caf::strong_actor_ptr& stage);
  void enter(element_ptr what, entrance& by, time_point now, run_context eu,
             const caf::strong_actor_ptr& stage);
  void note(pending_id id, element& what, entrance& by);
  void refuse(element& what, errc code, run_context eu) noexcept;
  void turn_away(element& what, entrance& by, const permission& said,
                 run_context eu);
  endings::in_place instead_of(bereft_call& call, const element& what,
                               const entrance& by, errc code,
                               std::optional<caf::error> why) noexcept;
  void seek_way(element_ptr& what, const entrance& by, passage& way,
                run_context eu, const caf::strong_actor_ptr& stage) noexcept;
  bool comes_early(const element& what, const passage& way);
  std::optional<caf::error> keep(pending_id id, element_ptr& what,
                                 const entrance& by);
  void give_back(element& what, errc why, run_context eu);

  gate_parts& of_;
  endings& ends_;
  forwarding& forward_;
};

} // namespace bulwark::detail
