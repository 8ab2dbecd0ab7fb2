#include <bulwark/replication/detail/promotion.hpp>
#include <bulwark/replication/server_plan.hpp>

#include <algorithm>
#include <tuple>

namespace bulwark::detail {

namespace {

using order = server_order::kind;
using all_views = std::vector<server_view>;
constexpr auto no_server = server_plan::nobody;

bool ends_before(const server_view& a, const server_view& b) {
  return std::tie(a.timeline, a.place) < std::tie(b.timeline, b.place);
}

/// The furthest of those that `fits` says; of several the first.
template <class Predicate>
size_t furthest_of(const all_views& views, Predicate fits) {
  auto result = no_server;
  for (size_t i = 0; i < views.size(); ++i)
    if (fits(views[i])
        && (result == no_server || ends_before(views[result], views[i])))
      result = i;
  return result;
}

bool leads(const server_view& it) {
  return it.answered && it.running && !it.hung && !it.standby;
}

/// No primary of an earlier timeline counts: what was acknowledged since would
/// be dropped by whoever follows it.
uint64_t newest_timeline(const all_views& views) {
  uint64_t result = 0;
  for (const auto& each : views)
    if (each.answered)
      result = std::max({result, each.timeline, each.promised});
  return result;
}

bool has_told(const server_view& it) {
  return it.answered && it.running && it.standby && it.left && !it.hung;
}

bool has_led(const server_view& it) {
  return it.answered && !it.empty && !it.standby && !it.running;
}

/// What brings that one behind the primary, or nothing.
void bring_back(const all_views& views, const std::vector<std::string>& names,
                size_t which, server_plan& plan) {
  const auto& it = views[which];
  auto source = plan.primary;
  if (!it.answered || which == source)
    return;
  if (it.hung)
    plan.orders.push_back({order::stop, which, source});
  else if (it.empty)
    plan.orders.push_back({order::follow, which, source});
  else if (!it.standby || it.stuck)
    plan.orders.push_back({order::rejoin, which, source});
  else if (!it.running || it.left || it.source != names[source])
    plan.orders.push_back({order::follow, which, source});
}

/// Has those that have told promise a timeline, and then the furthest lead.
void promote_furthest(const all_views& views, server_plan& plan) {
  auto best = furthest_of(views, has_told);
  auto next = views[best].timeline + 1;
  for (size_t i = 0; i < views.size(); ++i)
    if (has_told(views[i]) && views[i].promised < next)
      plan.orders.push_back({order::promise, i, i, next});
  if (plan.orders.empty())
    plan.orders.push_back({order::promote, best, best});
}

/// Nobody leads: standbys leave, and when enough have, the furthest leads.
void find_primary(const all_views& views, const std::vector<std::string>& names,
                  size_t told_min, server_plan& plan) {
  std::vector<size_t> silent;
  for (size_t i = 0; i < views.size(); ++i) {
    const auto& it = views[i];
    if (!has_told(it))
      silent.push_back(i);
    if ((it.answered && it.hung) || leads(it))
      plan.orders.push_back({order::stop, i, i});
    else if (it.answered && it.standby && !has_told(it))
      plan.orders.push_back({order::leave, i, i});
  }
  // First they leave, then their positions count.
  if (!plan.orders.empty())
    return;
  auto last = furthest_of(views, has_led);
  if (views.size() - silent.size() >= told_min)
    promote_furthest(views, plan);
  else if (last != no_server && views[last].timeline == newest_timeline(views))
    plan.orders.push_back({order::restart, last, last});
  else
    plan.missing = explain_too_few(names, silent, told_min);
}

} // namespace

std::string to_string(server_order::kind what) {
  constexpr const char* names[] = {"create",  "stop",    "leave",
                                   "promise", "promote", "restart",
                                   "follow",  "rejoin",  "open"};
  auto number = static_cast<size_t>(what);
  return number < std::size(names)
           ? names[number]
           : "server_order(" + std::to_string(number) + ")";
}

server_plan plan_servers(const std::vector<std::string>& names,
                         const std::vector<server_view>& views,
                         size_t told_min) {
  server_plan plan;
  if (std::all_of(views.begin(), views.end(), [](const server_view& it) {
        return it.answered && it.empty;
      })) {
    plan.orders.push_back({order::create, 0, 0});
    return plan;
  }
  plan.primary =
    furthest_of(views, [newest = newest_timeline(views)](const auto& it) {
      return leads(it) && it.timeline == newest;
    });
  if (plan.primary == no_server) {
    find_primary(views, names, told_min, plan);
    return plan;
  }
  for (size_t i = 0; i < views.size(); ++i)
    bring_back(views, names, i, plan);
  if (!views[plan.primary].open)
    plan.orders.push_back({order::open, plan.primary, plan.primary});
  return plan;
}

} // namespace bulwark::detail
