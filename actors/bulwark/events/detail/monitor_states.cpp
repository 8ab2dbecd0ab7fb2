#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/events/detail/monitor_actor.hpp>

#include <utility>

// What was dropped cannot be told any more, but what is up can: it is asked
// for, and the ledger is set right. A component of an application's own has
// nobody to ask.

namespace bulwark::detail {

caf::message_handler monitor_actor::state_messages() {
  return {
    [this](const watch_root& x) { root_ = x.root; },
    [this](states_due) { ask_for_states(); },
    [this](const states_told& x) { on_states(x); },
  };
}

void monitor_actor::await_states() {
  if (!std::exchange(states_awaited_, true))
    delayed_send(this, states_after, states_due{});
}

void monitor_actor::ask_for_states() {
  states_awaited_ = false;
  if (!ledger_.loaded)
    return await_states();
  check_.begin(
    ledger_.kept.report(ledger_now(), query_of(std::chrono::hours{24}, {})),
    options_.node);
  post(root_, context_of(*this),
       report_states{check_.round(), address(), check_.open()});
}

void monitor_actor::on_states(const states_told& what) {
  for (auto& each : check_.answered(what.round, what.passed_on, what.share)) {
    inbox_->stamp(each);
    record(std::move(each));
  }
}

} // namespace bulwark::detail
