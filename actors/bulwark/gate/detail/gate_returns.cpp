#include <bulwark/calls/envelope.hpp>
#include <bulwark/gate/detail/classify.hpp>
#include <bulwark/gate/detail/gate_core.hpp>

#include <caf/message_priority.hpp>

#include <algorithm>
#include <utility>

// A gate that closes gives back what other nodes' gates send it. Nobody has
// handled that, so they may send it to another node, whatever it is.

namespace bulwark::detail {

void gate_core::give_back(caf::mailbox_element& what, errc why,
                          caf::execution_unit* eu) {
  if (!what.mid.is_request() || !what.sender)
    return refuse(what, why, eu);
  auto content = what.content().move_if_unshared<envelope>(0);
  pass_answer(
    caf::make_mailbox_element(nullptr, what.mid, {}, std::move(content)),
    what.sender, what.mid, what.stages, self(), eu);
}

void gate_core::seek_again(pending_id id, const table::taken& won,
                           caf::mailbox_element& answer,
                           caf::execution_unit* eu) {
  auto hops = pending_.mark(id).fetch_add(1, std::memory_order_relaxed);
  auto what = hops < options_.hop_limit ? unpack(id, answer) : nullptr;
  if (what && wait_for_others(id, won.owner, std::move(what)))
    return look_after_waiting(eu);
  answer_taken(id, errc::draining, eu);
  release(id, won);
}

/// Returns the client's message as it was sent out, or null.
caf::mailbox_element_ptr gate_core::unpack(pending_id id,
                                           caf::mailbox_element& answer) {
  auto flags = pending_.payload(id).mid.is_request() ? 0 : plain_send_bit;
  if (pending_.beside(id).keyed)
    flags |= keyed_bit;
  auto seen = caf::make_message_id(answer.is_high_priority()
                                     ? caf::message_priority::high
                                     : caf::message_priority::normal);
  try {
    auto outer = answer.content().move_if_unshared<envelope>(0);
    if (outer.unread)
      return nullptr;
    auto result = caf::make_mailbox_element(std::move(outer.client),
                                            tracked_mid(id, seen, flags), {},
                                            std::move(outer.content));
    result->stages.reserve(1);
    return sort(*result) == arrival::client ? std::move(result) : nullptr;
  } catch (...) {
    return nullptr; // Out of memory.
  }
}

/// Returns whether it waits. @pre the entry is the caller's own
bool gate_core::wait_for_others(pending_id id, pending_owner from,
                                caf::mailbox_element_ptr what) {
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
  if (has_flag(what->mid, keyed_bit))
    keys_.back(id);
  stash_.come_back(std::move(what));
  pending_.publish(id, {}, pending_state::waiting, std::min(deadline, latest));
  return true;
}

} // namespace bulwark::detail
