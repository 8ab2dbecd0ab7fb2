#pragma once

#include <bulwark/gate/detail/bereft_call.hpp>
#include <bulwark/gate/detail/gate_errors.hpp>
#include <bulwark/gate/detail/gate_parts.hpp>

#include <caf/fwd.hpp>

#include <memory>
#include <optional>
#include <string>

namespace bulwark::detail {

/// How the calls of a gate end without a value: what clients are told, and what
/// an entry of the request table leaves behind.
///
/// Safe to call from any thread.
class endings {
public:
  explicit endings(gate_parts& of) : of_(of) {}

  // -- what was let in --------------------------------------------------------

  /// Answers a call with an error and ends it, if `only` has it still.
  void fail(pending_id id, std::optional<pending_owner> only, gate_reason why,
            run_context eu) noexcept;

  /// The same where its entry was won. A call that may be under way twice waits
  /// for its copy.
  void lose(pending_id id, const request_table::taken& won, gate_reason why,
            run_context eu) noexcept;

  /// Answers a call whose entry was won. `went`: a replica had it.
  void answer(pending_id id, const request_table::taken& won, gate_reason why,
              run_context eu) noexcept;

  /// The same, and frees the entry, where it was not published yet.
  void answer_unpublished(pending_id id, gate_reason why,
                          run_context eu) noexcept;

  /// Frees the entry of a call that was answered, with all that goes with it:
  /// the one place where work ends.
  void release(pending_id id, const request_table::taken& won) noexcept;

  /// Frees an entry whose client has its answer, or gets it now: nobody begins
  /// the work, or goes on with it.
  void forget(pending_id id) noexcept;

  /// Ends what that owner has and has not begun, nor will anybody else.
  void end_unbegun(pending_id id, pending_owner owner, errc why,
                   run_context eu) noexcept;

  // -- calls that may be under way twice (endings_hedged.cpp) -----------------

  /// A call's own attempt ended with an error. Where its copy is out it waits
  /// for that, and has given back its permit. @pre the entry was won
  hedged_call::next wait_for_copy(pending_id id,
                                  const request_table::taken& won) noexcept;

  /// A copy ended without a value; nothing: no words for that.
  void copy_failed(const std::shared_ptr<hedged_call>& call,
                   std::optional<caf::error> why) noexcept;

  // -- what stands in for errors (endings_substituted.cpp) --------------------

  /// What becomes of a client's error.
  struct in_place {
    /// Its call waits at the gate for what stands in; it is not the entry's any
    /// more.
    bool waits = false;

    /// This is the answer.
    std::optional<caf::message> value = {};
  };

  /// @pre the entry is the caller's own
  in_place instead_of(pending_id id, errc code, gate_reason why) noexcept;

  /// The same of a call that was not let in, whose message this is. Takes
  /// `call.to` where it waits.
  in_place instead_of(bereft_call& call, errc code,
                      const element& asked) noexcept;

  /// A plain send is given up.
  void to_dead_letter(pending_id id, gate_reason why) noexcept;

  // -- what was not -----------------------------------------------------------

  /// Answers a client that is not tracked, or what gates do not let in.
  void refuse(element& what, errc code, run_context eu) noexcept;
  void refuse_kind(element& what, run_context eu);

  // -- words ------------------------------------------------------------------

  caf::error error_for(errc code) const;
  caf::error error_of(gate_reason why) const;

private:
  caf::error error_nowhere() const;
  void count_end(pending_id id, gate_reason why, bool value) noexcept;
  bool waits(pending_id id, const call_report& so_far,
             gate_reason why) noexcept;
  void release_permit(pending_id id, const request_table::taken& won) noexcept;
  bool waits_for_copy(pending_id id, const request_table::taken& won,
                      gate_reason why) noexcept;
  bool ends_hedged(pending_id id, gate_reason why, run_context eu) noexcept;
  void give_permit(const permit_request& request) noexcept;
  std::unique_ptr<kept_request> take_kept(pending_id id) noexcept;
  void leave_line(pending_id id) noexcept;

  gate_parts& of_;
};

} // namespace bulwark::detail
