#pragma once

#include <bulwark/caf/detail/element.hpp>

#include <caf/actor_control_block.hpp>

#include <atomic>

namespace bulwark::detail {

/// Makes a gate serve what waits and look at its timer. One message that tells
/// it to is made in advance: a gate that was not told would forget deadlines.
///
/// Safe to call from any thread, except where a function says otherwise.
class gate_pokes {
public:
  gate_pokes() = default;
  gate_pokes(const gate_pokes&) = delete;
  gate_pokes& operator=(const gate_pokes&) = delete;
  ~gate_pokes();

  /// @pre called once, before anybody else knows of this
  void aim_at(caf::weak_actor_ptr gate);

  /// Returns false where the gate is not told, and was not told before of what
  /// the caller did: no memory is left, and the message made in advance was
  /// used and could not be replaced.
  bool poke() noexcept;

  /// Replaces the one made in advance, if it was used. For the gate, before it
  /// does what it was told.
  void told() noexcept;

private:
  caf::weak_actor_ptr gate_;

  /// Null: on its way to the gate, or `missing_`.
  std::atomic<element*> spare_{nullptr};
  std::atomic<bool> missing_{false};
};

} // namespace bulwark::detail
