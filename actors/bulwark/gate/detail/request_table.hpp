#pragma once

#include <bulwark/caf/content_type.hpp>
#include <bulwark/gate/detail/attempt_notes.hpp>
#include <bulwark/gate/detail/call_record.hpp>
#include <bulwark/gate/detail/passage.hpp>
#include <bulwark/gate/detail/pending_table.hpp>
#include <bulwark/gate/gate_options.hpp>
#include <bulwark/time/time.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace bulwark::detail {

/// What is kept of requests, whatever their clients say.
struct kept_wishes {
  /// What they are about, in bytes that compare.
  bool keys = false;

  /// The messages themselves.
  bool messages = false;
};

/// All calls that a gate has let in, and the attempts to have them handled.
///
/// A call is who asked, until when, and what is kept of the message
/// (`call_of`, `said`); an attempt is which replica has it, since when, and who
/// won it (the word of the entry, and `notes`). One entry holds a call and its
/// one attempt. Whoever asks for a call by the name of an attempt goes through
/// `call_of`.
///
/// Safe to call from any thread; what is kept of a call, by who owns the entry.
class request_table : public pending_table<call_record, call_notes> {
public:
  /// `idempotent`: messages that begin with one of these may be tried again.
  /// `letters`: a plain send that is given up is kept.
  /// `wishes`: what else is kept of the requests of this node.
  /// `attempt_limit`: how long an attempt may take of what may be tried again
  /// and is of this node; 0: as long as its call.
  request_table(std::vector<content_type> idempotent, bool letters,
                kept_wishes wishes = {},
                duration attempt_limit = duration::zero())
    : idempotent_(std::move(idempotent)),
      letters_(letters),
      wishes_(wishes),
      attempt_limit_(attempt_limit.count()) {}

  // -- calls ------------------------------------------------------------------

  call_record& call_of(pending_id attempt) noexcept { return payload(attempt); }
  call_notes& said(pending_id attempt) noexcept { return beside(attempt); }

  /// Notes whom the answer goes to, and gives `what` the tracked id under which
  /// a replica sees it, or throws and notes nothing.
  void note(pending_id id, element& what, entrance& by);

  /// Whether a client's call wants an answer.
  bool asked(pending_id id) noexcept { return is_request(call_of(id).mid); }

  /// In ticks. @pre the entry is the caller's own, or it bears another's
  int64_t deadline(pending_id id) noexcept {
    return call_of(id).deadline.load(std::memory_order_relaxed);
  }

  /// Returns until when work on a call in flight is of use: its deadline, or
  /// the limit of its attempt.
  std::optional<time_point> deadline_of(pending_id id) noexcept;

  /// Gives a call the entry `to`, which is the caller's own and empty. `from`
  /// bears from now on what is left of the attempt: nobody waits for it, and
  /// nothing is to be begun for its sake. @pre the caller answers `from` early
  void move_call(pending_id from, pending_id to, time_point now) noexcept;

  // -- what is needed once more (request_table_kept.cpp) ----------------------

  /// Whether anything of that message may be needed once more.
  bool may_keep(const entrance& by) const noexcept {
    return by.call != nullptr || by.flags == plain_send_bit
           || !idempotent_.empty() || wishes_.keys || wishes_.messages;
  }

  /// Keeps what is needed: makes the content a shared message, once; handing
  /// it out again costs a reference.
  void keep(pending_id id, element_ptr& what, const entrance& by);

  /// Empties what is kept of an entry that is about to be freed.
  std::unique_ptr<kept_request> take_kept(pending_id id) noexcept;

  bool any_repeatable() const noexcept { return repeatable_.load() > 0; }

  /// Whether it is to be tried again after one more end; see `death_count`.
  bool repeats(pending_id id, bool to_blame, const gate_options& limits);

  /// Makes the message that was kept once more, with a place for one hop.
  element_ptr again(pending_id id);

  // -- attempts ---------------------------------------------------------------

  /// How many that owner has that are not answered.
  size_t count_of(pending_owner owner);

  /// Nothing where the owner has more than one, or none.
  std::optional<pending_id> only_one_of(pending_owner owner);

