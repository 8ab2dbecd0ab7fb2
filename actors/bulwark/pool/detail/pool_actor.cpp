#include <bulwark/bulkhead/bulkhead_refusal.hpp>
#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/caf/detail/end_watch.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/caf/detail/weak_timer.hpp>
#include <bulwark/pool/detail/pool_actor.hpp>
#include <bulwark/pool/detail/wait_max.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/duration_text.hpp>

#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <utility>

namespace bulwark::detail {

void send_stop(caf::actor_system& sys, const caf::actor& pool) {
  sys.registry().inc_running();
  std::shared_ptr<const void> until{
    &sys, [](caf::actor_system* held) { held->registry().dec_running(); }};
  caf::anon_send(pool, stop_pool{std::move(until)});
}

pool_actor::pool_actor(caf::actor_config& config, frame parts, emitter events)
  : system_actor(config, "bulkhead/" + parts.name, std::move(events)),
    title_(std::move(parts.name)),
    shutdown_(parts.shutdown),
    bell_(make_weak_timer(system(), weak_handle_of(*this))) {
  auto me = address();
  permits_.emplace(parts.compartment.core(),
                   [me] { post(me, nullptr, poke{}); });
  if (parts.owned)
    own_ = std::move(parts.compartment);
  workers_.emplace(std::move(parts.threads), parts.workers);
}

void pool_actor::on_exit() {
  clear();
  permits_.reset();
  if (own_)
    own_.stop();
  workers_.reset();
  until_.reset();
}

caf::message_handler pool_actor::common_messages() {
  return {
    [this](poke) { look_around(); },
    [this](time_is_up) {
      on_time();
      look_around();
    },
    [this](const actor_ended& what) {
      if (owners_.erase(what.who) > 0)
        on_owner_down(what.who);
      look_around();
    },
    [this](stop_pool& what) {
      on_stop(what);
      look_around();
    },
  };
}

void pool_actor::watch(const caf::actor_addr& who) {
  // Once for each actor: it is forgotten only when it is dead.
  if (who && owners_.insert(who).second)
    watch_end(who, address());
}

std::optional<caf::error>
pool_actor::complaint_about_wait(duration wanted, const char* field) const {
  if (wanted >= duration::zero() && wanted <= pool_wait_max)
    return std::nullopt;
  return make_error(errc::invalid_option,
                    title_ + ": " + field
                      + " must be at least 0ms and at most 24h");
}

caf::error pool_actor::refusal(errc why, const std::string& thing,
                               const std::string& use, duration waited) const {
  std::string text;
  switch (why) {
  case errc::bulkhead_timeout:
    text = "no " + thing + " came free within " + to_text(waited) + "; " + use;
    break;
  case errc::bulkhead_full:
    text = "no " + thing + " is free, " + use + ", and no more may wait";
    break;
  case errc::bulkhead_isolated:
    text = "is isolated";
    break;
  default:
    return make_error(why, title_ + ": too many consumers");
  }
  return make_refusal(why, title_ + ": " + text, permits_->core().name(),
                      permits_->core().utilization());
}

std::string pool_actor::consumer_name(std::string given,
                                      const caf::strong_actor_ptr& owner) {
  if (given.empty())
    given = owner ? to_string(owner) : "nobody";
  cut_text(given, event::text_max);
  return given;
}

// -- time ---------------------------------------------------------------------

void pool_actor::on_time() {
  auto at = now();
  alarms_.rang(at);
  permits_->expire();
  on_tick(at);
}

void pool_actor::on_stop(stop_pool& what) {
  if (stopping_)
    return;
  stopping_ = now() + shutdown_;
  until_ = std::move(what.until);
  begin_stop();
}

void pool_actor::look_around() {
  for (auto& each : permits_->settle())
    on_verdict(each);
  proceed();
  if (stopping_ && (empty() || *stopping_ <= now())) {
    give_up();
    workers_->end_idle();
    quit(caf::exit_reason::user_shutdown);
    return;
  }
  arm();
}

void pool_actor::arm() {
  std::optional<time_point> due = stopping_;
  for (auto each : {next_due(), workers_->next_due(), permits_->next_expiry()})
    if (each && (!due || *each < *due))
      due = each;
  if (!due)
    return;
  if (auto alarm = alarms_.need(*due, now()))
    set_weak_timer(clock(), bell_, *alarm);
}

} // namespace bulwark::detail
