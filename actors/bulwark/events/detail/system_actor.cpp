#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/stream_end.hpp>
#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/events/detail/system_actor.hpp>

#include <caf/downstream_msg.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/result.hpp>
#include <caf/sec.hpp>
#include <caf/system_messages.hpp>
#include <caf/to_string.hpp>
#include <caf/upstream_msg.hpp>

#include <exception>
#include <utility>

namespace bulwark::detail {

namespace {

/// Returns the name of what must not reach the mailbox, or null.
const char* forbidden(const caf::mailbox_element& what) {
  // CAF trusts the category in the id of a message, which a peer can choose.
  if (what.mid.is_stream_message())
    return "stream message";
  switch (what.content().type_token()) {
  case caf::make_type_token<caf::exit_msg>():
    return "exit message";
  case caf::make_type_token<caf::open_stream_msg>():
  case caf::make_type_token<caf::upstream_msg>():
  case caf::make_type_token<caf::downstream_msg>():
    return "stream message";
  default:
    return nullptr;
  }
}

caf::error as_error(std::exception_ptr& thrown) {
  return make_error(errc::service_crashed, describe(thrown));
}

} // namespace

system_actor::system_actor(caf::actor_config& config, std::string component,
                           emitter events, runners who)
  : system_job(config, who),
    component_(std::move(component)),
    events_(std::move(events)) {
  set_error_handler([](caf::error&) {});
  set_down_handler([](caf::down_msg&) {});
  set_exception_handler(as_error);
  set_default_handler(
    [this](caf::scheduled_actor*, caf::message_view&) { return on_unknown(); });
}

void system_actor::enqueue(caf::mailbox_element_ptr what,
                           caf::execution_unit* eu) {
  const auto* name = forbidden(*what);
  if (name == nullptr) {
    system_job::enqueue(std::move(what), eu);
    return;
  }
  refuse(name, what->sender);
  refuse_stream(what->content(), address(), eu);
  if (!what->mid.is_request() || !what->sender)
    return;
  what->sender->get()->eq_impl(
    what->mid.response_id(), ctrl(), eu,
    make_error(errc::not_supported, component_ + " takes no " + name));
}

caf::result<caf::message> system_actor::on_unknown() {
  refuse("unknown message", current_sender());
  if (current_message_id().is_request())
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
