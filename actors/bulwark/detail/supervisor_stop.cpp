#include <bulwark/detail/control.hpp>
#include <bulwark/detail/supervisor_actor.hpp>
#include <bulwark/detail/supervisor_events.hpp>

#include <caf/exit_reason.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

// Anonymous, since an answer to it would come back to us for nothing.
template <class T>
void tell(const caf::strong_actor_ptr& who, T what, caf::execution_unit* eu) {
  who->get()->eq_impl(caf::make_message_id(), nullptr, eu, std::move(what));
}

void kill(child& who, const caf::actor_addr& me, caf::execution_unit* eu) {
  who.control->kill.store(true);
  tell(who.handle, poke{}, eu);
  tell(who.handle, caf::exit_msg{me, caf::exit_reason::kill}, eu);
}

} // namespace

void supervisor_actor::stop_all(caf::error reason) {
  if (ending_)
    return;
  ending_ = std::move(reason);
  stop_next();
}

void supervisor_actor::stop_next() {
  for (auto i = children_.rbegin(); i != children_.rend(); ++i) {
    switch (i->state) {
    case child_state::starting:
    case child_state::up:
      stop(*i);
      return;
    case child_state::stopping:
      return;
    case child_state::waiting:
    case child_state::failed:
      enter(*i, child_state::stopped);
      emit(stopped_event(*i, caf::exit_reason::user_shutdown));
      break;
    case child_state::stopped:
    case child_state::abandoned:
      break;
    }
  }
  quit(*ending_);
}

void supervisor_actor::stop(child& who) {
  enter(who, child_state::stopping);
  if (!who.is_worker()) {
    tell(who.handle, stop_actor{}, context());
    return;
  }
  who.control->stop.store(true);
  tell(who.handle, caf::exit_msg{address(), caf::exit_reason::user_shutdown},
       context());
  tell(who.handle, poke{}, context());
  wait_for_stop(who, who.spec.restart.shutdown, false);
}

void supervisor_actor::wait_for_stop(const child& who, duration time,
                                     bool killed) {
  delayed_send(this, time, patience_over{who.key, who.incarnation(), killed});
}

void supervisor_actor::on_patience_over(const patience_over& what) {
  auto* who = find(what.key, what.incarnation);
  if (who == nullptr || who->state != child_state::stopping)
    return;
  if (!what.killed) {
    who->killed = true;
    kill(*who, address(), context());
    wait_for_stop(*who, settings_.abandon_after, true);
    return;
  }
  emit(abandoned_event(*who));
  enter(*who, child_state::abandoned);
  stop_next();
}

void supervisor_actor::on_stopped(child& who, const caf::error& reason) {
  auto was_stopping = who.state == child_state::stopping;
  who.restarts->on_stopped();
  enter(who, child_state::stopped, reason);
  emit(stopped_event(who, reason));
  if (was_stopping)
    stop_next();
}

void supervisor_actor::on_exit() {
  // Nothing is left after an orderly end; but the last handle may be dropped
  // while children run, and then nobody watches them any more.
  for (auto& who : children_) {
    if (!who.active())
      continue;
    if (who.is_worker())
      kill(who, address(), nullptr);
    else
      tell(who.handle, stop_actor{}, nullptr);
  }
  children_.clear();
}

} // namespace bulwark::detail
