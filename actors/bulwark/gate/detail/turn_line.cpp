#include <bulwark/bulkhead/detail/tenant_shares.hpp>
#include <bulwark/gate/detail/turn_line.hpp>

#include <algorithm>
#include <utility>

namespace bulwark::detail {

namespace {

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

bool turn_line::early(const passage& way, const element& what,
                      call_priority priority, time_point now) const {
  if (way.local_only)
    return false;
  if (way.turn.at > time_point::min() && way.turn.at > now)
    return true;
  return waiters_.waiting() > 0
         && waiters_.behind(place_of(what, way.turn), priority);
}

duration turn_line::note(const passage& way, const element& what,
                         call_priority priority, time_point now) {
  if (!way.early) {
    waiters_.note(way.id, *way.turn.tenant);
    return duration::zero();
  }
  auto turn = stand(way.id, {place_of(what, way.turn), priority,
                             *way.turn.tenant, way.turn.at});
  return std::max(turn - now, duration::zero());
}

/// No sender's number is like this, and no two of them are.
void turn_line::back_off(pending_id id, const rate_turn& turn,
                         call_priority priority) {
  stand(id, {~id.value, priority, *turn.tenant, turn.at});
}

time_point turn_line::stand(pending_id id, rate_waiters::message what) {
  auto turn = waiters_.wait(id, std::move(what));
  note_waiting();
  if (ticks(turn) < next_.load(std::memory_order_relaxed))
    next_.store(ticks(turn), std::memory_order_seq_cst);
  return turn;
}

void turn_line::pass(pending_id id) {
  waiters_.pass(id);
  note_waiting();
}

void turn_line::begun(pending_id id) {
  if (waiters_.remove(id))
    note_waiting();
}

std::optional<rate_waiters::removed> turn_line::left(pending_id id) {
  auto known = waiters_.remove(id);
  if (known)
    note_waiting();
  return known;
}

bool turn_line::look(time_point now) {
  auto next = waiters_.next_after(now).value_or(time_point::max());
  next_.store(ticks(next), std::memory_order_seq_cst);
  return waiters_.any_due(now);
}

void turn_line::note_waiting() noexcept {
  waiting_.store(waiters_.waiting(), std::memory_order_release);
}

} // namespace bulwark::detail
