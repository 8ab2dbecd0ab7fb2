#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/node/detail/singleton_actor.hpp>
#include <bulwark/supervisor/child_requests.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <caf/exit_reason.hpp>

#include <chrono>
#include <utility>

namespace bulwark::detail {

namespace {

/// A supervisor that refuses is asked again after this.
constexpr std::chrono::milliseconds singleton_retry{250};

} // namespace

singleton_actor::singleton_actor(caf::actor_config& config,
                                 singleton_settings settings)
  : system_actor(config, "node/" + settings.node + "/singletons",
                 settings.events),
    settings_(std::move(settings)),
    progress_(settings_.all.size()) {
  for (const auto& each : settings_.all)
    if (!each.role->token())
      each.at.all_replicas_changed(child_state::stopped);
}

caf::behavior singleton_actor::make_behavior() {
  return {
    [this](singleton_look) { look(); },
    [this](stop_actor) { quit(caf::exit_reason::user_shutdown); },
  };
}

void singleton_actor::look() {
  for (size_t i = 0; i < progress_.size(); ++i) {
    auto wanted = settings_.all[i].role->token().has_value();
    if (progress_[i].busy || progress_[i].runs == wanted)
      continue;
    progress_[i].busy = true;
    if (wanted)
      begin(i);
    else
      end(i);
  }
}

void singleton_actor::begin(size_t which) {
  const auto& it = settings_.all[which];
  // From now on requests wait for it here.
  it.at.all_replicas_changed(child_state::waiting);
  request(settings_.root, caf::infinite, restart_child{it.service})
    .then([=, this](const child_info&) { began(which, true); },
          [=, this](const caf::error& why) {
            auto code = code_of(why, errc::stopped);
            // One that did not start is tried again by its supervisor.
            began(which,
                  code == errc::service_crashed || code == errc::running);
          });
}

void singleton_actor::began(size_t which, bool runs) {
  const auto& it = settings_.all[which];
  progress_[which] = {runs, false};
  if (runs && settings_.move)
    settings_.move(it.service, true);
  if (runs)
    return look();
  it.at.all_replicas_changed(child_state::stopped);
  look_again();
}

void singleton_actor::end(size_t which) {
  const auto& it = settings_.all[which];
  if (settings_.move)
    settings_.move(it.service, false);
  auto ended = [=, this, at = it.at] {
    progress_[which] = {};
    at.all_replicas_changed(child_state::stopped);
    look();
  };
  request(settings_.root, caf::infinite, terminate_child{it.service})
    .then(ended, [=, this](const caf::error&) {
      progress_[which].busy = false;
      look_again();
    });
}

void singleton_actor::look_again() {
  delayed_send(this, singleton_retry, singleton_look{});
}

} // namespace bulwark::detail
