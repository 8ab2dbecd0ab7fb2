#pragma once

#include <bulwark/gate/detail/admission.hpp>
#include <bulwark/gate/detail/completion.hpp>
#include <bulwark/gate/detail/deadlines.hpp>
#include <bulwark/gate/detail/endings.hpp>
#include <bulwark/gate/detail/forwarding.hpp>
#include <bulwark/gate/detail/gate_parts.hpp>
#include <bulwark/gate/detail/group_doors.hpp>
#include <bulwark/gate/detail/hand_over.hpp>
#include <bulwark/gate/detail/hedging.hpp>
#include <bulwark/gate/detail/replica_controls.hpp>
#include <bulwark/gate/detail/serving.hpp>
#include <bulwark/gate/detail/substituting.hpp>
#include <bulwark/gate/gate_protection.hpp>
#include <bulwark/gate/gate_status.hpp>

#include <caf/fwd.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// What a gate, its return path and its replicas share: puts the parts together
/// and what is done with them. Held by shared pointers, because a replica may
/// be cleaned up after its gate is gone.
///
/// Safe to call from any thread, except where a function says otherwise.
class gate_core {
public:
  gate_core(caf::actor_system& sys, gate_settings settings);

  gate_core(const gate_core&) = delete;
  gate_core& operator=(const gate_core&) = delete;

  /// @pre called once, before anybody knows the gate
  void set_handles(caf::weak_actor_ptr self, caf::weak_actor_ptr stage);

  // -- what comes and goes ----------------------------------------------------

  admission& entry() noexcept { return entry_; }
  completion& replies() noexcept { return replies_; }
  endings& ends() noexcept { return ends_; }
  serving& serve() noexcept { return serve_; }
  hand_over& deaths() noexcept { return deaths_; }
  deadlines& times() noexcept { return times_; }
  group_doors& group() noexcept { return group_; }
  hedging& hedges() noexcept { return hedges_; }
  substituting& substitutes() noexcept { return substitutes_; }

  /// When the next turn of one that waits comes, as far as known.
  time_point next_turn() const noexcept { return parts_.line.next_turn(); }

  /// Does for its protections what is due by time alone; returns when something
  /// is next. For the gate's own handlers only.
  time_point protections_due(time_point now) noexcept {
    return parts_.protects.tick(now);
  }

  /// Before the gate does what it was poked for.
  void poked() noexcept { parts_.pokes.told(); }

  /// Counts a message that gates never let in; reports that once a second.
  void note_refused(const char* what) noexcept;

  // -- what clients may expect ------------------------------------------------

  /// That slots are going to be used; what may come of a closed one, or of all
  /// replicas.
  void declare_replicas(size_t first, size_t count);
  void expect(uint8_t index, expected_state view);
  void expect(expected_state of_all_replicas);

  /// That others may offer the service, until `peers_told` as often.
  void expect_peers();
  void peers_told(run_context eu);

  /// How another node is doing that offers the service.
  void peer_stands(const gate_peer_standing& standing);
  void offered_nowhere(std::string nearest);

  // -- replicas ---------------------------------------------------------------

  /// Says where an incarnation that is about to start notes what it is at;
  /// returns where the newest one does.
  void note_control(uint8_t index, uint64_t incarnation,
                    const std::shared_ptr<child_control>& control);
  std::shared_ptr<child_control> control_of(uint8_t index) const;

  /// Those replicas of this node but one that are up.
  std::vector<caf::strong_actor_ptr> others(uint8_t but);

  /// Forwards nothing more to a replica that is to end.
  void close_slot(uint8_t index, uint64_t incarnation);

  /// What a replica says of itself, see `replica_group`.
  bool declared(uint8_t index, uint64_t incarnation,
                std::optional<std::string> reason);
  bool note_load(uint8_t index, uint64_t incarnation, double share);

  /// How it took a probe.
  void probed(uint8_t index, uint64_t incarnation, bool good,
              const std::string& why);

  // -- the gate's own end -----------------------------------------------------

  /// New requests are refused from now on, those made by services that still
  /// work on old ones are not.
  void drain() noexcept;

  /// Refuses everything from now on and answers all that is still open. For the
  /// gate's own handlers only.
  void stop(run_context eu);

  // -- the rest ---------------------------------------------------------------

  gate_status status() const;
  request_figures figures() const;

  /// See `gate`.
  gate_protection protection() const;
  std::optional<std::string> protect(const retry_options& retry,
                                     const retry_budget_options& budget);

  /// Returns the deadline of a request in flight.
  std::optional<time_point> deadline_of(pending_id id) noexcept {
    return parts_.requests.deadline_of(id);
  }

  /// The requests that are on the books; and, for tests, how many these are.
  request_table& requests() noexcept { return parts_.requests; }
  size_t open_requests();

  /// Whether `what` is a request that came through this gate, not through
  /// another one whose entry may have the same name.
  bool tracks(const element& what) const noexcept {
    return tracked_id(what) && !is_response(what)
           && visits_next(what, parts_.stage);
  }

  /// Whether nobody waits any more for the answer to a request of this gate
  /// that a replica is about to handle. Then the work on it ends here.
  bool ends_unbegun(pending_id id) noexcept {
    auto word = parts_.requests.word_of(id);
    if (word && word->state != pending_state::answering
        && word->state != pending_state::abandoned)
      return false;
    ends_.forget(id);
    return true;
  }

  const std::string& name() const noexcept { return parts_.name; }

  /// Whether these are its parts.
  bool has(const gate_parts& parts) const noexcept { return &parts == &parts_; }

private:
  gate_parts parts_;
  replica_controls controls_;
  endings ends_{parts_};
  forwarding forward_{parts_, ends_};
  admission entry_{parts_, ends_, forward_};
  serving serve_{parts_, ends_, forward_};
  completion replies_{parts_, ends_, serve_, controls_};
  hand_over deaths_{parts_, ends_, serve_};
  deadlines times_{parts_, ends_, replies_, controls_};
  group_doors group_{parts_, serve_};
  hedging hedges_{parts_};
  substituting substitutes_{parts_};
};

} // namespace bulwark::detail
