#pragma once

#include "api/messages.hpp"

#include <bulwark/http/message.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>

#include <string>

namespace storefront {

/// One request on its way from HTTP to a service.
struct front_job {
  std::string service;
  caf::actor gate;
  bulwark::http_responder respond;
  bulwark::time_point received;

  /// By what the rates of compartments know the client.
  std::string client = {};
};

/// Ask the service.
struct front_call {
  front_job job;
  api_call call;
};

/// Make it crash.
struct front_crash {
  front_job job;
};

/// The bridge between the HTTP server's thread and the actors: sends what a
/// client wants to the gate and answers the client with what comes back. It
/// waits without limit, because a gate answers by itself at its deadline.
caf::behavior front_actor(caf::event_based_actor* self);

} // namespace storefront

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(storefront::front_call)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(storefront::front_crash)
