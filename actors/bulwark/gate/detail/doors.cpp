#include <bulwark/gate/detail/doors.hpp>

#include <algorithm>

namespace bulwark::detail {

std::optional<errc> doors::hopeless(bool local_only, time_point now) const {
  return ended_ ? errc::stopped : expected_.hopeless(local_only, now);
}

size_t doors::peers_counted() const noexcept {
  size_t result = 0;
  auto first = slot_bank::replicas_max;
  for (auto i = first; i < first + slots_.peers(); ++i)
    result += slots_[i].counts();
  return result;
}

bool doors::meet_all() const noexcept {
  bool held = false;
  auto meet = [&](size_t first, size_t n) {
    for (auto i = first; i < first + n; ++i) {
      slots_[i].door.meet();
      held |= slots_[i].door.held();
    }
  };
  meet(0, slots_.replicas());
  meet(slot_bank::replicas_max, slots_.peers());
  return held;
}

void doors::declare_replicas(size_t first, size_t count) {
  expected_.declare(first, count);
  slots_.use_replicas(std::min(first + count, slot_bank::replicas_max));
}

std::optional<size_t> doors::slot_for(const std::string& node) {
  auto result = expected_.slot_for(node, [this](size_t i) {
    return slots_[i].dead.load() >= slots_[i].incarnation;
  });
  if (result)
    slots_.use_peers(*result - slot_bank::replicas_max + 1);
  return result;
}

bool doors::occupy(gate_slot& it, uint64_t incarnation,
                   caf::strong_actor_ptr& handle) {
  if (it.dead.load() >= incarnation)
    return false;
  it.handle.swap(handle);
  it.incarnation = incarnation;
  it.door.hold();
  return true;
}

bool doors::hold(gate_slot& it) noexcept {
  if (ended_ || it.incarnation == 0 || it.closed_for(it.incarnation))
    return false;
  it.door.hold();
  return true;
}

void doors::open(gate_slot& it) noexcept {
  if (it.door.is_open())
    return;
  it.door.open();
  ++(slots_.is_local(it) ? replicas_up_ : peers_up_);
}

void doors::close(gate_slot& it) noexcept {
  if (!it.door.is_open())
    return;
  it.door.close();
  --(slots_.is_local(it) ? replicas_up_ : peers_up_);
}

void doors::close(gate_slot& it, uint64_t incarnation) noexcept {
  if (it.incarnation == incarnation)
    close(it);
}

bool doors::died(gate_slot& it, uint64_t incarnation) noexcept {
  if (it.dead.load(std::memory_order_relaxed) >= incarnation)
    return false; // Abandoned earlier: nobody forwards to it any more.
  it.dead.store(incarnation, std::memory_order_relaxed);
  if (it.incarnation != incarnation)
    return false; // Died before the gate opened it.
  close(it);
  return true;
}

/// It, or a later one, may be dead already, and a later one may be open: then
/// nobody is on the way to this one any more.
bool doors::died_again(gate_slot& it, uint64_t incarnation) noexcept {
  auto dead = it.dead.load(std::memory_order_relaxed);
  it.dead.store(std::max(dead, incarnation), std::memory_order_relaxed);
  if (it.incarnation != incarnation)
    return false;
  close(it);
  return true;
}

std::optional<uint64_t> doors::lose(size_t index, const std::string& node,
                                    time_point back_by) {
  auto& it = slots_[index];
  if (expected_.node_at(index) != node || it.dead.load() >= it.incarnation)
    return std::nullopt;
  it.dead.store(it.incarnation);
  close_for_new(index, back_by);
  return it.incarnation;
}

bool doors::drain(size_t index, const std::string& node, time_point back_by) {
  auto& it = slots_[index];
  if (expected_.node_at(index) != node || it.closed_for(it.incarnation))
    return false;
  close_for_new(index, back_by);
  return true;
}

void doors::drain(pending_owner owner, time_point back_by) noexcept {
  auto& it = slots_[owner.slot];
  if (static_cast<uint16_t>(it.incarnation) == owner.incarnation
      && !it.closed_for(it.incarnation))
    close_for_new(owner.slot, back_by);
}

void doors::close_for_new(size_t index, time_point back_by) noexcept {
  auto& it = slots_[index];
  it.drained.store(it.incarnation, std::memory_order_relaxed);
  expected_.lost(index, back_by);
  close(it);
}

caf::strong_actor_ptr doors::take_handle(gate_slot& it, uint64_t incarnation) {
  caf::strong_actor_ptr handle;
  if (it.incarnation == incarnation)
    handle.swap(it.handle);
  return handle;
}

void doors::end() noexcept {
  ended_ = true;
  for (auto& it : slots_)
    close(it);
}

} // namespace bulwark::detail
