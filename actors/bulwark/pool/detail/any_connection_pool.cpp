#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/gate/detail/running_service.hpp>
#include <bulwark/pool/connection_pool.hpp>
#include <bulwark/pool/detail/connection_pool_actor.hpp>

#include <caf/actor_cast.hpp>
#include <caf/scoped_actor.hpp>

#include <stdexcept>

namespace bulwark {

std::string current_service() {
  auto* running = detail::this_service();
  return running != nullptr && running->core != nullptr ? running->core->name()
                                                        : std::string{};
}

namespace detail {

any_connection_pool::any_connection_pool(
  caf::actor_system& sys, connection_pool_settings settings,
  std::shared_ptr<const connection_driver> driver)
  : sys_(&sys) {
  if (auto bad = validate(settings))
    throw std::invalid_argument{*bad};
  compartment_ = settings.compartment;
  if (!compartment_)
    compartment_ =
      bulkhead{sys, settings.name, bulkhead_of(settings), settings.events};
  auto threads = make_worker_host(sys, settings.name);
  handle_ = settings.own_thread
              ? sys.spawn<connection_pool_actor, caf::detached + caf::hidden>(
                settings, compartment_, std::move(driver), std::move(threads))
              : sys.spawn<connection_pool_actor, caf::hidden>(
                settings, compartment_, std::move(driver), std::move(threads));
}

void any_connection_pool::stop() const {
  send_stop(*sys_, handle_);
}

connection_counts any_connection_pool::counts() const {
  connection_counts result;
  caf::scoped_actor self{*sys_, true};
  self->request(handle_, caf::infinite, connection_counts_request{})
    .receive([&](const connection_counts& x) { result = x; },
             [](const caf::error&) {});
  return result;
}

caf::error any_connection_pool::prepare(acquire_connection& what,
                                        caf::local_actor* owner) const {
  if (owner != nullptr && shares_thread(*owner))
    return make_error(errc::not_supported,
                      "acquire waits, and others run in this thread: declare "
                      "the service .blocking(), or send acquire_connection");
  what.owner =
    owner != nullptr ? caf::actor_cast<caf::strong_actor_ptr>(owner) : nullptr;
  return {};
}

} // namespace detail
} // namespace bulwark
