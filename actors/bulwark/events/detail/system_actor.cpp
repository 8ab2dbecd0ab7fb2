#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/element.hpp>
#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/events/detail/system_actor.hpp>

#include <caf/result.hpp>
#include <caf/sec.hpp>
#include <caf/to_string.hpp>

#include <exception>
#include <utility>

namespace bulwark::detail {

namespace {

caf::error as_error(std::exception_ptr& thrown) {
  return make_error(errc::service_crashed, describe(thrown));
}

} // namespace

system_actor::system_actor(caf::actor_config& config, std::string component,
                           emitter events, runners who)
  : unstoppable_job(config, who),
    component_(std::move(component)),
    events_(std::move(events)) {
  set_error_handler([](caf::error&) {});
  set_down_handler([](caf::down_msg&) {});
  set_exception_handler(as_error);
  set_default_handler(
    [this](caf::scheduled_actor*, caf::message_view&) { return on_unknown(); });
}

void system_actor::on_dropped(const char* what,
                              const caf::strong_actor_ptr& from) noexcept {
  refuse(what, from);
}

caf::error system_actor::refusal_of(const char* what) const {
  return make_error(errc::not_supported, component_ + " takes no " + what);
}

caf::result<caf::message> system_actor::on_unknown() {
  refuse("unknown message", current_sender());
  if (is_request(current_message_id()))
    return caf::make_error(caf::sec::unexpected_message);
  return caf::message{};
}

void system_actor::refuse(const char* what,
                          const caf::strong_actor_ptr& from) noexcept {
  refused_.fetch_add(1);
  try {
    auto now = home_system().clock().now().time_since_epoch().count();
    auto due = report_due_.load();
    if (now < due
        || !report_due_.compare_exchange_strong(due, now + report_gap.count()))
      return;
    event told;
    told.kind = event_kind::message_refused;
    told.level = severity_of(told.kind);
    told.component = component_;
    told.reason = what;
    if (from)
      told.reason += " from " + caf::to_string(from);
    told.with("count", std::to_string(refused_.exchange(0)));
    emit(std::move(told));
  } catch (...) {
    // Out of memory: what is refused now is told the next time.
  }
}

} // namespace bulwark::detail
