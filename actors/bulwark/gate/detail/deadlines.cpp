#include <bulwark/gate/detail/deadlines.hpp>

#include <algorithm>

namespace bulwark::detail {

namespace {

constexpr int64_t soon = duration{std::chrono::milliseconds{1}}.count();

int64_t ticks(time_point at) {
  return at.time_since_epoch().count();
}

} // namespace

void deadlines::untimed(time_point due) noexcept {
  of_.requests.forget_due();
  of_.arm(ticks(due));
}

/// See `gate_parts::arm`.
void deadlines::tick(time_point at, run_context eu) {
  of_.requests.forget_due();
  auto limit = ticks(at);
  auto earliest = of_.line.with_doors([](doors& all) { return all.meet_all(); })
                    ? limit + soon
                    : request_table::never;
  bool purge = false;
  auto end = [&](pending_id id, const pending_word& word) {
    try {
      return expire(id, word, at, eu);
    } catch (...) {
      earliest = std::min(earliest, limit + soon);
      return false; // Out of memory: it is looked at again.
    }
  };
  of_.requests.for_each(
    [&](pending_id id, const pending_word& word, int64_t expires) {
      if (expires > limit) {
        earliest = std::min(earliest, expires);
      } else if (end(id, word)) {
        purge |= word.state == pending_state::waiting;
        if (word.state == pending_state::active
            || word.state == pending_state::abandoned)
          earliest = std::min(earliest, limit + of_.options.grace.count());
      }
    });
  if (purge)
    of_.line.purge();
  of_.requests.due_by(earliest);
}

/// A longer grace would not do in its place: the permit of a handler that runs
/// on would go to somebody else, however long the grace (bulkheads.test.cpp).
/// To know costs a replica two stores per message.
bool deadlines::at_work_still(pending_id id, pending_owner owner,
                              time_point at) {
  return slot_bank::is_local(owner)
         && of_.requests.at_work_still(id, ticks(at), of_.options.grace, [&] {
              return controls_.progress_of(owner);
            });
}

/// Returns whether the entry was dealt with here.
bool deadlines::expire(pending_id id, const pending_word& word, time_point at,
                       run_context eu) {
  if (word.state == pending_state::active)
    return expire_active(id, word.owner, at, eu);
  if (word.state == pending_state::abandoned
      && at_work_still(id, word.owner, at))
    return true;
  auto late = of_.requests.deadline(id) <= ticks(at);
  auto won = of_.requests.take(id);
  if (won.what == pending_outcome::unanswered)
    ends_.answer(id, won, late ? errc::timed_out : of_.line.waited_for(id), eu);
  if (won.what != pending_outcome::nothing)
    ends_.release(id, won);
  return won.what != pending_outcome::nothing;
}

/// The client is answered, or its call goes on with another attempt; the work
/// goes on.
bool deadlines::expire_active(pending_id id, pending_owner owner, time_point at,
                              run_context eu) {
  // What can fail comes first.
  of_.requests.notes_of(id);
  if (!of_.requests.answer_early(id))
    return false;
  auto goes_on = of_.requests.deadline(id) > ticks(at)
                 && replies_.go_on_without(id, owner, eu);
  auto leaves = goes_on || of_.requests.asked(id);
  request_table::taken won{pending_outcome::unanswered, owner, false};
  if (!goes_on)
    ends_.answer(id, won, errc::timed_out, eu);
  auto until = ticks(at + of_.options.grace);
  of_.requests.note_overdue(id, controls_.progress_of(owner), until);
  if (auto back = of_.requests.finish_early(id, until))
    ends_.release(id, {pending_outcome::late, *back, false});
  else if (!leaves)
    ends_.forget(id); // Nobody waits for a plain send, and its grace is over.
  return true;
}

} // namespace bulwark::detail
