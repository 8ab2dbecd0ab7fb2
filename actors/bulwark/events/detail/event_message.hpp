#pragma once

#include <bulwark/caf/sent_wall_time.hpp>
#include <bulwark/events/component_counts.hpp>
#include <bulwark/events/event.hpp>
#include <bulwark/events/event_position.hpp>

#include <caf/error.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/type_name.hpp>

namespace bulwark {

// How CAF sends events.

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, event& x) {
  // CAF 0.17 knows no std::optional.
  auto has_downtime = x.downtime.has_value();
  auto downtime = x.downtime.value_or(duration{0});
  auto load = [&]() -> caf::error {
    x.downtime.reset();
    if (has_downtime)
      x.downtime = downtime;
    return caf::none;
  };
  sent_wall_time at{x.at};
  sent_wall_time booted{x.booted};
  return f(caf::meta::type_name("bulwark.event"), x.kind, x.level, x.failure,
           x.component, x.incarnation, x.type_word, x.reason, x.metadata,
           has_downtime, downtime, x.node, x.boot, x.sequence, at, booted,
           x.uptime, caf::meta::load_callback(load));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, event_position& x) {
  return f(caf::meta::type_name("bulwark.event_position"), x.node, x.boot,
           x.upto);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, component_counts& x) {
  return f(caf::meta::type_name("bulwark.component_counts"), x.node,
           x.component, x.failures, x.recoveries, x.changes);
}

} // namespace bulwark
