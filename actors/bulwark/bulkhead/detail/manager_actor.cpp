#include <bulwark/bulkhead/detail/manager_actor.hpp>
#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <caf/actor_cast.hpp>
#include <caf/message_view.hpp>
#include <caf/sec.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

/// To itself.
struct sample_now {};

} // namespace

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::sample_now)

namespace bulwark::detail {

manager_actor::manager_actor(caf::actor_config& config,
                             std::shared_ptr<manager_core> core,
                             const bulkhead_manager_options& options)
  : system_actor(config, "/bulkheads", options.events),
    core_(std::move(core)),
    sample_every_(options.sample_every) {
  set_default_handler([this](caf::scheduled_actor*, caf::message_view& what) {
    return pass_on(what);
  });
}

caf::behavior manager_actor::make_behavior() {
  delayed_send(this, sample_every_, sample_now{});
  return {
    [this](const allocate_resources& what) { return allocate(what); },
    [this](const release_service_resources& what) {
      return core_->release(what.service);
    },
    [this](const assign_service& what) -> caf::result<caf::unit_t> {
      if (auto why = core_->assign(what.service, what.bulkhead))
        return why;
      return caf::unit;
    },
    [this](const set_monitoring& what) {
      core_->set_monitoring(what.enabled);
      return caf::unit;
    },
    [this](system_health_request) { return core_->health(); },
    [this](const performance_trends_request& what) {
      return core_->trends(what.hours, now());
    },
    [this](const actor_ended& what) { on_down(what); },
    [this](sample_now) {
      delayed_send(this, sample_every_, sample_now{});
      core_->sample(now());
    },
    [this](stop_actor) { quit(caf::exit_reason::user_shutdown); },
  };
}

caf::result<caf::message> manager_actor::pass_on(caf::message_view& what) {
  const auto& known = what.content();
  if (known.size() < 2 || !known.match_element<at_bulkhead>(0))
    return on_unknown();
  auto content = what.move_content_to_message();
  auto to = core_->handle_of(content.get_as<at_bulkhead>(0).name);
  if (!to)
    return std::move(to.error());
  return delegate(*to, content.drop(1));
}

caf::result<service_allocation>
manager_actor::allocate(const allocate_resources& what) {
  if (!what.follow)
    return core_->allocate(what.service, what.resources, 0);
  auto owner = caf::actor_cast<caf::actor_addr>(current_sender());
  if (!owner)
    return make_error(errc::invalid_option,
                      option_checks::said("follow of " + what.service, "true",
                                          "false, where nobody asks"));
  return core_->allocate(what.service, what.resources, follow(owner));
}

uint64_t manager_actor::follow(const caf::actor_addr& owner) {
  auto [known, fresh] = owners_.emplace(owner, last_owner_ + 1);
  if (fresh) {
    ++last_owner_;
    watch_end(owner, address());
  }
  return known->second;
}

void manager_actor::on_down(const actor_ended& what) {
  auto known = owners_.find(what.who);
  if (known == owners_.end())
    return;
  auto owner = known->second;
  owners_.erase(known);
  core_->release_of(owner, "its owner ended: " + describe(what.reason));
}

} // namespace bulwark::detail
