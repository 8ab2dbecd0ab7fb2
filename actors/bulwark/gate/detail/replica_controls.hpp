#pragma once

#include <bulwark/gate/detail/pending_word.hpp>
#include <bulwark/gate/detail/slot_bank.hpp>
#include <bulwark/supervisor/child_spec.hpp>
#include <bulwark/threads/detail/mutex.hpp>

#include <array>
#include <cstdint>
#include <memory>

namespace bulwark::detail {

/// Where the newest incarnation in each slot of a gate notes what it is at.
///
/// Safe to call from any thread.
class replica_controls {
public:
  /// `incarnation` is about to start.
  void note(uint8_t index, uint64_t incarnation,
            const std::shared_ptr<child_control>& control) {
    lock_guard guard{lock_};
    all_[index] = {control, incarnation};
  }

  /// Null: there is none.
  std::shared_ptr<child_control> of(uint8_t index) const {
    lock_guard guard{lock_};
    return all_[index].where.lock();
  }

  /// What a replica is at: odd while in a handler, another number in each; 0:
  /// not known.
  uint32_t progress_of(pending_owner owner) const {
    auto control = newest(owner);
    return control ? control->progress_counter.load(std::memory_order_relaxed)
                   : 0;
  }

private:
  struct entry {
    std::weak_ptr<child_control> where;
    uint64_t incarnation = 0;
  };

  std::shared_ptr<child_control> newest(pending_owner owner) const {
    lock_guard guard{lock_};
    const auto& it = all_[owner.slot];
    return static_cast<uint16_t>(it.incarnation) == owner.incarnation
             ? it.where.lock()
             : nullptr;
  }

  mutable mutex lock_;
  std::array<entry, slot_bank::all_max> all_ BULWARK_GUARDED_BY(lock_);
};

} // namespace bulwark::detail
