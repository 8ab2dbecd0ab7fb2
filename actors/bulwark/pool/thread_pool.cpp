#include <bulwark/pool/detail/thread_pool_actor.hpp>
#include <bulwark/pool/detail/wait_max.hpp>
#include <bulwark/pool/thread_pool.hpp>
#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/text/validate_name.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <stdexcept>

namespace bulwark {

bulkhead_options bulkhead_of(const thread_pool_settings& settings) {
  auto result = settings.bulkhead;
  result.kind = bulkhead_kind::thread_pool;
  result.capacity = settings.threads.max;
  result.queue_timeout = result.queue > 0 ? settings.wait : duration::zero();
  return result;
}

std::optional<std::string> validate(const thread_pool_settings& settings) {
  if (auto bad = validate_name("pool name", settings.name))
    return bad;
  if (auto bad = validate(settings.threads))
    return bad;
  if (auto bad = option_checks::positive("pool.wait", settings.wait))
    return bad;
  if (auto bad = option_checks::within("pool.wait", settings.wait, duration{1},
                                       pool_wait_max))
    return bad;
  if (auto bad =
        option_checks::not_negative("pool.shutdown", settings.shutdown))
    return bad;
  return settings.compartment ? std::nullopt : validate(bulkhead_of(settings));
}

thread_pool::thread_pool(caf::actor_system& sys,
                         const thread_pool_settings& settings)
  : sys_(&sys) {
  if (auto bad = validate(settings))
    throw std::invalid_argument{*bad};
  compartment_ = settings.compartment;
  if (!compartment_)
    compartment_ =
      bulkhead{sys, settings.name, bulkhead_of(settings), settings.events};
  auto threads = detail::make_worker_host(sys, settings.name);
  using impl = detail::thread_pool_actor;
  handle_ = settings.own_thread ? sys.spawn<impl, caf::detached + caf::hidden>(
              settings, compartment_, std::move(threads))
                                : sys.spawn<impl, caf::hidden>(
                                  settings, compartment_, std::move(threads));
}

thread_counts thread_pool::counts() const {
  thread_counts result;
  caf::scoped_actor self{*sys_, true};
  self->request(handle_, caf::infinite, detail::thread_counts_request{})
    .receive([&](const thread_counts& x) { result = x; },
             [](const caf::error&) {});
  return result;
}

void thread_pool::stop() const {
  detail::send_stop(*sys_, handle_);
}

} // namespace bulwark
