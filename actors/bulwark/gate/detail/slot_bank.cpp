#include <bulwark/gate/detail/cheap_random.hpp>
#include <bulwark/gate/detail/slot_bank.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

uint32_t load_of(const void* of, size_t index) noexcept {
  const auto& door = static_cast<const gate_slot*>(of)[index].door;
  return door.is_open() ? door.load() : replica_loads::down;
}

/// But for those that have no part in a request.
struct some_slots {
  const gate_slot* all;
  uint64_t resting;
};

uint32_t load_of_some(const void* of, size_t index) noexcept {
  const auto& some = *static_cast<const some_slots*>(of);
  return (some.resting >> index & 1) != 0 ? replica_loads::down
                                          : load_of(some.all, index);
}

} // namespace

/// One at a time raises.
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

/// Two may see the same one idle: whoever finds that it has company asks again.
gate_slot* slot_bank::pick_by(balancing_rule rule, size_t first, size_t count,
                              pending_owner& owner, uint32_t random,
                              const replica_traits* traits, uint64_t resting) {
  if (count < 2)
    return nullptr;
  const some_slots some{&slots_[first], resting};
  auto loads = resting == 0
                 ? replica_loads{&slots_[first], load_of, count, traits}
                 : replica_loads{&some, load_of_some, count, traits};
  for (size_t i = 0; i < count; ++i) {
    auto choice = rule(loads, random);
    auto* it =
      choice.index < count ? enter(first + choice.index, owner) : nullptr;
    if (it == nullptr || !choice.only_if_idle || it->door.load() == 1)
      return it;
    it->door.work_back();
    it->door.leave();
  }
  return nullptr;
}

gate_slot* slot_bank::first_open(size_t first, size_t count,
                                 pending_owner& owner) {
  for (size_t i = 0; i < count; ++i)
    if (auto* it = enter(first + i, owner))
      return it;
  return nullptr;
}

gate_slot* slot_bank::pick_local(size_t count, pending_owner& owner,
                                 uint64_t key) {
  if (hints_ == nullptr)
    return pick_by(rule_, 0, count, owner, cheap_random());
  balance_hints::question asked;
  hints_->ask(asked, key);
  auto resting = hints_->slow() ? hints_->resting(open_replicas()) : 0;
  auto* it =
    pick_by(rule_, 0, count, owner, asked.number, &asked.traits, resting);
  if (it != nullptr && hints_->slow())
    hints_->goes_to(owner.slot);
  return it;
}

uint64_t slot_bank::open_replicas() const noexcept {
  uint64_t result = 0;
  for (size_t i = 0; i < replicas(); ++i)
    result |= uint64_t{slots_[i].door.is_open()} << i;
  return result;
}

/// Of two that `wanted` allows, chosen at random among those of this node from
/// `here` on and all others, the one with less to do.
template <class F>
gate_slot* slot_bank::pick_two(size_t here, F wanted, pending_owner& owner) {
  auto random = cheap_random();
  auto count = here + peers();
  auto next = [&](size_t begin) {
    for (size_t i = 0; i < count; ++i) {
      auto row = (begin + i) % count;
      auto at = row < here ? row : replicas_max + row - here;
      if (slots_[at].door.is_open() && wanted(slots_[at]))
        return at;
    }
    return all_max;
  };
  auto one = next(random % count);
  if (one == all_max)
    return nullptr;
  auto other = next((random >> 16) % count);
  if (slots_[other].cost() < slots_[one].cost())
    std::swap(one, other);
  auto* it = enter(one, owner);
  return it != nullptr ? it : enter(other, owner);
}

/// Those that nothing is told against first.
gate_slot* slot_bank::pick_peer(pending_owner& owner) {
  for (unsigned rank = 0; rank < gate_slot::ranks; ++rank)
    if (auto* it = pick_two(
          0, [&](const gate_slot& each) { return each.rank() == rank; }, owner))
      return it;
  return first_open(replicas_max, peers(), owner);
}

/// Replicas of this node and other nodes stand in one row.
gate_slot* slot_bank::pick_spread(pending_owner& owner) {
  return pick_two(
    replicas(), [](const gate_slot& each) { return each.rank() == 0; }, owner);
}

gate_slot* slot_bank::pick_any(bool local, bool others, pending_owner& owner,
                               uint64_t key) {
  if (spreads_ && local && others && key == 0 && !idle_only() && peers() > 0)
    if (auto* it = pick_spread(owner))
      return it;
  if (auto n = replicas(); local && n > 0) {
    if (auto* it = pick_local(n, owner, key))
      return it;
    if (idle_only() && local_open())
      return nullptr;
    if (auto* it = first_open(0, n, owner))
      return it;
  }
  auto n = peers();
  if (!others || n == 0)
    return nullptr;
  return pick_peer(owner);
}

} // namespace bulwark::detail
