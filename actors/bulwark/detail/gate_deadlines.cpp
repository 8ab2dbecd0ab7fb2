#include <bulwark/detail/gate_core.hpp>

#include <algorithm>
#include <utility>

namespace bulwark::detail {

namespace {

constexpr int64_t soon = duration{std::chrono::milliseconds{1}}.count();

} // namespace

time_point gate_core::next_tick() const noexcept {
  return time_point{duration{next_tick_.load(std::memory_order_seq_cst)}};
}

/// An entry is published while a door or the lock is held, and this looks
/// afterwards. A tick resets `next_tick_`, meets all the others at the doors
/// and the lock, and looks at the entries then. Whoever came later sees the
/// reset; whoever came earlier and has left is seen; for the sake of those who
/// still held a door another tick follows soon.
void gate_core::arm(int64_t expires) {
  auto now_armed = next_tick_.load(std::memory_order_seq_cst);
  while (expires < now_armed)
    if (next_tick_.compare_exchange_weak(now_armed, expires,
                                         std::memory_order_seq_cst))
      return poke_gate();
}

bool gate_core::meet_all() {
  std::lock_guard guard{lock_};
  bool held = false;
  auto meet = [&](size_t first, size_t n) {
    for (auto i = first; i < first + n; ++i) {
      slots_[i].door.meet();
      held |= slots_[i].door.held();
    }
  };
  meet(0, slots_.replicas());
  meet(replicas_max, slots_.peers());
  return held;
}

std::optional<time_point> gate_core::tick(time_point at,
                                          caf::execution_unit* eu) {
  next_tick_.store(table::never, std::memory_order_seq_cst);
  auto limit = at.time_since_epoch().count();
  auto earliest = meet_all() ? limit + soon : table::never;
  bool purge = false;
  pending_.for_each(
    [&](pending_id id, const pending_word& word, int64_t expires) {
      if (expires > limit) {
        earliest = std::min(earliest, expires);
      } else if (expire(id, word.state, at, eu)) {
        purge |= word.state == pending_state::waiting;
        if (word.state == pending_state::active)
          earliest = std::min(earliest, limit + options_.grace.count());
      }
    });
  if (purge)
    purge_stash();
  auto armed = next_tick_.load(std::memory_order_seq_cst);
  while (earliest < armed
         && !next_tick_.compare_exchange_weak(armed, earliest,
                                              std::memory_order_seq_cst))
    ;
  auto next = std::min(earliest, armed);
  if (next == table::never)
    return std::nullopt;
  return time_point{duration{next}};
}

/// Forgets what was answered while it waited.
void gate_core::purge_stash() {
  element_chain gone;
  std::lock_guard guard{lock_};
  gone = stash_.take_if([this](const caf::mailbox_element& what) {
    return pending_.live(*tracked_id(what.mid)) ? stash::choice::leave
                                                : stash::choice::take;
  });
}

errc gate_core::waited_for(pending_id id) const {
  std::lock_guard guard{lock_};
  return permits_ && permits_->knows(id) ? errc::bulkhead_timeout
                                         : errc::stash_expired;
}

/// Returns whether the entry was dealt with here.
bool gate_core::expire(pending_id id, pending_state state, time_point at,
                       caf::execution_unit* eu) {
  if (state == pending_state::active) {
    if (!pending_.answer_early(id))
      return false;
    bool asked = pending_.payload(id).mid.is_request();
    answer_taken(id, error_for(errc::timed_out), eu);
    auto until = (at + options_.grace).time_since_epoch().count();
    if (auto owner = pending_.finish_early(id, until))
      release(id, {table::outcome::late, *owner, false});
    else if (!asked)
      forget(id); // Nobody waits for a plain send, and its grace is over.
    return true;
  }
  auto deadline = pending_.payload(id).deadline.load(std::memory_order_relaxed);
  auto won = pending_.take(id);
  if (won.what == table::outcome::unanswered) {
    bool late = deadline <= at.time_since_epoch().count();
    answer_taken(id, error_for(late ? errc::timed_out : waited_for(id)), eu);
  }
  if (won.what != table::outcome::nothing)
    release(id, won);
  return won.what != table::outcome::nothing;
}

std::optional<time_point> gate_core::deadline_of(pending_id id) noexcept {
  if (!pending_.live(id))
    return std::nullopt;
  auto deadline = pending_.payload(id).deadline.load(std::memory_order_acquire);
  // The entry may have been freed and reused while we looked.
  if (!pending_.live(id))
    return std::nullopt;
  return time_point{duration{deadline}};
}

} // namespace bulwark::detail
