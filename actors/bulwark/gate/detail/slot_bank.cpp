#include <bulwark/gate/detail/cheap_random.hpp>
#include <bulwark/gate/detail/slot_bank.hpp>

namespace bulwark::detail {

/// Only who holds the gate's lock raises.
void slot_bank::raise(std::atomic<size_t>& to, size_t n) noexcept {
  if (to.load() < n)
    to.store(n);
}

size_t slot_bank::idle() const noexcept {
  size_t result = 0;
  for (size_t i = 0; i < replicas(); ++i)
    result += slots_[i].door.is_open() && slots_[i].door.load() == 0;
  return result;
}

slot_bank::hold::hold(slot_bank& of) noexcept : of_(of) {
  for (size_t i = 0; i < of.replicas(); ++i)
    if (of[i].door.enter()) {
      of[i].door.work_back();
      held_.set(i);
    }
}

slot_bank::hold::~hold() {
  for (size_t i = 0; i < replicas_max; ++i)
    if (held_.test(i))
      of_[i].door.leave();
}

/// Two may see the same one idle: whoever finds that it has company looks on.
gate_slot* slot_bank::pick_idle(size_t count, pending_owner& owner) {
  auto start = cheap_random() % count;
  for (size_t i = 0; i < count; ++i) {
    auto index = (start + i) % count;
    auto& door = slots_[index].door;
    if (!door.is_open() || door.load() > 0)
      continue;
    auto* it = enter(index, owner);
    if (it == nullptr || door.load() == 1)
      return it;
    door.work_back();
    door.leave();
  }
  return nullptr;
}

/// Least loaded of two choices (Mitzenmacher 2001); if that one is closed,
/// the first open one.
gate_slot* slot_bank::pick_among(size_t first, size_t count,
                                 pending_owner& owner) {
  if (count > 1) {
    auto random = cheap_random();
    auto a = random % count;
    auto b = (a + 1 + (random >> 16) % (count - 1)) % count;
    auto& left = slots_[first + a].door;
    auto& right = slots_[first + b].door;
    bool take_right =
      right.is_open() && (!left.is_open() || right.load() < left.load());
    if (auto* it = enter(first + (take_right ? b : a), owner))
      return it;
  }
  for (size_t i = 0; i < count; ++i)
    if (auto* it = enter(first + i, owner))
      return it;
  return nullptr;
}

gate_slot* slot_bank::pick_any(bool local, bool others, pending_owner& owner) {
  if (auto n = replicas(); local && n > 0) {
    if (rule_ != load_rule::any && n > 1)
      if (auto* it = pick_idle(n, owner))
        return it;
    if (idle_only() && local_open())
      return nullptr;
    if (auto* it = pick_among(0, n, owner))
      return it;
  }
  auto n = peers();
  return others && n > 0 ? pick_among(replicas_max, n, owner) : nullptr;
}

} // namespace bulwark::detail
