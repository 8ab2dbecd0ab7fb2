#pragma once

#include <bulwark/events/detail/durable_notes.hpp>
#include <bulwark/events/detail/event_counter.hpp>
#include <bulwark/events/detail/event_exchange.hpp>
#include <bulwark/events/detail/event_inbox.hpp>
#include <bulwark/events/detail/event_limit.hpp>
#include <bulwark/events/detail/event_positions.hpp>
#include <bulwark/events/detail/ledger_keeper.hpp>
#include <bulwark/events/detail/monitor_protocol.hpp>
#include <bulwark/events/detail/node_questions.hpp>
#include <bulwark/events/detail/state_reports.hpp>
#include <bulwark/events/detail/system_actor.hpp>
#include <bulwark/events/monitor.hpp>
#include <bulwark/events/monitor_requests.hpp>

#include <caf/behavior.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace bulwark::detail {

/// The actor behind `spawn_monitor`.
class monitor_actor final : public system_actor {
public:
  monitor_actor(caf::actor_config& config, monitor_options options,
                std::shared_ptr<event_inbox> inbox);

  const char* name() const override { return "bulwark.monitor"; }

  void on_exit() override;
  void before_message() override;

  /// A peer that has not answered by then gets the same events again.
  static constexpr std::chrono::seconds peer_timeout{10};

  /// Events in one batch to a peer.
  static constexpr size_t batch_max = 100;

  /// An event so far beyond the one before is none that an origin has come to:
  /// it makes as many in four months, at 100 000 a second.
  static constexpr uint64_t leap_max = uint64_t{1} << 40;

  /// So long after events were dropped it is asked what is up, and not more
  /// often.
  static constexpr std::chrono::seconds states_after{5};

  /// So long the wall clock is taken to run like the steady one.
  static constexpr std::chrono::milliseconds clock_trust{10};

  /// Positions that a peer may tell at once.
  static constexpr size_t exchange_max =
    event_exchange::boots_max * event_exchange::nodes_max;

protected:
  caf::behavior make_behavior() override;

private:
  struct peer {
    caf::actor handle;
    uint64_t boot = 0;
    uint64_t generation = 0;

    /// It has everything of its own up to this number, and until this time.
    uint64_t upto = 0;
    wall_time alive{};

    /// It was told all positions in return for its own.
    bool answered = false;
  };

  // -- own events (monitor_actor.cpp) ----------------------------------------

  void on_emitted(event what);

  /// Fills in the wall-clock time of an event that has its uptime.
  void date(event& what);
  void on_limit_due();
  void await_limit();
  void on_drops();
  void on_beat();
  void compare_clocks();

  /// Numbers an own event and keeps it.
  void record(event what);

  /// Makes an own event known on this node.
  void enter(const event& what, event_origin from);

  /// An event of the monitor's own.
  event make(event_kind kind, std::string reason) const;

  // -- what peers know (monitor_peers.cpp) -----------------------------------

  caf::message_handler peer_messages();
  caf::response_promise on_question(const node_question& what);
  void on_add_peer(add_peer_monitor& what);
  void on_positions(const peer_positions& what);
  caf::result<peer_events_ack> on_peer_events(peer_events& batch);
  void accept(event what);
  void on_durable();
  void start_again();
  void on_batch_read(batch_read& what);
  void feed_all();
  void feed(const std::string& node, peer& to);
  void tell_positions(peer& to, std::vector<event_position> has,
                      bool anew = false);
  void note_complete(const std::string& node, const peer& of);

  /// Returns the peer that sent the current message, and its name, or null.
  peer* sending_peer(std::string& node);

  // -- the ledger (monitor_ledger.cpp) ---------------------------------------

  caf::message_handler ledger_messages();
  void load_history();
  void load_next();
  void on_history(history_read& what);
  void answer_reports();
  caf::result<fault_tolerance_report_text>
  on_report(const fault_tolerance_report_request& what);

  // -- what was dropped (monitor_states.cpp) ---------------------------------

  caf::message_handler state_messages();
  void await_states();
  void ask_for_states();
  void on_states(const states_told& what);

  // -- alerts (monitor_alerts.cpp) --------------------------------------------

  void look_for_alerts();
  bool is_mine(const alert& what) const;
  void tell_alert(const alert_change& what);

  /// The time of the ledger, now.
  wall_time ledger_now() const;

  report_query query_of(duration window, std::string component) const;

  monitor_options options_;
  std::shared_ptr<event_inbox> inbox_;
  std::shared_ptr<durable_notes> durable_;
  event_counter counter_;
  event_limit limit_;
  bool limit_awaited_ = false;

  /// What is here, durable or not yet.
  event_positions positions_;
  event_exchange exchange_;
  std::map<std::string, peer> peers_;

  /// Who answers what other nodes ask; null: nobody.
  caf::actor questions_;
  uint64_t generations_ = 0;

  ledger_keeper ledger_;
  caf::actor_addr root_;
  outage_check check_;
  bool states_awaited_ = false;
  uint64_t sequence_ = 0;
  uint64_t dropped_ = 0;
  uint64_t malformed_ = 0;
  duration clock_offset_{0};

  /// By how much the wall clock was ahead of the boot and its uptime, and at
  /// which uptime that was seen.
  duration wall_ahead_{0};
  duration wall_seen_ = duration::min();
};

} // namespace bulwark::detail
