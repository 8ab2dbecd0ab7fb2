#include <bulwark/calls/envelope.hpp>
#include <bulwark/gate/detail/classify.hpp>
#include <bulwark/gate/detail/gate_core.hpp>

#include <algorithm>
#include <utility>

// A gate that closes gives back what other nodes' gates send it. Nobody has
// handled that, so they may send it to another node, whatever it is.

namespace bulwark::detail {

void gate_core::give_back(element& what, errc why, run_context eu) {
  if (!is_request(what) || !sender_of(what))
    return refuse(what, why, eu);
  auto content = content_of(what).move_if_unshared<envelope>(0);
  answer(what, self(), eu, std::move(content));
}

void gate_core::seek_again(pending_id id, const table::taken& won,
                           element& answer, run_context eu) {
  auto hops = pending_.mark(id).fetch_add(1, std::memory_order_relaxed);
  auto what = hops < options_.hop_limit ? unpack(id, answer) : nullptr;
  if (what && wait_for_others(id, won.owner, std::move(what)))
    return look_after_waiting(eu);
  answer_taken(id, errc::draining, eu);
  release(id, won);
}

/// Returns the client's message as it was sent out, or null.
element_ptr gate_core::unpack(pending_id id, element& answer) {
  auto flags = is_request(pending_.payload(id).mid) ? 0 : plain_send_bit;
  if (pending_.beside(id).keyed)
    flags |= keyed_bit;
  auto seen = plain_id(is_urgent(answer));
  try {
    auto outer = content_of(answer).move_if_unshared<envelope>(0);
    if (outer.unread)
      return nullptr;
    auto result =
      make_element(std::move(outer.client), tracked_mid(id, seen, flags),
                   std::move(outer.content));
    reserve_hop(*result);
    return sort(*result) == arrival::client ? std::move(result) : nullptr;
  } catch (...) {
    return nullptr; // Out of memory.
  }
}

/// Returns whether it waits. @pre the entry is the caller's own
bool gate_core::wait_for_others(pending_id id, pending_owner from,
                                element_ptr what) {
  auto latest = (clock_.now() + options_.stash_wait).time_since_epoch().count();
  auto deadline = pending_.payload(id).deadline.load(std::memory_order_relaxed);
  std::lock_guard guard{lock_};
  if (refusing_.load() == static_cast<uint8_t>(errc::stopped))
    return false;
  auto& it = slots_[from.slot];
  if (static_cast<uint16_t>(it.incarnation) == from.incarnation
      && !it.closed_for(it.incarnation))
    close_drained(it);
  set_out(*what, true);
  // The entry has its handle of the gate from the first time.
  handles_.adopt_gate();
  it.door.work_back();
  if (has_flag(*what, keyed_bit))
    keys_.back(id);
  stash_.come_back(std::move(what));
  pending_.publish(id, {}, pending_state::waiting, std::min(deadline, latest));
  return true;
}

} // namespace bulwark::detail
