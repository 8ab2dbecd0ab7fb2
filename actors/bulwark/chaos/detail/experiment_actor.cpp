#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/chaos/detail/experiment_actor.hpp>

#include <caf/allowed_unsafe_message_type.hpp>

#include <exception>
#include <utility>

namespace bulwark::detail {

namespace {

/// To itself.
struct look_at_experiment {};

} // namespace

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::look_at_experiment)

namespace bulwark::detail {

experiment_actor::experiment_actor(caf::actor_config& config,
                                   experiment_settings settings)
  : system_actor(config, "/experiment/" + settings.what.name, emitter{}),
    settings_(std::move(settings)),
    course_(settings_.what) {}

caf::behavior experiment_actor::make_behavior() {
  delayed_send(this, duration::zero(), look_at_experiment{});
  return {
    [this](look_at_experiment) { look(); },
    [this](const experiment_event& x) { course_.see(x.what, now()); },
    [this](const abort_experiment& x) { abort(x.why); },
    [this](stop_actor) {
      abort("its runner was stopped");
      lift_all();
      // Its timer may keep it for a while, but not what it holds.
      settings_ = {};
      quit(caf::exit_reason::user_shutdown);
    },
  };
}

void experiment_actor::look() {
  if (course_.is_over())
    return;
  delayed_send(this, experiment_course::look_every, look_at_experiment{});
  try {
    act(course_.look(settings_.readings(), now()));
  } catch (...) {
    abort(describe(std::current_exception()));
  }
  end_if_over();
}

void experiment_actor::abort(const std::string& why) {
  act(course_.abort(why, now()));
  end_if_over();
}

void experiment_actor::act(experiment_act what) {
  switch (what) {
  case experiment_act::inject:
    inject();
    break;
  case experiment_act::renew:
    for (size_t i = 0; i < lent_; ++i)
      settings_.renew(id_of(i));
    break;
  case experiment_act::lift:
    lift_all();
    break;
  case experiment_act::none:
    break;
  }
}

void experiment_actor::inject() {
  const auto& faults = settings_.what.faults;
  for (size_t i = 0; i < faults.size(); ++i) {
    // Another number for each, all of them by the seed.
    auto random = settings_.what.seed * 1'000'003 + i;
    if (auto why = settings_.lend(id_of(i), faults[i], random))
      return act(course_.refuse(*why, now()));
    lent_ = i + 1;
  }
}

void experiment_actor::lift_all() noexcept {
  for (auto i = std::exchange(lent_, 0); i > 0; --i)
    try {
      settings_.lift(id_of(i - 1));
    } catch (...) {
      // Its lease is not renewed any more.
    }
}

void experiment_actor::end_if_over() {
  if (!course_.is_over() || !settings_.over)
    return;
  auto tell = std::exchange(settings_.over, {});
  try {
    tell(course_.report());
  } catch (...) {
    // Whoever wanted the report; the experiment is over.
  }
  quit(caf::exit_reason::user_shutdown);
}

std::string experiment_actor::id_of(size_t fault) const {
  return settings_.what.name + "/" + std::to_string(fault);
}

} // namespace bulwark::detail
