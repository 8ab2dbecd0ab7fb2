#pragma once

#include <bulwark/calls/envelope.hpp>
#include <bulwark/gate/detail/gate_state.hpp>
#include <bulwark/gate/gate_status.hpp>

#include <caf/fwd.hpp>

#include <memory>
#include <optional>
#include <string>

namespace bulwark::detail {

/// What a gate, its return path and its replicas share: the slots, the
/// pending table and what waits. Held by shared pointers, because a replica
/// may be cleaned up after its gate is gone.
///
/// Invariant: while a local slot is open nothing waits but for its key's order,
/// a turn of its rate or a permit, so that a message never overtakes an earlier
/// one of its sender. Only the gate's own handlers open slots. The lock is
/// never held while another actor is entered.
///
/// Safe to call from any thread, except where a function says otherwise.
class gate_core : gate_state {
public:
  static constexpr size_t replicas_max = slot_bank::replicas_max;
  static constexpr size_t slots_max = slot_bank::all_max;

  gate_core(caf::actor_system& sys, gate_settings settings);

  // -- entering (gate_admission.cpp) ------------------------------------------

  /// Lets a client's message in, makes it wait, or answers why not. When it
  /// throws, `what` is still to be refused. `call`: what the client said about
  /// it; null: nothing.
  void admit(element_ptr& what, run_context eu,
             const caf::strong_actor_ptr& stage,
             const call_options* call = nullptr);

  /// The same for a message behind its `call_options`.
  void admit_call(element_ptr& what, run_context eu,
                  const caf::strong_actor_ptr& stage);

  /// Lets in what another node's gate sent.
  void admit_envelope(element_ptr& what, run_context eu,
                      const caf::strong_actor_ptr& stage);

  // -- leaving (gate_answers.cpp) ---------------------------------------------

  /// Passes a reply to the client, unless the client has its answer already.
  void complete(element_ptr what, run_context eu);

  /// Answers a client that is not tracked, or what gates do not let in.
  void refuse(element& what, errc code, run_context eu) noexcept;
  void refuse_kind(element& what, run_context eu);

  // -- replicas that die (gate_deaths.cpp) ------------------------------------

  /// Closes the slot and waits until nobody is on the way to the replica.
  void begin_death(uint8_t index, uint64_t incarnation);

  /// Takes over what waits in a replica's mailbox, and what is to be tried
  /// again of what it had taken up; returns how many other requests that were.
  size_t hand_back(replica_end& end, element_chain waiting, run_context eu);

  bool owes_answers(uint8_t index, uint64_t incarnation);

  /// Answers all requests that the dead incarnation had taken up.
  void finish_death(const replica_end& end, const caf::error& reason,
                    run_context eu);

  /// Answers a request with an error and ends it, if `only` has it still.
  void fail(pending_id id, std::optional<pending_owner> only, gate_reason why,
            run_context eu) noexcept;

  // -- what clients may expect (gate_slots.cpp) -------------------------------

  /// That slots are going to be used; what may come of a closed one, or of all
  /// replicas; that others may offer the service, until `peers_told` as often.
  void declare_replicas(size_t first, size_t count);
  void expect(uint8_t index, expected_state view);
  void expect(expected_state of_all_replicas);
  void expect_peers();
  void offered_nowhere(std::string nearest);

  /// Answers those who wait in vain now.
  void answer_hopeless(run_context eu);

  // -- for the gate's own handlers only (gate_slots.cpp) ----------------------

  void open_slot(uint8_t index, uint64_t incarnation,
                 caf::strong_actor_ptr handle, run_context eu,
                 const caf::strong_actor_ptr& stage);

  /// Says where an incarnation that is about to start notes what it is at;
  /// returns where the newest one does.
  void note_control(uint8_t index, uint64_t incarnation,
                    std::shared_ptr<child_control> control);
  std::shared_ptr<child_control> control_of(uint8_t index) const;

  /// Forwards nothing more to a replica that is to end, or, and answers for
  /// it, to one that is stuck in a handler.
  void close_slot(uint8_t index, uint64_t incarnation);
  void abandon(const gate_replica& which, run_context eu);

  void open_peer(const std::string& node, caf::strong_actor_ptr handle,
                 run_context eu, const caf::strong_actor_ptr& stage);
  void close_peer(const std::string& node, run_context eu);
  void peers_told(run_context eu);

  /// Another node takes nothing new; returns when nothing is on the way to it.
  /// For any thread.
  void drain_peer(const std::string& node);

  /// Before it does what it was poked for.
  void poked() noexcept { pokes_.told(); }

  /// Hands what waits to a slot that is open.
  void serve_waiting(run_context eu, const caf::strong_actor_ptr& stage);

  /// Refuses everything from now on and answers all that is still open.
  void stop(run_context eu);

  // -- deadlines (gate_deadlines.cpp) -----------------------------------------

  /// For the gate only: answers what is due.
  void tick(time_point now, run_context eu);

  /// When the earliest deadline is due, or the next turn by the bulkhead's rate
  /// comes, as far as known.
  time_point next_tick() const noexcept;
  time_point next_turn() const noexcept;

  /// For the gate only: no timer could be set for what is due by then.
  void untimed(time_point due) noexcept;

  /// Returns the deadline of a request in flight.
  std::optional<time_point> deadline_of(pending_id id) noexcept;

  // -- the rest ---------------------------------------------------------------

  /// New requests are refused from now on, those made by services that still
  /// work on old ones are not.
  void drain() noexcept;

  gate_status status() const;

  // For tests: how many requests are on the books.
  size_t on_the_books();

  /// Whether `what` is a request that came through this gate, not through
  /// another one whose entry may have the same name.
  bool tracks(const element& what) const;

  const std::string& name() const noexcept { return name_; }

