#include <bulwark/cluster/detail/unknown_service.hpp>
#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/text/detail/nearest_name.hpp>

#include <utility>

namespace bulwark::detail {

void tell_unknown(const unknown_service& what, const gate& which) {
  auto nearest = nearest_name(what.service, what.known);
  event told;
  told.kind = event_kind::service_unknown;
  told.level = severity_of(told.kind);
  told.component = what.component;
  told.reason = "no node offers a service of that name";
  told.with("service", what.service);
  if (!nearest.empty())
    told.with("nearest", nearest);
  what.events.emit(std::move(told));
  which.offered_nowhere(std::move(nearest));
}

} // namespace bulwark::detail
