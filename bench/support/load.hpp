#pragma once

#include <caf/actor.hpp>
#include <caf/behavior.hpp>
#include <caf/fwd.hpp>

#include <cstdint>

namespace bench {

/// A service that sends its number back.
caf::behavior echo();

/// How requests come: from so many clients, each with so many under way.
struct load {
  int64_t clients;
  int64_t window;
  int64_t requests;
};

/// Makes all requests and returns how many were answered per second, with a
/// value or an error.
double rate(caf::actor_system& sys, const caf::actor& to, const load& with);

} // namespace bench
