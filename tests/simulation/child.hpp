#pragma once

#include "simulation/backstage.hpp"

#include <bulwark/replica/replica_factory.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

#include <map>

namespace test::sim {

/// To a replica: do this.
struct job {
  message_name name;
  work what;
  size_t service = none;
};

/// To a child: end like this.
struct end_like {
  ending how = ending::normal;
};

/// Starts children that do as `backstage::next` says and note what they do.
bulwark::replica_factory make_child_factory(backstage& stage);

} // namespace test::sim

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(test::sim::job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(test::sim::end_like)
