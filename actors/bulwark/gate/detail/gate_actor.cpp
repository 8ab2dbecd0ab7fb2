#include <bulwark/caf/detail/control.hpp>
#include <bulwark/caf/detail/mailless_actor.hpp>
#include <bulwark/caf/detail/reply_route.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/gate/detail/classify.hpp>
#include <bulwark/gate/detail/gate_actor.hpp>
#include <bulwark/gate/detail/prober.hpp>
#include <bulwark/gate/detail/return_path.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>
#include <caf/result.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <new>
#include <optional>
#include <utility>

namespace bulwark::detail {

gate_actor::gate_actor(caf::actor_config& cfg, std::shared_ptr<gate_core> core,
                       std::set<std::string> types, caf::actor prober)
  : intercepting_job(cfg),
    first_(make_front(std::move(core), std::move(types), std::move(prober))) {
  set_default_handler(
    [](caf::scheduled_actor*, caf::message_view&) -> caf::result<caf::message> {
      return caf::message{};
    });
  set_error_handler([](caf::scheduled_actor*, caf::error&) {});
  set_down_handler([](caf::scheduled_actor*, caf::down_msg&) {});
  set_exit_handler([](caf::scheduled_actor*, caf::exit_msg&) {});
  set_exception_handler([this](caf::scheduled_actor*, std::exception_ptr& x) {
    return make_error(errc::stopped, this->core().name() + ": " + describe(x));
  });
}

gate_actor::front gate_actor::make_front(std::shared_ptr<gate_core> core,
                                         std::set<std::string> types,
                                         caf::actor prober) {
  auto path = make_mailless<return_path>(system(), core);
  core->set_handles(weak_handle_of(*this),
                    caf::actor_cast<caf::weak_actor_ptr>(path));
  return {std::move(core), std::move(types), std::move(path),
          std::move(prober)};
}

gate_actor& gate_actor::of(const caf::actor& handle) {
  return static_cast<gate_actor&>(
    *caf::actor_cast<caf::abstract_actor*>(handle));
}

void gate_actor::renew(std::shared_ptr<gate_core> core,
                       std::set<std::string> types, caf::actor prober) {
  renewed_ = make_front(std::move(core), std::move(types), std::move(prober));
  current_.store(&renewed_, std::memory_order_release);
}

const char* gate_actor::name() const {
  return "bulwark.gate";
}

std::set<std::string> gate_actor::message_types() const {
  return current().types;
}

void gate_actor::accept(element_ptr what, run_context eu) noexcept {
  const auto& here = current();
  try {
    switch (classify(*what)) {
    case arrival::client:
      here.core->entry().admit(what, eu, here.replies);
      break;
    case arrival::call:
      here.core->entry().admit_call(what, eu, here.replies);
      break;
    case arrival::envelope:
      here.core->entry().admit_envelope(what, eu, here.replies);
      break;
    case arrival::own:
      let_in(std::move(what), eu);
      break;
    case arrival::query:
      answer_query(*what, eu);
      break;
    case arrival::refused:
      here.core->note_refused("message of a kind that gates do not take");
      here.core->ends().refuse_kind(*what, eu);
      break;
    }
  } catch (...) {
    // Out of memory. An exception that left this would end the process when
    // the message came over the network.
    if (what)
      here.core->ends().refuse(*what, errc::memory_exhausted, eu);
  }
}

/// As CAF answers it, but not by the mailbox, which has no bound.
void gate_actor::answer_query(element& what, run_context eu) {
  if (!wants_answer(what))
    return core().note_refused("query that wants no answer");
  auto& key = content_of(what).get_as<std::string>(2);
  auto content =
    key == "info"
      ? caf::make_message(caf::ok_atom_v, key, handle_of(*this),
                          std::string{name()})
      : caf::make_message(caf::make_error(caf::sec::unsupported_sys_key));
  answer(what, handle_of(*this), eu, std::move(content));
}

caf::behavior gate_actor::make_behavior() {
  return {
    [this](gate_command& command) {
      try {
        std::visit([this](auto& what) { obey(what); }, command.what);
        core().group().arrange(context_of(*this), current().replies);
      } catch (const std::bad_alloc&) {
        // It goes on with the next one, or the service would be gone for good.
      }
      // Whatever it did, something may be due earlier.
      if (!std::holds_alternative<gate_stop>(command.what))
        set_timer();
    },
  };
}

void gate_actor::obey(gate_poke) {
  core().poked();
  core().replies().take_up_failed(context_of(*this));
  core().substitutes().take_up(context_of(*this));
  core().serve().serve_waiting(context_of(*this), current().replies);
}

/// Of several timers that ring for one time only the first finds it to come.
void gate_actor::obey(gate_tick tick) {
  timers_.rang(tick.due);
  auto now = clock().now();
  if (core().times().next_tick() <= now)
    core().times().tick(now, context_of(*this));
  if (core().hedges().next_tick() <= now)
    core().hedges().tick(now, context_of(*this), current().replies);
  if (core().next_turn() <= now)
    core().serve().serve_waiting(context_of(*this), current().replies);
}

void gate_actor::set_timer() {
  auto due = std::min(core().times().next_tick(), core().hedges().next_tick());
  auto turn = core().next_turn();
  auto now = clock().now();
  // One look at all of them serves what is due within the same millisecond.
  if (due < time_point::max())
    due = std::max(due, now) + timer_stack::closest;
  due =
    std::min({due, turn, core().protections_due(now), core().group().next()});
  if (due == time_point::max())
    return;
  std::optional<time_point> at;
  try {
    at = timers_.need(due, now);
    if (at)
      post_at(clock(), *at, handle_of(*this), gate_command{gate_tick{*at}});
  } catch (...) {
    // Out of memory.
    if (at)
      timers_.rang(*at);
    core().times().untimed(due);
  }
}

/// What it lets clients expect counts already.
void gate_actor::obey(const gate_replica& replica) {
  auto& change = replica.change;
  core().group().note(replica);
  if (current().prober)
    tell_prober(replica);
  switch (change.state) {
  case child_state::up:
    core().serve().open_slot(replica.index, change.incarnation, change.handle,
                             context_of(*this), current().replies);
    break;
  case child_state::stopping:
    core().close_slot(replica.index, change.incarnation);
    break;
  case child_state::abandoned:
    core().deaths().abandon(replica, context_of(*this));
    core().serve().answer_hopeless(context_of(*this));
    break;
  case child_state::failed:
  case child_state::stopped:
    core().serve().answer_hopeless(context_of(*this));
    break;
  case child_state::starting:
  case child_state::waiting:
    break;
  }
}

void gate_actor::tell_prober(const gate_replica& replica) {
  const auto& change = replica.change;
  auto up = change.state == child_state::up;
  if (up || change.state != child_state::starting)
    send(current().prober, probe_target{replica.index, change.incarnation,
                                        up ? change.handle : nullptr});
}

void gate_actor::obey(const gate_peer& peer) {
  core().deaths().lose_peer(peer.node, context_of(*this));
  if (!peer.gate)
    return;
  core().serve().open_peer(peer.node, peer.gate, context_of(*this),
                           current().replies);
  core().peers_told(context_of(*this));
}

void gate_actor::obey(const gate_peer_standing& standing) {
  core().peer_stands(standing);
}

void gate_actor::obey(gate_peers_told) {
  core().peers_told(context_of(*this));
}

void gate_actor::obey(gate_stop) {
  quit(caf::exit_reason::user_shutdown);
}

void gate_actor::at_end(run_context eu) {
  for (const front* each : {&first_, static_cast<const front*>(&renewed_)})
    if (each->core) {
      if (each->prober)
        stop(each->prober);
      each->core->stop(eu);
      end_mailless<return_path>(each->replies, eu);
    }
}

} // namespace bulwark::detail
