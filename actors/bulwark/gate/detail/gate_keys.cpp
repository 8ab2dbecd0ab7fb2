#include <bulwark/gate/detail/gate_core.hpp>

namespace bulwark::detail {

gate_slot* gate_state::pick_keyed(pending_id id, bool local, bool others,
                                  pending_owner& owner) {
  std::lock_guard guard{lock_};
  auto place = keys_.place_of(id);
  if (place.behind_others)
    return nullptr;
  if (place.slot && !(slot_bank::is_local({*place.slot, 0}) ? local : others))
    return nullptr;
  auto* to = place.slot ? slots_.enter(*place.slot, owner)
                        : slots_.pick(local, others, owner);
  if (to != nullptr)
    keys_.send_out(id, owner.slot);
  return to;
}

bool gate_state::lane_open(const element& what, pending_id id,
                           bool local_only) const {
  if (has_flag(what, keyed_bit)) {
    auto place = keys_.place_of(id);
    if (place.behind_others)
      return false;
    if (place.slot)
      return slots_[*place.slot].door.is_open();
  }
  return open_replicas_ > 0 || (!local_only && open_peers_ > 0);
}

bool gate_state::may_go(const element& what, uint8_t index) {
  // What a peer sent never travels on.
  if (!slot_bank::is_local({index, 0}) && has_flag(what, from_peer_bit))
    return false;
  return !has_flag(what, keyed_bit) || keys_.go(*tracked_id(what), index);
}

void gate_state::join_key(pending_id id, const std::string& key) {
  pending_.beside(id).keyed = true;
  std::lock_guard guard{lock_};
  keys_.arrive(id, key_order::hash(key));
}

void gate_core::settle(routing_id mid, bool went) noexcept {
  auto keyed = has_flag(mid, keyed_bit);
  if (!keyed && !permits_)
    return;
  auto id = *tracked_id(mid);
  std::lock_guard guard{lock_};
  if (keyed)
    keys_.gone(id);
  if (permits_ && went)
    permits_->gone(id);
  else if (permits_)
    permits_->could_not_go(id);
}

void gate_state::leave_key(pending_id id) noexcept {
  bool others_may_go = false;
  {
    std::lock_guard guard{lock_};
    others_may_go = keys_.left(id);
  }
  if (others_may_go)
    poke_gate();
}

} // namespace bulwark::detail
