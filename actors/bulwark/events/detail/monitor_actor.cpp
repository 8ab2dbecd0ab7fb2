#include <bulwark/caf/detail/control.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/events/detail/monitor_actor.hpp>
#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/text/duration_text.hpp>

#include <caf/exit_reason.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

/// From which on a step of the wall clock is told.
constexpr duration step_min = std::chrono::milliseconds{500};

} // namespace

monitor_actor::monitor_actor(caf::actor_config& config, monitor_options options,
                             std::shared_ptr<event_inbox> inbox)
  : system_actor(config, "node/" + options.node + "/monitor", emitter{inbox}),
    options_(std::move(options)),
    inbox_(std::move(inbox)),
    durable_(std::make_shared<durable_notes>(address())),
    counter_(options_.recent_max, options_.components_max),
    exchange_(options_.node) {
  ledger_.rules = alert_rules{options_.alerts};
  inbox_->open(address());
}

caf::behavior monitor_actor::make_behavior() {
  options_.store->on_durable(
    [notes = durable_](const auto& moved) { notes->put(moved); });
  load_history();
  if (options_.beat_every > duration::zero())
    delayed_send(this, options_.beat_every, monitor_beat{});
  caf::message_handler own{
    [](events_waiting) {
      // They were taken before.
    },
    [this](durable_waiting) { on_durable(); },
    [this](held_events_due) { on_limit_due(); },
    [this](drops_waiting) { on_drops(); },
    [this](monitor_beat) { on_beat(); },
    [this](const recent_events_request& x) {
      return recent_events{counter_.recent(x.max, x.node)};
    },
    [this](const events_behind_request& x) {
      auto begin = x.place;
      if (begin == 0 && x.node.empty())
        begin = counter_.total() + 1;
      else if (begin == 0)
        begin = counter_.place_behind(x.node, x.boot, x.sequence);
      auto got = counter_.from(begin, x.max);
      auto end = got.first + got.events.size();
      return events_behind{std::move(got.events), got.first, end,
                           got.first > begin};
    },
    [this](event_counts_request) {
      return event_counts{counter_.counts(), counter_.total(), dropped_,
                          malformed_};
    },
    [this](stop_actor) {
      for (auto& what : limit_.take_all())
        record(std::move(what));
      quit(caf::exit_reason::user_shutdown);
    },
  };
  return own.or_else(peer_messages())
    .or_else(ledger_messages())
    .or_else(state_messages());
}

void monitor_actor::before_message() {
  inbox_->take_all([this](event what) {
    try {
      date(what);
      on_emitted(std::move(what));
    } catch (...) {
      ++dropped_; // Out of memory: those behind it may find some.
    }
  });
}

void monitor_actor::on_exit() {
  inbox_->close();
  options_.store->on_durable({});
  // Two monitors that know each other would keep each other alive.
  peers_.clear();
  questions_ = nullptr;
  ledger_.reports.clear();
}

void monitor_actor::date(event& what) {
  if (wall_seen_ == duration::min() || what.uptime - wall_seen_ > clock_trust) {
    wall_seen_ = inbox_->uptime();
    wall_ahead_ = inbox_->time() - inbox_->booted() - wall_seen_;
  }
  what.at =
    inbox_->booted()
    + std::chrono::floor<wall_time::duration>(what.uptime + wall_ahead_);
}

void monitor_actor::on_emitted(event what) {
  if (!is_load_driven(what.kind))
    return record(std::move(what));
  if (auto told = limit_.admit(std::move(what), now()))
    record(std::move(*told));
  await_limit();
}

void monitor_actor::on_limit_due() {
  limit_awaited_ = false;
  for (auto& what : limit_.take_due(now()))
    record(std::move(what));
  await_limit();
}

void monitor_actor::await_limit() {
  auto due = limit_.next_due();
  if (limit_awaited_ || !due)
    return;
  limit_awaited_ = true;
  delayed_send(this, *due - now(), held_events_due{});
}

void monitor_actor::record(event what) {
  what.node = options_.node;
  what.boot = options_.boot;
  if (options_.experiment)
    if (auto name = options_.experiment();
        !name.empty() && !find_metadata(what, "experiment"))
      what.with("experiment", std::move(name));
  what.sequence = ++sequence_;
  positions_.add(what.node, what.boot, what.sequence, what.sequence);
  check_.changed(what.component);
  enter(what, event_origin::own);
  options_.store->append(std::move(what));
}

void monitor_actor::enter(const event& what, event_origin from) {
  if (options_.sink) {
    try {
      options_.sink(what, from);
    } catch (...) {
      // A sink that fails must not end the monitor; the event is kept.
    }
  }
  ledger_.kept.add(what);
  counter_.add(what);
}

event monitor_actor::make(event_kind kind, std::string reason) const {
  event result;
  result.kind = kind;
  result.level = severity_of(kind);
  result.component = component();
  result.reason = std::move(reason);
  inbox_->stamp(result);
  return result;
}

void monitor_actor::on_drops() {
  auto dropped = inbox_->take_dropped();
  auto count = dropped.changes + dropped.failures_and_recoveries;
  if (count == 0)
    return;
  dropped_ += count;
  auto told = make(event_kind::events_dropped, "too many events waited");
  told.with("count", std::to_string(count));
  if (dropped.failures_and_recoveries > 0)
    told.with("failures_and_recoveries",
              std::to_string(dropped.failures_and_recoveries));
  record(std::move(told));
  await_states();
}

void monitor_actor::on_beat() {
  // Anybody's would set a further timer.
  if (current_sender() != handle_of(*this)
      || options_.beat_every == duration::zero())
    return;
  delayed_send(this, options_.beat_every, monitor_beat{});
  compare_clocks();
  options_.store->sign_of_life(inbox_->time(), inbox_->uptime());
  auto moved = exchange_.take_moved();
  for (auto& [node, to] : peers_)
    tell_positions(to, moved);
  feed_all();
  ledger_.kept.complete_until(options_.node, ledger_now());
  look_for_alerts();
}

wall_time monitor_actor::ledger_now() const {
  return inbox_->booted()
         + std::chrono::floor<wall_time::duration>(inbox_->uptime());
}

/// Lengths are measured by the steady clock; the wall clock only says when. So
/// a step of it changes no figure, but people should know of it.
void monitor_actor::compare_clocks() {
  auto offset =
    std::chrono::duration_cast<duration>(inbox_->time() - inbox_->booted())
    - inbox_->uptime();
  auto step = offset - clock_offset_;
  if (step < step_min && -step < step_min)
    return;
  clock_offset_ = offset;
  auto told = make(event_kind::clock_stepped, "the wall clock was set");
  told.component = "node/" + options_.node;
  told.with("by", (step < duration::zero() ? "-" : "+")
                    + to_text(std::chrono::abs(step)));
  record(std::move(told));
}

} // namespace bulwark::detail
