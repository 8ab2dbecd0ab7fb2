#include <bulwark/bulkhead/bulkhead_manager.hpp>
#include <bulwark/bulkhead/detail/manager_actor.hpp>
#include <bulwark/bulkhead/detail/manager_core.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <caf/actor_system.hpp>

#include <stdexcept>
#include <utility>

namespace bulwark {

std::optional<std::string> validate(const bulkhead_manager_options& o) {
  using namespace option_checks;
  if (!o.now)
    return said("bulkheads.now", "empty", "set");
  return first_of(positive("bulkheads.sample_every", o.sample_every),
                  within("bulkheads.samples_max", uint64_t{o.samples_max}, 1,
                         bulkhead_manager_options::samples_most));
}

bulkhead_manager::bulkhead_manager(caf::actor_system& sys,
                                   const bulkhead_manager_options& options) {
  if (auto why = validate(options))
    throw std::invalid_argument{*why};
  core_ = std::make_shared<detail::manager_core>(options);
  handle_ = sys.spawn<detail::manager_actor, caf::hidden>(core_, options);
}

caf::error bulkhead_manager::add(bulkhead what) const {
  return core_->add(std::move(what));
}

caf::error bulkhead_manager::add(cpu_quota what) const {
  return core_->add(std::move(what));
}

bulkhead bulkhead_manager::find(const std::string& name) const {
  return core_->find(name);
}

std::vector<bulkhead> bulkhead_manager::all() const {
  return core_->all();
}

std::set<std::string>
bulkhead_manager::bulkheads_of(const std::string& service) const {
  return core_->bulkheads_of(service);
}

caf::error bulkhead_manager::assign(const std::string& service,
                                    const std::string& bulkhead) const {
  return core_->assign(service, bulkhead);
}

caf::expected<service_allocation>
bulkhead_manager::allocate(const std::string& service,
                           const resource_amounts& wanted) const {
  return core_->allocate(service, wanted, 0);
}

caf::expected<service_allocation>
bulkhead_manager::release(const std::string& service) const {
  return core_->release(service);
}

resource_amounts
bulkhead_manager::allocation_of(const std::string& service) const {
  return core_->allocation_of(service);
}

void bulkhead_manager::set_monitoring(bool enabled) const {
  core_->set_monitoring(enabled);
}

bool bulkhead_manager::monitoring_enabled() const {
  return core_->monitoring_enabled();
}

std::vector<bulkhead_stats> bulkhead_manager::stats() const {
  return core_->stats();
}

caf::expected<bulkhead_stats>
bulkhead_manager::stats(const std::string& bulkhead) const {
  return core_->stats_of(bulkhead);
}

system_health bulkhead_manager::health() const {
  return core_->health();
}

caf::expected<performance_trends> bulkhead_manager::trends(double hours) const {
  return core_->trends(hours, handle_->home_system().clock().now());
}

void bulkhead_manager::stop() const {
  bulwark::stop(handle_);
}

} // namespace bulwark
