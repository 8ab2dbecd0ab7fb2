#pragma once

#include <bulwark/caf/detail/element_chain.hpp>
#include <bulwark/caf/detail/gate_clock.hpp>
#include <bulwark/gate/detail/call_retries.hpp>
#include <bulwark/gate/detail/dispatch.hpp>
#include <bulwark/gate/detail/doors.hpp>
#include <bulwark/gate/detail/key_order.hpp>
#include <bulwark/gate/detail/permit_line.hpp>
#include <bulwark/gate/detail/protections.hpp>
#include <bulwark/gate/detail/replica_end.hpp>
#include <bulwark/gate/detail/request_table.hpp>
#include <bulwark/gate/detail/slot_bank.hpp>
#include <bulwark/gate/detail/stash.hpp>
#include <bulwark/gate/detail/turn_line.hpp>
#include <bulwark/gate/gate_options.hpp>
#include <bulwark/threads/detail/mutex.hpp>

#include <caf/fwd.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace bulwark::detail {

/// What waits at a gate, for what, and in which order: for a replica, for the
/// turn of its key, for a turn of a rate, for a permit. Since waiting and being
/// up exclude each other, the doors are opened and closed with its lock.
///
/// Invariant: while a local door is open nothing waits but for its key's order,
/// a turn or a permit, so that a message never overtakes an earlier one of its
/// sender.
///
/// Safe to call from any thread. One lock guards all; it is never held while
/// another actor is entered, and no other lock of a gate is taken with it.
class waiting_line {
public:
  /// The other parts of the gate, which outlive it.
  struct parts {
    caf::actor_system& sys;
    const gate_clock& clock;
    const gate_options& options;
    request_table& requests;
    slot_bank& slots;
    call_retries& retries;
    protections& protects;
    dispatch& out;
  };

  explicit waiting_line(const parts& others);

  /// Calls `f(doors&)` with the lock.
  template <class F>
  auto with_doors(F f) BULWARK_EXCLUDES(lock_) {
    lock_guard guard{lock_};
    return f(doors_);
  }

  // -- who comes (waiting_line.cpp) -------------------------------------------

  void join_key(pending_id id, const std::string& key) BULWARK_EXCLUDES(lock_);

  /// Whether others of its key that wait may go now.
  bool leave_key(pending_id id) noexcept BULWARK_EXCLUDES(lock_);

  /// Enters the door of a slot that a message with a key may go to.
  gate_slot* pick_keyed(pending_id id, bool local, bool others,
                        pending_owner& owner) BULWARK_EXCLUDES(lock_);

  /// Whether a message has to wait for its turn, or behind others that do.
  bool comes_early(const element& what, const passage& way)
    BULWARK_EXCLUDES(lock_);

  /// Lets a message wait, or says why not. Nothing, and `what` is still there:
  /// it may go at once.
  std::optional<errc> try_wait(element_ptr& what, passage& way, size_t bytes)
    BULWARK_EXCLUDES(lock_);

  // -- who goes (waiting_line_serve.cpp) --------------------------------------

  /// Fetches permits and turns that have come. False: no memory.
  bool fetch() BULWARK_EXCLUDES(lock_);

  /// What a slot gets of those that wait.
  struct share {
    element_chain going;

    /// Those for which there was no memory.
    element_chain failed;

    /// Nothing was left, or that incarnation gets nothing: the door is open,
    /// or stays as it is.
    bool done = false;
  };

  /// Takes what goes to a slot; if nothing does, opens its door.
  share take_for(uint8_t index, uint64_t incarnation) BULWARK_EXCLUDES(lock_);

  /// Takes what has its permit, for any replica.
  share take_permitted() BULWARK_EXCLUDES(lock_);

  /// One that was taken went, or could not.
  void confirm(routing_id mid, bool went) noexcept BULWARK_EXCLUDES(lock_);
  void went_with_permit(pending_id id) noexcept BULWARK_EXCLUDES(lock_);

  /// Its turn is used.
  void use_turn(pending_id id) BULWARK_EXCLUDES(lock_);

  /// What was taken could not go and waits again, in front. `tried`: has given
  /// its permit back. Returns whether somebody is up.
  bool give_back(element_chain what, std::optional<pending_id> tried = {})
    BULWARK_EXCLUDES(lock_);

  // -- who comes back (waiting_line_back.cpp) ---------------------------------

  /// Lets what an owner had not begun wait, and what is to be done again of
  /// what it had; `gone` gets the rest. Returns whether anything waits now.
  /// All in one, so that what arrives meanwhile comes behind.
  bool wait_again(replica_end& end, element_chain waiting, int64_t latest,
                  element_chain& gone) BULWARK_EXCLUDES(lock_);

  /// The same for one that another node has given back unhandled, and who
  /// drains. @pre the entry is the caller's own
  bool wait_for_others(pending_id id, pending_owner from, element_ptr what,
                       int64_t latest) BULWARK_EXCLUDES(lock_);

  /// The same for a call that is tried again when its turn comes. Nobody waits
  /// behind it but for its key's sake. `from`: who had it; nothing: it waited.
  /// False: the gate has stopped.
  bool wait_to_retry(pending_id id, std::optional<pending_owner> from,
                     element_ptr what, const rate_turn& turn)
    BULWARK_EXCLUDES(lock_);

  // -- who leaves (waiting_line_leave.cpp) ------------------------------------

