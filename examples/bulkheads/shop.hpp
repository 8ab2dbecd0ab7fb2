#pragma once

#include "load.hpp"

#include <caf/actor.hpp>
#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>

#include <map>
#include <string>
#include <vector>

namespace compartments {

/// A service of the shop: a `user_request` is answered with a text after as
/// long as it takes, or with an error.
caf::behavior shop_service(caf::event_based_actor* self);

/// To a load test: begin. Answered with the `load_report` when the last
/// request came back.
struct run_load {};

/// Sends requests to the gates of their services, as many clients at once as
/// there are; each takes the next request when it has its answer.
caf::behavior load_test(caf::event_based_actor* self,
                        const std::map<std::string, caf::actor>& gates,
                        const std::vector<user_request>& requests,
                        size_t clients);

} // namespace compartments

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(compartments::run_load)
