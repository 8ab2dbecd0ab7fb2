#include <bulwark/detail/cheap_random.hpp>
#include <bulwark/detail/gate_core.hpp>

#include <utility>

namespace bulwark::detail {

gate_slot* gate_core::enter_slot(size_t index, pending_owner& owner) {
  auto& it = slots_[index];
  if (!it.door.enter())
    return nullptr;
  owner = {static_cast<uint8_t>(index), static_cast<uint16_t>(it.incarnation)};
  return &it;
}

/// Least loaded of two choices (Mitzenmacher 2001); if that one is closed,
/// the first open one.
gate_slot* gate_core::pick_among(size_t first, size_t count,
                                 pending_owner& owner) {
  if (count > 1) {
    auto random = cheap_random();
    auto a = random % count;
    auto b = (a + 1 + (random >> 16) % (count - 1)) % count;
    auto& left = slots_[first + a].door;
    auto& right = slots_[first + b].door;
    bool take_right =
      right.is_open() && (!left.is_open() || right.load() < left.load());
    if (auto* it = enter_slot(first + (take_right ? b : a), owner))
      return it;
  }
  for (size_t i = 0; i < count; ++i)
    if (auto* it = enter_slot(first + i, owner))
      return it;
  return nullptr;
}

gate_slot* gate_core::pick(bool local_only, pending_owner& owner) {
  if (auto n = replicas_.load(std::memory_order_relaxed); n > 0)
    if (auto* it = pick_among(0, n, owner))
      return it;
  if (local_only)
    return nullptr;
  auto n = peers_.load(std::memory_order_relaxed);
  return n > 0 ? pick_among(replicas_max, n, owner) : nullptr;
}

gate_core::lane gate_core::try_forward(caf::mailbox_element_ptr& what,
                                       pending_id id,
                                       std::optional<pending_word> from,
                                       bool local_only, caf::execution_unit* eu,
                                       const caf::strong_actor_ptr& stage) {
  pending_owner owner;
  auto* to = has_flag(what->mid, keyed_bit) ? pick_keyed(id, local_only, owner)
                                            : pick(local_only, owner);
  if (to == nullptr)
    return lane::closed;
  auto expires = pending_.payload(id).deadline.load(std::memory_order_relaxed);
  {
    slot_guard guard{to->door};
    std::optional<call_options> call;
    if (!from) {
      call = call_for(*to, id);
      set_out(*what);
      pending_.publish(id, owner, pending_state::active, expires);
    } else if (!pending_.restamp_if(
                 id, *from, {0, owner, pending_state::active}, expires, [&] {
                   call = call_for(*to, id);
                   return true;
                 })) {
      to->door.work_back();
      what.reset(); // Its client was answered meanwhile.
      return lane::taken;
    } else if (from->state == pending_state::active) {
      slots_[from->owner.slot].door.work_back();
    }
    put(*to, std::move(what), id, call, eu, stage);
  }
  arm(expires);
  return lane::taken;
}

/// Handles are taken only by who holds a door or the lock, and `stop` closes
/// the purse when nobody can any more.
void gate_core::set_out(caf::mailbox_element& what) {
  what.stages.emplace_back();
  handles_.take();
  what.stages.back() = handles_.adopt_path();
}

std::optional<call_options> gate_core::call_for(const gate_slot& to,
                                                pending_id id) {
  if (&to < &slots_[replicas_max])
    return std::nullopt;
  const auto* kept = pending_.beside(id).kept.get();
  if (kept == nullptr)
    return std::nullopt;
  return kept->call;
}

void gate_core::put(gate_slot& to, caf::mailbox_element_ptr what, pending_id id,
                    const std::optional<call_options>& call,
                    caf::execution_unit* eu,
                    const caf::strong_actor_ptr& stage) {
  if (&to < &slots_[replicas_max]) {
    to.handle->get()->enqueue(std::move(what), eu);
    return;
  }
  auto deadline = pending_.payload(id).deadline.load(std::memory_order_relaxed);
  auto left = time_point{duration{deadline}} - clock_.now();
  auto us = std::chrono::duration_cast<std::chrono::microseconds>(left);
  auto mid = what->mid;
  envelope outer{us.count(), call.value_or(call_options{}),
                 std::move(what->sender), what->move_content_to_message()};
  to.handle->get()->enqueue(
    caf::make_mailbox_element(stage, mid, {}, std::move(outer)), eu);
}

} // namespace bulwark::detail
