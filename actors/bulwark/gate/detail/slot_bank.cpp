#include <bulwark/gate/detail/cheap_random.hpp>
#include <bulwark/gate/detail/slot_bank.hpp>

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

gate_slot* slot_bank::pick_any(bool local, bool others, pending_owner& owner,
                               uint64_t key) {
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
  auto* it =
    pick_by(least_loaded_of_two, replicas_max, n, owner, cheap_random());
  return it != nullptr ? it : first_open(replicas_max, n, owner);
}

} // namespace bulwark::detail