  /// One that waited does not any more. Returns whether others may go now.
  bool left(pending_id id) noexcept BULWARK_EXCLUDES(lock_);

  /// Nobody may hope any more: returns those who have to be told so, and why.
  std::pair<element_chain, errc> take_hopeless() BULWARK_EXCLUDES(lock_);

  /// Gives back the permits that nobody could use.
  void return_unused() BULWARK_EXCLUDES(lock_);

  /// Returns those that the bulkhead turns away after all.
  std::vector<std::pair<uint64_t, errc>> take_refused() BULWARK_EXCLUDES(lock_);

  /// Does without the lock what was put off because it enters other actors.
  void perform_deferred() noexcept BULWARK_EXCLUDES(lock_);

  /// Forgets what was answered while it waited.
  void purge() BULWARK_EXCLUDES(lock_);

  /// What is answered to one that has waited too long.
  errc waited_for(pending_id id) const BULWARK_EXCLUDES(lock_);

  /// Nothing waits here from now on, and all doors are closed; returns what
  /// waits.
  element_chain end() BULWARK_EXCLUDES(lock_);

  /// How things stand.
  struct standing {
    size_t replicas = 0;
    size_t replicas_up = 0;
    size_t peers_up = 0;

    /// With those whose replicas are down.
    size_t peers_open = 0;
    size_t waiting = 0;

    /// Why what comes now would wait in vain, if it had to wait.
    std::optional<errc> hopeless;
  };

  standing stand() const BULWARK_EXCLUDES(lock_);

  // -- from any thread, without the lock --------------------------------------

  /// The first two: @pre there is a bulkhead
  bool any_lined() const noexcept { return lined_->any_lined(); }
  bool behind(call_priority priority) const noexcept {
    return lined_->behind(priority);
  }
  bool anyone_early() const noexcept { return early_.anyone_waits(); }
  time_point next_turn() const noexcept { return early_.next_turn(); }

private:
  /// What was looked at before, in the order in which it waits, and did not go:
  /// the keys that have to wait, and how many without a key.
  struct passed_over {
    std::set<uint64_t> keys;
    std::map<permit_line::group, size_t> others;
  };

  using choice = stash::choice;
  using numbered_elements = std::vector<std::pair<uint64_t, element_ptr>>;

  permit_request request_for(pending_id id) const noexcept {
    return permit_limit::request_of(id, requests_.said(id));
  }

  time_point now() const;

  bool way_open(const element& what, pending_id id, bool local_only) const
    BULWARK_REQUIRES(lock_);
  std::optional<errc> line_up(passage& way, bool& waits)
    BULWARK_REQUIRES(lock_);
  void leave_line(const passage& way) BULWARK_REQUIRES(lock_);
  duration take_place(element_ptr& what, const passage& way, size_t bytes,
                      call_priority rank, bool lined) BULWARK_REQUIRES(lock_);
  void take_back(pending_id id, pending_owner owner) BULWARK_REQUIRES(lock_);

  bool may_go(const element& what, uint8_t index) BULWARK_REQUIRES(lock_);
  bool may_go_with_permit(const element& what, uint8_t index,
                          permit_line::turn at) BULWARK_REQUIRES(lock_);
  bool may_go_in_order(const element& what, uint8_t index, bool came_back,
                       passed_over& before) BULWARK_REQUIRES(lock_);
  element_chain take_wanted(uint8_t index, element_chain& failed)
    BULWARK_REQUIRES(lock_);
  element_chain take_with_permit(uint8_t index, element_chain& failed)
    BULWARK_REQUIRES(lock_);
  element_chain take_lined(element_chain& failed) BULWARK_REQUIRES(lock_);
  void expire_within(pending_id id, duration wait) BULWARK_REQUIRES(lock_);

  void take_turns() BULWARK_REQUIRES(lock_);
  void let_pass(pending_id id, bool behind) BULWARK_REQUIRES(lock_);
  bool turn_ends(pending_id id, uint8_t index, time_point now)
    BULWARK_REQUIRES(lock_);

  element_chain reclaim(const replica_end& end, int64_t latest)
    BULWARK_REQUIRES(lock_);
  bool reclaim_one(pending_id id, const replica_end& end,
                   numbered_elements& found) BULWARK_REQUIRES(lock_);
  bool ask_again(pending_id id, const replica_end& end, bool to_blame)
    BULWARK_REQUIRES(lock_);
  void come_back(pending_id id, std::optional<pending_owner> from,
                 element_ptr what, int64_t latest) BULWARK_REQUIRES(lock_);
  bool rather_elsewhere(const element& what, uint8_t index) const
    BULWARK_REQUIRES(lock_);

  caf::actor_system& sys_;
  const gate_clock& clock_;
  const gate_options& options_;
  request_table& requests_;
  slot_bank& slots_;
  call_retries& retries_;
  protections& protects_;
  dispatch& out_;

  mutable mutex lock_;
  doors doors_ BULWARK_GUARDED_BY(lock_);
  stash stash_ BULWARK_GUARDED_BY(lock_);
  key_order keys_ BULWARK_GUARDED_BY(lock_);

  /// Null without a bulkhead.
  const std::unique_ptr<permit_line> permits_ BULWARK_PT_GUARDED_BY(lock_);
  turn_line turns_ BULWARK_GUARDED_BY(lock_);

  // The same, for what they say of themselves from any thread.
  const permit_line* const lined_;
  const turn_line& early_;
};

} // namespace bulwark::detail
