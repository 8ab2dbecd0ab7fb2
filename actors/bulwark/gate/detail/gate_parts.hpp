#pragma once

#include <bulwark/caf/detail/gate_clock.hpp>
#include <bulwark/gate/detail/balance_hints.hpp>
#include <bulwark/gate/detail/call_hedges.hpp>
#include <bulwark/gate/detail/call_retries.hpp>
#include <bulwark/gate/detail/dispatch.hpp>
#include <bulwark/gate/detail/fallbacks.hpp>
#include <bulwark/gate/detail/gate_pokes.hpp>
#include <bulwark/gate/detail/gate_reports.hpp>
#include <bulwark/gate/detail/protections.hpp>
#include <bulwark/gate/detail/replica_group.hpp>
#include <bulwark/gate/detail/request_table.hpp>
#include <bulwark/gate/detail/request_tally.hpp>
#include <bulwark/gate/detail/slot_bank.hpp>
#include <bulwark/gate/detail/waiting_line.hpp>
#include <bulwark/gate/gate_settings.hpp>

#include <caf/fwd.hpp>

#include <atomic>
#include <memory>
#include <string>

namespace bulwark::detail {

/// What a gate is made of: each part holds its own state. What is done with
/// them is in the classes that `gate_core` puts together.
///
/// Safe to call from any thread.
struct gate_parts {
  gate_parts(caf::actor_system& host, gate_settings settings);

  caf::strong_actor_ptr gate() const;

  /// Something is due by then. A gate that was not told sets no timer: so
  /// nobody relies on one.
  ///
  /// An entry is published while a door or the lock of the line is held, and
  /// this looks afterwards. A tick resets `next_due`, meets all the others at
  /// the doors and the lock, and looks at the entries then. Whoever came later
  /// sees the reset; whoever came earlier and has left is seen; for the sake of
  /// those who still held a door another tick follows soon.
  void arm(int64_t expires) noexcept {
    if (requests.due_by(expires) && !pokes.poke())
      requests.forget_due();
  }

  /// Protections may have something to tell. @pre no lock is held
  void tell() noexcept {
    auto due = protects.tell();
    if (group.tell() || due)
      pokes.poke();
  }

  /// A replica gets it. Returns when that attempt is over.
  /// @pre the entry is the caller's own
  int64_t went(pending_id id, pending_owner to) noexcept {
    if (ends_simply)
      return requests.deadline(id);
    protects.went(requests, id, to);
    if (hedges.armed())
      watch(id);
    return requests.attempt_limit() > duration::zero()
             ? requests.end_of_attempt(id, clock.now())
             : requests.deadline(id);
  }

  /// Whether a call may have more than one attempt, for which it pays.
  bool pays_extra() const noexcept { return retries.armed() || hedges.armed(); }

  /// With what is refused what comes in; 0: nothing is.
  errc refusal() const noexcept {
    return static_cast<errc>(refusing.load(std::memory_order_relaxed));
  }

  bool stopped() const noexcept {
    return refusing.load() == static_cast<uint8_t>(errc::stopped);
  }

  void watch(pending_id id) noexcept;

  // -- what is counted of this node's clients ---------------------------------

  /// One was let in. @pre the entry is the caller's own
  void count_begin(pending_id id) noexcept {
    if (tally && request_tally::samples(id))
      tally->began(id, clock.exact());
  }

  /// One got a value; or an error of that code, `errc{}`: the service's own.
  /// @pre the entry is the caller's own, and not a copy's
  void count_value(pending_id id) noexcept {
    if (counts(id))
      tally->answered();
  }
  void count_error(pending_id id, errc code) noexcept {
    if (counts(id))
      tally->failed(code);
  }

  /// One that got no entry was refused, or got another value in its place.
  void count_refused(errc code) noexcept {
    if (tally)
      tally->failed(code);
  }
  void count_replaced() noexcept {
    if (tally)
      tally->answered();
  }

  /// Whether an end counts; notes the time of those that are timed.
  bool counts(pending_id id) noexcept {
    if (!tally || requests.said(id).from_peer)
      return false;
    if (request_tally::samples(id))
      tally->took(id, clock.exact());
    return true;
  }

  caf::actor_system& sys;
  const gate_clock clock;
  const std::string name;
  const gate_options options;
  caf::weak_actor_ptr self;
  const caf::abstract_actor* stage = nullptr; // To compare with only.
  gate_pokes pokes;
  gate_reports reports;
  std::atomic<uint8_t> refusing{0};

  call_hedges hedges;
  call_retries retries;
  fallbacks instead;
  const std::unique_ptr<balance_hints> hints;
  replica_group group;
  protections protects;

  /// Nothing but permits looks at how attempts end.
  const bool ends_simply;
  const std::unique_ptr<request_tally> tally;
  request_table requests;
  slot_bank slots;
  dispatch out;
  waiting_line line;
};

} // namespace bulwark::detail
