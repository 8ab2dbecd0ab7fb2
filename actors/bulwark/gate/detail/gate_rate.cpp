#include <bulwark/gate/detail/gate_rate.hpp>

#include <algorithm>
#include <string>

namespace bulwark::detail {

namespace {

const std::string& no_tenant() {
  static const std::string none;
  return none;
}

int64_t ticks(time_point at) {
  return at.time_since_epoch().count();
}

/// Among what has no sender only what is one tenant's has an order.
uint64_t place_of(const element& what, const rate_turn& turn) {
  const auto& from = sender_of(what);
  return from ? reinterpret_cast<uintptr_t>(from.get())
              : tenant_shares::id_of(*turn.tenant);
}

} // namespace

bool gate_rate::take(passage& way, const entrance& by) {
  const auto& tenant = by.call != nullptr ? by.call->tenant : no_tenant();
  auto at = now();
  auto left =
    (by.flags & from_peer_bit) != 0 ? duration::zero() : by.deadline - at;
  auto verdict = bulkhead_->begin(tenant, std::max(left, duration::zero()));
  if (!verdict.granted)
    return false;
  way.turn.tenant = &tenant;
  if (verdict.wait > duration::zero())
    way.turn.at = at + verdict.wait;
  return true;
}

void gate_rate::give_back(const rate_turn& turn) noexcept {
  bulkhead_->give_turn_back(*turn.tenant);
}

bool gate_rate::early(const passage& way, const element& what,
                      call_priority priority) const {
  if (way.local_only)
    return false;
  if (way.turn.at > time_point::min() && way.turn.at > now())
    return true;
  return waiters_.waiting() > 0
         && waiters_.behind(place_of(what, way.turn), priority);
}

duration gate_rate::note(const passage& way, const element& what,
                         call_priority priority) {
  if (!way.early) {
    waiters_.note(way.id, *way.turn.tenant);
    return duration::zero();
  }
  auto turn = waiters_.wait(way.id, {place_of(what, way.turn), priority,
                                     *way.turn.tenant, way.turn.at});
  note_waiting();
  if (ticks(turn) < next_.load(std::memory_order_relaxed))
    next_.store(ticks(turn), std::memory_order_seq_cst);
  return std::max(turn - now(), duration::zero());
}

void gate_rate::pass(pending_id id) {
  waiters_.pass(id);
  note_waiting();
}

void gate_rate::begun(pending_id id) {
  if (waiters_.remove(id))
    note_waiting();
}

bool gate_rate::left(pending_id id) noexcept {
  auto known = waiters_.remove(id);
  if (!known)
    return false;
  note_waiting();
  bulkhead_->give_turn_back(known->tenant);
  return known->waited && waiters_.waiting() > 0;
}

bool gate_rate::look(time_point now) {
  auto next = waiters_.next_after(now).value_or(time_point::max());
  next_.store(ticks(next), std::memory_order_seq_cst);
  return waiters_.any_due(now);
}

void gate_rate::note_waiting() noexcept {
  waiting_.store(waiters_.waiting(), std::memory_order_release);
}

} // namespace bulwark::detail
