#pragma once

#include <bulwark/gate/detail/endings.hpp>
#include <bulwark/gate/detail/gate_parts.hpp>
#include <bulwark/gate/detail/replica_controls.hpp>
#include <bulwark/gate/detail/serving.hpp>

#include <memory>

namespace bulwark::detail {

/// What becomes of the replies of replicas and other nodes' gates.
///
/// Safe to call from any thread.
class completion {
public:
  completion(gate_parts& of, endings& ends, serving& serve,
             const replica_controls& controls)
    : of_(of), ends_(ends), serve_(serve), controls_(controls) {}

  /// Passes a reply to the client, unless the client has its answer already.
  void complete(element_ptr what, run_context eu);

  /// Goes on with a call whose attempt takes longer than it may: the work on
  /// that goes on under its name, and is to be left by the caller. False: it is
  /// to be answered. @pre `answer_early` has won the entry. For the gate's own
  /// handlers only.
  bool go_on_without(pending_id id, pending_owner owner,
                     run_context eu) noexcept;

  /// Goes on with calls whose copies have failed. For the gate's own handlers
  /// only.
  void take_up_failed(run_context eu);

private:
  /// Who had an attempt, and whether it has still what it had of it.
  struct last_owner {
    pending_owner owner;
    bool holds = true;
  };

  void finish(pending_id id, const request_table::taken& won, element_ptr what,
              run_context eu);
  void answer(pending_id id, const request_table::taken& won, element_ptr what,
              run_context eu);
  void note_error(pending_id id, bool asked, const caf::error& why);
  void drop_late(pending_id id, const request_table::taken& won, element& what,
                 run_context eu);
  bool crash_is_repeated(pending_id id, pending_owner owner);
  void tell_protections(pending_id id, pending_owner owner,
                        const element& what) noexcept;
  bool try_again(pending_id id, const last_owner& from, const caf::error& why,
                 run_context eu) noexcept;
  void tell_attempts(pending_id id, element_ptr& answer) noexcept;
  bool round_off(pending_id id, element_ptr& answer) noexcept;
  void seek_again(pending_id id, const request_table::taken& won,
                  element& answer, run_context eu);
  element_ptr unpack(pending_id id, element& answer);

  // completion_hedged.cpp
  bool end_hedged(pending_id id, const request_table::taken& won,
                  element_ptr& what, run_context eu);
  void end_copy(pending_id id, const request_table::taken& won,
                const std::shared_ptr<hedged_call>& call, element_ptr what,
                run_context eu);
  void answer_early(pending_id id, element_ptr what, run_context eu);
  void leave_work(pending_id id) noexcept;
  void learn(pending_id id) noexcept;
  // completion_overdue.cpp
  std::optional<pending_id> other_entry(pending_id id,
                                        pending_owner from) noexcept;

  void take_up(const std::shared_ptr<hedged_call>& call, run_context eu);

  gate_parts& of_;
  endings& ends_;
  serving& serve_;
  const replica_controls& controls_;
};

} // namespace bulwark::detail
