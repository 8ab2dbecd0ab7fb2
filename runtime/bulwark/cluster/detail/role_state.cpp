#include <bulwark/caf/caf_error.hpp>
#include <bulwark/cluster/detail/role_state.hpp>
#include <bulwark/events/detail/severity_rules.hpp>

#include <exception>
#include <utility>

namespace bulwark::detail {

role_state::role_state(std::string name, const std::string& node, clock now)
  : name_(std::move(name)),
    component_("node/" + node + "/role/" + name_),
    now_(std::move(now)) {}

void role_state::hold(uint64_t token, time_point until) {
  grant_.set(token, until);
  if (told_)
    return;
  told_ = token;
  tell(event_kind::role_gained, token, {});
  for (const auto& hook : on_gained)
    call(hook, token);
}

void role_state::end(const std::string& why) {
  grant_.clear();
  if (!told_)
    return;
  tell(event_kind::role_lost, *std::exchange(told_, std::nullopt), why);
  for (const auto& hook : on_lost)
    call(hook);
}

void role_state::tell_unavailable(const std::string& why) const {
  event what;
  what.kind = event_kind::role_unavailable;
  what.level = severity_of(what.kind);
  what.component = component_;
  what.reason = why;
  events_.emit(std::move(what));
}

void role_state::tell(event_kind kind, uint64_t token,
                      const std::string& why) const {
  event what;
  what.kind = kind;
  what.level = severity_of(kind);
  what.component = component_;
  what.reason = why;
  what.with("token", std::to_string(token));
  events_.emit(std::move(what));
}

template <class Hook, class... Ts>
void role_state::call(const Hook& hook, Ts... arguments) const {
  try {
    hook(arguments...);
  } catch (...) {
    event what;
    what.kind = event_kind::message_failed;
    what.level = severity_of(what.kind);
    what.component = component_;
    what.reason = describe(std::current_exception());
    events_.emit(std::move(what));
  }
}

} // namespace bulwark::detail
