#pragma once

#include <bulwark/caf/detail/element.hpp>
#include <bulwark/gate/detail/deadline_memory.hpp>
#include <bulwark/gate/detail/pending_word.hpp>
#include <bulwark/supervisor/child_spec.hpp>

#include <cstdint>
#include <optional>

namespace bulwark::detail {

class gate_core;

/// Which request of its gate a replica has in hand: the one that it handles,
/// or that it ended on.
///
/// Confined to one actor.
class request_in_hand {
public:
  /// `core` is null for a replica without a gate, `control` for one that no
  /// supervisor steers. Both outlive this.
  request_in_hand(gate_core* core, uint8_t index, uint64_t incarnation,
                  child_control* control) noexcept
    : core_(core),
      control_(control),
      incarnation_(incarnation),
      index_(index) {}

  /// The replica begins to handle a message, and has come back from its
  /// handler; not when an exception has left that. False: it is not to be
  /// handled, for it was answered at its deadline while it waited.
  [[nodiscard]] bool begin(const element& what) noexcept;
  void end() noexcept;

  /// The replica ends because of the request that it handles.
  void ends_on_this() noexcept { ends_on_this_ = true; }

  /// Whether the replica handles that request, or has ended on it, and is its
  /// owner.
  [[nodiscard]] bool ends_on(pending_id id, pending_owner owner) const noexcept;

  /// Returns the request of the gate that `what`, which is handled, is.
  [[nodiscard]] std::optional<pending_id>
  request_of(const element& what) const noexcept;

  /// Nothing: it handles none, or something else.
  [[nodiscard]] std::optional<pending_id> id() const noexcept {
    return handled_;
  }

  /// Which deadlines the requests inherited that the replica has made.
  deadline_memory& memory() noexcept { return memory_; }

  [[nodiscard]] uint8_t index() const noexcept { return index_; }

  [[nodiscard]] uint64_t incarnation() const noexcept { return incarnation_; }

private:
  gate_core* core_;
  child_control* control_;
  uint64_t incarnation_;
  uint8_t index_;
  bool sees_messages_ = false;
  bool ends_on_this_ = false;
  std::optional<pending_id> handled_;
  deadline_memory memory_;
};

} // namespace bulwark::detail
