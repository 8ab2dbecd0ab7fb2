#pragma once

#include <bulwark/caf/detail/counted_handles.hpp>
#include <bulwark/caf/detail/gate_clock.hpp>
#include <bulwark/gate/detail/expected_peers.hpp>
#include <bulwark/gate/detail/gate_command.hpp>
#include <bulwark/gate/detail/gate_errors.hpp>
#include <bulwark/gate/detail/gate_parts.hpp>
#include <bulwark/gate/detail/gate_permits.hpp>
#include <bulwark/gate/detail/gate_pokes.hpp>
#include <bulwark/gate/detail/gate_rate.hpp>
#include <bulwark/gate/detail/gate_reports.hpp>
#include <bulwark/gate/detail/key_order.hpp>
#include <bulwark/gate/detail/pending_table.hpp>
#include <bulwark/gate/detail/slot_bank.hpp>
#include <bulwark/gate/detail/stash.hpp>
#include <bulwark/gate/detail/work_notes.hpp>
#include <bulwark/gate/gate_settings.hpp>

#include <caf/fwd.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace bulwark::detail {

/// What a gate's core holds; what it does with it is in gate_core.hpp.
struct gate_state {
  using table = pending_table<pending_request, beside_request>;

  enum class lane : uint8_t { taken, closed };

  /// A door that was entered, or none, and what became of the permit.
  struct opening {
    gate_slot* to = nullptr;
    pending_owner owner;
    gate_permits::wish wish;
    bool had = false;
    bool took = false;
  };

  /// What was looked at before, in the order in which it waits, and did not go:
  /// the keys that have to wait, and how many without a key.
  struct passed_over {
    std::set<uint64_t> keys;
    std::map<gate_permits::group, size_t> others;
  };

  static constexpr pending_word waiting_word{0, {}, pending_state::waiting};

  gate_state(caf::actor_system& sys, gate_settings settings);

  caf::strong_actor_ptr self() const;
  caf::actor_addr address() const;
  bool poke_gate() noexcept { return pokes_.poke(); }

  caf::error error_for(errc code) const {
    if (code == errc::no_such_service)
      return error_nowhere();
    return gate_error(code, name_, permits_ ? &permits_->bulkhead() : nullptr);
  }

  caf::error error_of(gate_reason why) const {
    return why.err != nullptr ? *why.err : error_for(why.code);
  }

  /// @pre the lock is not held
  caf::error error_nowhere() const;

  /// Waits until nobody is on the way to a slot that was closed.
  static void await_unheld(gate_slot& it);

  // The lock is held. Others forward nothing to the slot any more; the second
  // one for another node's gate that takes nothing new.
  void close_locked(gate_slot& it);
  void close_drained(gate_slot& it);

  /// Drops the handle of a dead one, for it has a handle of us.
  /// @pre nobody holds the slot's door, or will
  void let_go(gate_slot& it, uint64_t incarnation);

  /// Why nobody can be waited for; nothing: somebody may come.
  /// @pre the lock is held
  std::optional<errc> hopeless(bool local_only) const;

  /// What is answered to one that has waited too long.
  errc waited_for(pending_id id) const;

  uint32_t pulse_of(pending_owner owner) const;

  // -- what a slot gets (gate_forward.cpp) ------------------------------------

  /// Takes handles of the gate and of its return path for a message, and has
  /// its reply come by the latter. @pre `reserve_hop`
  void set_out(element& what, bool comes_by) noexcept;

  /// Makes of a message what that slot gets, or, where it cannot travel there,
  /// its answer. @pre the entry is the caller's own
  void pack(const gate_slot& to, element_ptr& what, pending_id id,
            const caf::strong_actor_ptr& stage);
  void put(gate_slot& to, element_ptr what, run_context eu,
           const caf::strong_actor_ptr& stage) noexcept;

  // -- keys (gate_keys.cpp) ---------------------------------------------------

  gate_slot* pick_keyed(pending_id id, bool local, bool others,
                        pending_owner& owner);

  /// Returns whether a message can go at once. @pre the lock is held
  bool lane_open(const element& what, pending_id id, bool local_only) const;

  /// Returns whether what waits may go to that slot, and binds its key.
  /// @pre the lock is held
  bool may_go(const element& what, uint8_t index);

  void join_key(pending_id id, const std::string& key);
  void leave_key(pending_id id) noexcept;

  // -- the rest ---------------------------------------------------------------

  /// Without memory nothing is learnt of this one. @pre `adapts()`
  void note_start(pending_id id) noexcept;
  void learn(pending_id id, bool dropped) noexcept;

  /// Whether the bulkhead looks at how long the work takes.
  bool adapts() const noexcept {
    return permits_ && permits_->bulkhead().adapts();
  }

  /// Notes that something is due by then. Returns whether nothing was before.
  bool due_by(int64_t expires) noexcept {
    auto armed = next_tick_.load(std::memory_order_seq_cst);
    while (expires < armed)
      if (next_tick_.compare_exchange_weak(armed, expires,
                                           std::memory_order_seq_cst))
        return true;
    return false;
  }

  /// What is asked of the bulkhead for a request.
  gate_permits::wish request_for(pending_id id) noexcept {
    return gate_permits::request_of(id, pending_.beside(id));
  }

  caf::actor_system& sys_;
  const gate_clock clock_;
  const std::string name_;
  const gate_options options_;
  const std::vector<content_type> idempotent_;
  caf::weak_actor_ptr self_;
  gate_pokes pokes_;
  const caf::abstract_actor* stage_ = nullptr; // To compare with only.
  counted_handles handles_;
  gate_reports reports_;

  const std::unique_ptr<gate_permits> permits_;

  /// Null: there is no rate.
  const std::unique_ptr<gate_rate> rate_;

  table pending_;
  work_notes notes_;
  slot_bank slots_;
  std::atomic<uint8_t> refusing_{0};
  std::atomic<int64_t> next_tick_{table::never};
  std::atomic<uint64_t> kept_number_{0};

  /// How many entries may be tried again, so that deaths need not look.
  std::atomic<size_t> repeatable_{0};

  mutable std::mutex lock_;
  stash stash_;
  key_order keys_;
  size_t open_replicas_ = 0;
  size_t open_peers_ = 0;
  expected_peers expected_peers_;
};

} // namespace bulwark::detail
