#pragma once

#include "api/service.hpp"

#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include <functional>
#include <memory>

namespace storefront {

using service_factory = std::function<std::unique_ptr<api_service>()>;

struct service_state {
  std::unique_ptr<api_service> service;
};

/// An actor around an `api_service`, which each incarnation makes anew and on
/// its own thread. It answers `api_call` with `api_reply`; with `chaos` it
/// obeys `chaos_crash`.
caf::behavior service_actor(caf::stateful_actor<service_state>* self,
                            const service_factory& make, bool chaos);

/// Throws if `chaos`; otherwise returns the error of an unknown message.
caf::error obey(const chaos_crash& order, bool chaos);

} // namespace storefront
