#include <bulwark/gate/detail/gate_core.hpp>

#include <algorithm>
#include <memory>
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
void gate_core::arm(int64_t expires) noexcept {
  // A gate that was not told sets no timer: so nobody relies on one.
  if (due_by(expires) && !poke_gate())
    next_tick_.store(table::never, std::memory_order_seq_cst);
}

void gate_core::untimed(time_point due) noexcept {
  next_tick_.store(table::never, std::memory_order_seq_cst);
  arm(due.time_since_epoch().count());
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

void gate_core::tick(time_point at, run_context eu) {
  next_tick_.store(table::never, std::memory_order_seq_cst);
  auto limit = at.time_since_epoch().count();
  auto earliest = meet_all() ? limit + soon : table::never;
  bool purge = false;
  auto end = [&](pending_id id, const pending_word& word) {
    try {
      return expire(id, word, at, eu);
    } catch (...) {
      earliest = std::min(earliest, limit + soon);
      return false; // Out of memory: it is looked at again.
    }
  };
  pending_.for_each(
    [&](pending_id id, const pending_word& word, int64_t expires) {
      if (expires > limit) {
        earliest = std::min(earliest, expires);
      } else if (end(id, word)) {
        purge |= word.state == pending_state::waiting;
        if (word.state == pending_state::active
            || word.state == pending_state::abandoned)
          earliest = std::min(earliest, limit + options_.grace.count());
      }
    });
  if (purge)
    purge_stash();
  due_by(earliest);
}

/// Forgets what was answered while it waited.
void gate_core::purge_stash() {
  element_chain gone;
  std::lock_guard guard{lock_};
  gone = stash_.take_if([this](const element& what, bool) {
    return pending_.live(*tracked_id(what)) ? stash::choice::leave
                                            : stash::choice::take;
  });
}

void gate_core::note_control(uint8_t index, uint64_t incarnation,
                             std::shared_ptr<child_control> control) {
  std::lock_guard guard{lock_};
  slots_[index].control = control;
  slots_[index].control_of = incarnation;
}

std::shared_ptr<child_control> gate_core::control_of(uint8_t index) const {
  std::lock_guard guard{lock_};
  return slots_[index].control.lock();
}

/// Whether a replica may still be at a request that nobody waits for: it has
/// been in one handler since it was looked at last, or, twice, it was in
/// another one, behind which the request may have waited. CAF does not tell of
/// a promise that is dropped; so what else may be going on does not count.
///
/// The entry may be freed meanwhile; then this looks at another one's notes,
/// which are made anew before they are used.
bool gate_core::at_work_still(pending_id id, pending_owner owner,
                              time_point at) {
  constexpr uint8_t turns_max = 2;
  if (!slot_bank::is_local(owner))
    return false;
  auto& noted = notes_.of(id);
  auto now = at.time_since_epoch().count();
  if (now < noted.look_at.load(std::memory_order_relaxed))
    return true;
  auto pulse = pulse_of(owner);
  auto same = noted.pulse.exchange(pulse, std::memory_order_relaxed) == pulse;
  if (pulse % 2 == 0
      || (!same
          && noted.turns.fetch_add(1, std::memory_order_relaxed) >= turns_max))
    return false;
  noted.look_at.store(now + options_.grace.count(), std::memory_order_relaxed);
  return true;
}

/// Returns whether the entry was dealt with here.
bool gate_core::expire(pending_id id, const pending_word& word, time_point at,
                       run_context eu) {
  auto state = word.state;
  if (state == pending_state::active) {
    auto& noted = notes_.of(id);
    if (!pending_.answer_early(id))
      return false;
    if (adapts())
      learn(id, true);
    bool asked = is_request(pending_.payload(id).mid);
    answer_taken(id, errc::timed_out, eu);
    auto until = (at + options_.grace).time_since_epoch().count();
    noted.pulse.store(pulse_of(word.owner), std::memory_order_relaxed);
    noted.turns.store(0, std::memory_order_relaxed);
    noted.look_at.store(until, std::memory_order_relaxed);
    if (auto owner = pending_.finish_early(id, until))
      release(id, {table::outcome::late, *owner, false});
    else if (!asked)
      forget(id); // Nobody waits for a plain send, and its grace is over.
    return true;
  }
  if (state == pending_state::abandoned && at_work_still(id, word.owner, at))
    return true;
  auto deadline = pending_.payload(id).deadline.load(std::memory_order_relaxed);
  auto won = pending_.take(id);
  if (won.what == table::outcome::unanswered) {
    bool late = deadline <= at.time_since_epoch().count();
    answer_taken(id, late ? errc::timed_out : waited_for(id), eu);
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