  /// @pre called once, before anybody knows the gate
  void set_handles(caf::weak_actor_ptr self, caf::weak_actor_ptr stage);

  /// Counts a message that gates never let in; reports that once a second.
  void note_refused(const char* what) noexcept;

private:
  void readmit(pending_id id, element_ptr what, run_context eu,
               const caf::strong_actor_ptr& stage);
  void enter(element_ptr what, entrance by, run_context eu,
             const caf::strong_actor_ptr& stage);

  void note_entrance(pending_id id, element& what, entrance& by);
  void seek_way(pending_id id, element_ptr what, const entrance& by,
                passage& way, run_context eu,
                const caf::strong_actor_ptr& stage) noexcept;

  opening enter_somewhere(const element& what, passage& way);
  lane try_forward(element_ptr& what, passage& way, run_context eu,
                   const caf::strong_actor_ptr& stage);
  void wait_or_refuse(element_ptr what, passage& way, run_context eu,
                      const caf::strong_actor_ptr& stage) noexcept;
  void give_up(const passage& way, gate_reason why, run_context eu) noexcept;
  std::optional<errc> try_wait(element_ptr& what, passage& way, size_t bytes);
  duration take_place(element_ptr& what, const passage& way, size_t bytes,
                      call_priority rank, bool lined);

  bool set_off(const opening& at, element_ptr& what, const passage& way,
               int64_t expires, const caf::strong_actor_ptr& stage);

  // -- what peers give back unhandled (gate_returns.cpp) ----------------------

  void give_back(element& what, errc why, run_context eu);
  void seek_again(pending_id id, const table::taken& won, element& answer,
                  run_context eu);
  element_ptr unpack(pending_id id, element& answer);
  bool wait_for_others(pending_id id, pending_owner from, element_ptr what);

  // -- what is needed once more (gate_kept.cpp) -------------------------------

  std::optional<caf::error> try_keep(pending_id id, element_ptr& what,
                                     const entrance& by);
  void keep(pending_id id, element_ptr& what, const entrance& by);

  /// Whether its owner runs in this thread and crashes on it, and it is to be
  /// tried again. @pre the entry is the caller's own, and something is kept
  bool crash_is_repeated(pending_id id, pending_owner owner);

  /// Takes from a dead owner what it had taken up and may be tried again, in
  /// the order in which it came. @pre the lock is held
  element_chain reclaim(const replica_end& end, int64_t latest);
  element_ptr again(pending_id id);

  void repeat(replica_end& end, run_context eu);

  /// Empties what is beside an entry that is about to be freed.
  std::unique_ptr<kept_request> take_kept(pending_id id) noexcept;
  void to_dead_letter(pending_id id, gate_reason why) noexcept;

  // -- the bulkhead (gate_bulkhead.cpp) ---------------------------------------

  opening enter_with_permit(const element& what, passage& way);

  // The lock is held. `line_up`: nothing and not `waits`: try again.
  std::optional<errc> line_up(passage& way, bool& waits);
  bool may_go_with_permit(const element& what, uint8_t index,
                          gate_permits::turn at);
  bool may_go_in_order(const element& what, uint8_t index, bool came_back,
                       passed_over& before);
  // `failed`: gets those for which there was no memory.
  element_chain take_wanted(uint8_t index, element_chain& failed);
  element_chain take_lined(element_chain& failed);

  void leave_line(const passage& way);

  void look_for_idle() noexcept;
  void serve_idle() noexcept;

  void expire_within(pending_id id, duration wait);
  void fetch_permits();
  void serve_with_permits(run_context eu, const caf::strong_actor_ptr& stage);
  void serve_lined(run_context eu, const caf::strong_actor_ptr& stage);
  void pay_debts() noexcept;
  void answer_refused(run_context eu);

  // -- turns by the bulkhead's rate (gate_turns.cpp); @pre `rate_` ------------

  bool comes_early(const element& what, const passage& way);
  void turn_used(pending_id id);
  // The lock is held.
  void take_turns();
  void let_pass(pending_id id, bool behind);
  bool turn_ends(pending_id id, uint8_t index, time_point now);

  // -- keys (gate_keys.cpp) ---------------------------------------------------

  /// What `may_go` has bound is gone; `went`: with its permit.
  void settle(routing_id mid, bool went) noexcept;

  void fill_slot(gate_slot& to, uint8_t index, uint64_t incarnation,
                 run_context eu, const caf::strong_actor_ptr& stage);
  void hand_over(gate_slot& to, pending_owner owner, element_ptr what,
                 run_context eu, const caf::strong_actor_ptr& stage);
  void stay(element_chain what);
  void answer_waiting(element_chain waiting, errc code,
                      run_context eu) noexcept;
  /// Lets what an owner had not begun wait, and what is to be done again of
  /// what it had; `gone` gets the rest. Returns whether anything waits now.
  bool wait_again(replica_end& end, element_chain waiting, int64_t latest,
                  element_chain& gone);
  void look_after_waiting(run_context eu);

  void sweep(const replica_end& end, gate_reason to_blamed,
             gate_reason to_others, run_context eu) noexcept;
  void release(pending_id id, const table::taken& won) noexcept;
  void release_with_permit(pending_id id, const table::taken& won) noexcept;

  /// Frees an entry whose client has its answer, or gets it now.
  void forget(pending_id id);

  void answer_taken(pending_id id, gate_reason why, run_context eu) noexcept;
  void answer_unpublished(pending_id id, gate_reason why,
                          run_context eu) noexcept;
  bool expire(pending_id id, const pending_word& word, time_point at,
              run_context eu);
  void arm(int64_t expires) noexcept;
  void purge_stash();
  bool at_work_still(pending_id id, pending_owner owner, time_point at);
  bool meet_all();
};

} // namespace bulwark::detail
