#pragma once

#include <bulwark/gate/detail/prospects.hpp>
#include <bulwark/gate/detail/slot_bank.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor_control_block.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace bulwark::detail {

/// Which slots of a gate are up, and what may come of the others: opens and
/// closes their doors.
///
/// Confined to one thread; a gate guards it with the lock of its line.
class doors {
public:
  explicit doors(slot_bank& slots) noexcept : slots_(slots) {}

  prospects& expected() noexcept { return expected_; }
  const prospects& expected() const noexcept { return expected_; }

  // -- how it stands ----------------------------------------------------------

  size_t replicas_up() const noexcept { return replicas_up_; }
  size_t peers_up() const noexcept { return peers_up_; }

  /// Without those on which the service takes nothing new.
  size_t peers_counted() const noexcept;
  bool anyone_up() const noexcept { return replicas_up_ + peers_up_ > 0; }
  bool ended() const noexcept { return ended_; }

  /// Why nobody can be waited for; nothing: somebody may come.
  std::optional<errc> hopeless(bool local_only, time_point now) const;

  /// Whether a node is up or may come.
  bool peers_may_come(time_point now) const noexcept {
    return peers_up_ > 0 || expected_.peers().may_come(now);
  }

  /// Meets all doors; returns whether somebody holds one.
  bool meet_all() const noexcept;

  // -- who is going to come ---------------------------------------------------

  void declare_replicas(size_t first, size_t count);

  /// The slot that a node gets which offers the service; nothing: all are
  /// taken.
  std::optional<size_t> slot_for(const std::string& node);

  // -- up ---------------------------------------------------------------------

  /// Puts an incarnation into a slot whose door nobody holds, and holds it:
  /// from here on a death of it waits for the caller. False: it died already.
  bool occupy(gate_slot& it, uint64_t incarnation,
              caf::strong_actor_ptr& handle);

  /// Holds the closed door of one that is up. False: there is none.
  bool hold(gate_slot& it) noexcept;

  void open(gate_slot& it) noexcept;

  /// Calls `f` with the slot of a node that is not lost, if there is one.
  template <class F>
  void stand(const std::string& node, F f) {
    for (auto i = slot_bank::replicas_max;
         i < slot_bank::replicas_max + slots_.peers(); ++i)
      if (expected_.node_at(i) == node
          && slots_[i].dead.load() < slots_[i].incarnation)
        f(slots_[i]);
  }

  // -- down -------------------------------------------------------------------

  /// Others forward nothing to that incarnation any more.
  void close(gate_slot& it, uint64_t incarnation) noexcept;

  /// The same, for it is dead. Returns whether it is in the slot, so that the
  /// caller has to wait until nobody is on the way. `died`: false also where
  /// that is known already.
  bool died(gate_slot& it, uint64_t incarnation) noexcept;
  bool died_again(gate_slot& it, uint64_t incarnation) noexcept;

  /// The node in that slot is lost; returns its incarnation, unless it was
  /// before. It may be back by then.
  std::optional<uint64_t> lose(size_t index, const std::string& node,
                               time_point back_by);

  /// The node in that slot takes nothing new. False: it did so before.
  bool drain(size_t index, const std::string& node, time_point back_by);
  void drain(pending_owner owner, time_point back_by) noexcept;

  /// Takes the handle of a dead one out, for it has a handle of us. To be
  /// dropped without the lock: it may be the last one.
  /// @pre nobody holds the slot's door, or will
  caf::strong_actor_ptr take_handle(gate_slot& it, uint64_t incarnation);

  /// Closes all of them for good.
  void end() noexcept;

private:
  void close(gate_slot& it) noexcept;
  void close_for_new(size_t index, time_point back_by) noexcept;

  slot_bank& slots_;
  prospects expected_;
  size_t replicas_up_ = 0;
  size_t peers_up_ = 0;
  bool ended_ = false;
};

} // namespace bulwark::detail