  attempt_note& notes_of(pending_id id) { return notes_.of(id); }

  /// When an attempt is over that begins now. @pre the entry is the caller's
  /// own, or it bears another's
  int64_t end_of_attempt(pending_id id, time_point now) noexcept {
    if (attempt_limit() == duration::zero())
      return deadline(id);
    const auto* kept = said(id).kept.get();
    if (kept == nullptr || kept->attempt_limit == duration::zero())
      return deadline(id);
    auto end = now + kept->attempt_limit;
    return std::min(deadline(id), end.time_since_epoch().count());
  }

  /// 0: there is none.
  duration attempt_limit() const noexcept {
    return duration{attempt_limit_.load(std::memory_order_relaxed)};
  }

  /// Of calls that are let in from now on.
  void limit_attempts(duration limit) noexcept {
    attempt_limit_.store(limit.count(), std::memory_order_relaxed);
  }

  /// A replica gets it. Without memory nothing is learnt of this one.
  void note_start(pending_id id, time_point now) noexcept;

  /// When that was; nothing: not noted.
  std::optional<time_point> start_of(pending_id id) noexcept;

  /// It is a later attempt of its call, or comes of one: what its handler calls
  /// is not tried again.
  void note_later(pending_id id);

  /// It was with that owner, and is to be tried again.
  void note_tried(pending_id id, pending_owner owner);

  /// What is noted of a call's attempts goes with it to another entry.
  void note_moved(pending_id from, pending_id to);

  /// The entry may be reused meanwhile: then it says no, or nobody cares.
  bool is_later(pending_id id) noexcept;

  /// It is the copy of another call's attempt, see `hedged_call`.
  void note_copy(pending_id id);
  bool is_copy(pending_id id) noexcept;

  /// Whether it was tried at all, and whether at that slot, and is to be again.
  bool tried_anywhere(pending_id id) noexcept;
  bool tried(pending_id id, size_t slot) noexcept;

  /// Answered early: it is looked at again at `until`.
  void note_overdue(pending_id id, uint32_t progress_counter, int64_t until);

  /// Whether a replica may still be at an attempt that nobody waits for: it has
  /// been in one handler since it was looked at last, or, twice, it was in
  /// another one, behind which the request may have waited. CAF does not tell
  /// of a promise that is dropped; so what else may be going on does not count.
  ///
  /// The entry may be freed meanwhile; then this looks at another one's notes,
  /// which are made anew before they are used.
  template <class Progress>
  bool at_work_still(pending_id id, int64_t now, duration grace,
                     Progress progress_counter) {
    auto& noted = notes_.of(id);
    if (now < noted.look_at.load(std::memory_order_relaxed))
      return true;
    return works(noted, now, grace, progress_counter());
  }

  // -- when something is due --------------------------------------------------

  /// Notes that something is due by then. Returns whether nothing was before.
  bool due_by(int64_t expires) noexcept {
    auto armed = next_due_.load(std::memory_order_seq_cst);
    while (expires < armed)
      if (next_due_.compare_exchange_weak(armed, expires,
                                          std::memory_order_seq_cst))
        return true;
    return false;
  }

  int64_t next_due() const noexcept {
    return next_due_.load(std::memory_order_seq_cst);
  }

  void forget_due() noexcept {
    next_due_.store(never, std::memory_order_seq_cst);
  }

private:
  static bool works(attempt_note& noted, int64_t now, duration grace,
                    uint32_t progress_counter) noexcept;

  const std::vector<content_type> idempotent_;
  const bool letters_;
  const kept_wishes wishes_;
  std::atomic<duration::rep> attempt_limit_;
  attempt_notes notes_;
  std::atomic<int64_t> next_due_{never};
  std::atomic<uint64_t> kept_number_{0};

  /// How many entries may be tried again, so that deaths need not look.
  std::atomic<size_t> repeatable_{0};

  /// Whether any ever was a later one, so that most gates need not look.
  std::atomic<bool> any_later_{false};
  std::atomic<bool> any_copy_{false};
};

} // namespace bulwark::detail
