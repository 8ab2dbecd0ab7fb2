#include <bulwark/caf/detail/mailless_actor.hpp>
#include <bulwark/caf/detail/reply_route.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/gate/detail/classify.hpp>
#include <bulwark/gate/detail/gate_actor.hpp>
#include <bulwark/gate/detail/return_path.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>
#include <caf/result.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <new>
#include <optional>
#include <utility>

namespace bulwark::detail {

gate_actor::gate_actor(caf::actor_config& cfg, std::shared_ptr<gate_core> core,
                       std::set<std::string> types)
  : intercepting_job(cfg), core_(std::move(core)), types_(std::move(types)) {
  return_path_ = make_mailless<return_path>(system(), core_);
  core_->set_handles(weak_handle_of(*this),
                     caf::actor_cast<caf::weak_actor_ptr>(return_path_));
  set_default_handler(
    [](caf::scheduled_actor*, caf::message_view&) -> caf::result<caf::message> {
      return caf::message{};
    });
  set_error_handler([](caf::scheduled_actor*, caf::error&) {});
  set_down_handler([](caf::scheduled_actor*, caf::down_msg&) {});
  set_exit_handler([](caf::scheduled_actor*, caf::exit_msg&) {});
  set_exception_handler([this](caf::scheduled_actor*, std::exception_ptr& x) {
    return make_error(errc::stopped, core_->name() + ": " + describe(x));
  });
}

const char* gate_actor::name() const {
  return "bulwark.gate";
}

std::set<std::string> gate_actor::message_types() const {
  return types_;
}

void gate_actor::accept(element_ptr what, run_context eu) noexcept {
  try {
    switch (sort(*what)) {
    case arrival::client:
      core_->entry().admit(what, eu, return_path_);
      break;
    case arrival::call:
      core_->entry().admit_call(what, eu, return_path_);
      break;
    case arrival::envelope:
      core_->entry().admit_envelope(what, eu, return_path_);
      break;
    case arrival::own:
      let_in(std::move(what), eu);
      break;
    case arrival::query:
      answer_query(*what, eu);
      break;
    case arrival::refused:
      core_->note_refused("message of a kind that gates do not take");
      core_->ends().refuse_kind(*what, eu);
      break;
    }
  } catch (...) {
    // Out of memory. An exception that left this would end the process when
    // the message came over the network.
    if (what)
      core_->ends().refuse(*what, errc::memory_exhausted, eu);
  }
}

/// As CAF answers it, but not by the mailbox, which has no bound.
void gate_actor::answer_query(element& what, run_context eu) {
  if (!wants_answer(what))
    return core_->note_refused("query that wants no answer");
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
        core_->group().arrange(context_of(*this), return_path_);
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
  core_->poked();
  core_->replies().take_up_failed(context_of(*this));
  core_->substitutes().take_up(context_of(*this));
  core_->serve().serve_waiting(context_of(*this), return_path_);
}

/// Of several timers that ring for one time only the first finds it to come.
void gate_actor::obey(gate_tick tick) {
  timers_.rang(tick.due);
  auto now = clock().now();
  if (core_->times().next_tick() <= now)
    core_->times().tick(now, context_of(*this));
  if (core_->hedges().next_tick() <= now)
    core_->hedges().tick(now, context_of(*this), return_path_);
  if (core_->next_turn() <= now)
    core_->serve().serve_waiting(context_of(*this), return_path_);
}

void gate_actor::set_timer() {
  auto due = std::min(core_->times().next_tick(), core_->hedges().next_tick());
  auto turn = core_->next_turn();
  auto now = clock().now();
  // One look at all of them serves what is due within the same millisecond.
  if (due < time_point::max())
    due = std::max(due, now) + timer_stack::closest;
  due =
    std::min({due, turn, core_->protections_due(now), core_->group().next()});
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
    core_->times().untimed(due);
  }
}

/// What it lets clients expect counts already.
void gate_actor::obey(const gate_replica& replica) {
  auto& change = replica.change;
  core_->group().note(replica);
  switch (change.state) {
  case child_state::up:
    core_->serve().open_slot(replica.index, change.incarnation, change.handle,
                             context_of(*this), return_path_);
    break;
  case child_state::stopping:
    core_->close_slot(replica.index, change.incarnation);
    break;
  case child_state::abandoned:
    core_->deaths().abandon(replica, context_of(*this));
    core_->serve().answer_hopeless(context_of(*this));
    break;
  case child_state::failed:
  case child_state::stopped:
    core_->serve().answer_hopeless(context_of(*this));
    break;
  case child_state::starting:
  case child_state::waiting:
    break;
  }
}

void gate_actor::obey(const gate_peer& peer) {
  core_->deaths().lose_peer(peer.node, context_of(*this));
  if (!peer.gate)
    return;
  core_->serve().open_peer(peer.node, peer.gate, context_of(*this),
                           return_path_);
  core_->peers_told(context_of(*this));
}

void gate_actor::obey(gate_peers_told) {
  core_->peers_told(context_of(*this));
}

void gate_actor::obey(gate_stop) {
  quit(caf::exit_reason::user_shutdown);
}

void gate_actor::at_end(run_context eu) {
  core_->stop(eu);
  end_mailless<return_path>(return_path_, eu);
}

} // namespace bulwark::detail
