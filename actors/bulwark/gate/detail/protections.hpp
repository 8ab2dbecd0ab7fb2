#pragma once

#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/caf/detail/gate_clock.hpp>
#include <bulwark/gate/detail/outcome_watch.hpp>
#include <bulwark/gate/detail/permit_limit.hpp>
#include <bulwark/gate/detail/rate_limit.hpp>
#include <bulwark/gate/detail/request_table.hpp>
#include <bulwark/gate/protection.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// What an attempt has to pass, in this order: the gate's own protections, the
/// rate of its bulkhead, a permit of it; and what learns how long the work
/// took: the adaptive limit, and who chooses among replicas.
///
/// Each is asked whether an attempt may go, told that it went, and told how it
/// ended. Those of the bulkhead are there or not, and asked without a virtual
/// call; the others stand in a fixed array.
///
/// Safe to call from any thread.
class protections {
public:
  static constexpr size_t own_max = 8;

  /// @throws std::invalid_argument if there are more than `own_max`, or the
  /// bulkhead has too many consumers
  protections(const gate_clock& clock,
              const std::vector<std::shared_ptr<protection>>& own,
              const bulwark::bulkhead& bulkhead, const std::string& service,
              bool retries = false, const outcome_watch& watch = {});

  /// Null: there is no such limit.
  permit_limit* permits() const noexcept { return permits_.get(); }
  rate_limit* rate() const noexcept { return rate_.get(); }

  const bulkhead_core* bulkhead() const noexcept {
    return permits_ ? &permits_->bulkhead() : nullptr;
  }

  /// How many the gate has of its own.
  size_t own() const noexcept { return own_count_; }

  /// Whether an attempt may be told to go later.
  bool delays() const noexcept { return rate_ || own_count_ > 0 || retries_; }

  // -- may it go --------------------------------------------------------------

  /// Asks all that are asked before an attempt waits for anything: the own ones
  /// and the rate. Notes in `turn` when it may go. Nothing: it may; otherwise
  /// none of them has anything of it.
  std::optional<permission> ask(request_table& requests, pending_id id,
                                const entrance& by, time_point now,
                                rate_turn& turn);

  /// The same for a further attempt of a call: asks the own ones; and, where it
  /// may have to wait, `turn`, the rate.
  bool ask_again(request_table& requests, pending_id id, time_point now,
                 rate_turn* turn = nullptr);

  /// Lets the own ones tell what they must not with a lock. Returns whether
  /// `tick` is due. @pre the lock of the line is not held
  bool tell() noexcept {
    bool due = false;
    for (size_t i = 0; i < own_count_; ++i)
      due |= own_[i]->tell();
    if (due)
      tick_at_.store(0, std::memory_order_seq_cst);
    return due;
  }

  /// Does what is due by time alone, and returns when something is next. For
  /// the gate only, which asks after each command.
  time_point tick(time_point now) noexcept;

  /// It never went: gives back the turn that it took, if it did.
  void give_back(const rate_turn& turn) noexcept {
    if (rate_ && turn.tenant != nullptr)
      rate_->give_back(*turn.tenant);
  }

  // -- it went, it ended ------------------------------------------------------

  /// A replica gets it.
  void went(request_table& requests, pending_id id, pending_owner to) noexcept {
    auto own = requests.said(id).watched;
    if (own || (learns_ && slot_bank::is_local(to)))
      went_watched(requests, id, own);
  }

  /// Another replica of this node gets it, which takes a permit for it.
  void moved(request_table& requests, pending_id id) noexcept {
    if (learns_)
      requests.note_start(id, now());
  }

  /// Whether any may want to know how attempts end.
  bool learns() const noexcept { return own_count_ > 0 || learns_; }

  /// Whether any wants to know how it ends.
  bool learn_from(request_table& requests, pending_id id) const noexcept {
    return requests.said(id).watched || learns_;
  }

  /// How it ended, told once. @pre the entry is the caller's own
  /// `busy`: for how long the service asks to be left alone.
  void ended(request_table& requests, pending_id id, pending_owner owner,
             attempt_outcome how, errc code,
             duration busy = duration::zero()) noexcept {
    if (learn_from(requests, id))
      ended_watched(requests, id, owner, how, code, busy);
  }

private:
  std::optional<permission> ask_own(const call_attempt& what, rate_turn& turn);
  void end_own(size_t count, pending_id id, const attempt_end& how) noexcept;
  void went_watched(request_table& requests, pending_id id, bool own) noexcept;
  void ended_watched(request_table& requests, pending_id id,
                     pending_owner owner, attempt_outcome how, errc code,
                     duration busy) noexcept;
  void learn(duration took, bool dropped) noexcept;

  /// What learns from each single attempt gets exact times. The mean of many is
  /// right by the coarse clock, too, and nothing else is made of the others.
  time_point now() const noexcept {
    return exact_ ? clock_.exact() : clock_.now();
  }

  const gate_clock& clock_;
  std::array<std::shared_ptr<protection>, own_max> own_;
  size_t own_count_ = 0;
  std::unique_ptr<rate_limit> rate_;
  std::unique_ptr<permit_limit> permits_;
  bool adapts_ = false;

  /// Who is told of all that replicas did.
  const outcome_watch watch_;

  /// Whether how long work takes is of interest beside the own ones.
  bool learns_ = false;
  const bool retries_;

  /// Whether each single time is of interest.
  bool exact_ = false;

  /// When something is due by time alone, in ticks.
  std::atomic<int64_t> tick_at_{std::numeric_limits<int64_t>::max()};
};

} // namespace bulwark::detail
