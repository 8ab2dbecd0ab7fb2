#include <bulwark/cluster/detail/wire/wire.hpp>
#include <bulwark/node/detail/node_core.hpp>
#include <bulwark/node/detail/resource_figures.hpp>
#include <bulwark/warning/warning_watch.hpp>

#include <caf/send.hpp>

#include <map>
#include <utility>

namespace bulwark::detail {

namespace {

/// How often replicas of a service may fail.
struct failure_limit {
  uint32_t limit = 0;
  duration period{};
};

/// Returns the service of `/root/orders/orders#1`.
std::string service_of(const std::string& path) {
  constexpr std::string_view root = "/root/";
  if (!path.starts_with(root))
    return "";
  auto begin = root.size();
  return path.substr(begin, path.find('/', begin) - begin);
}

} // namespace

/// When all is up, because what a start uses is no trend.
void node_core::start_warnings() {
  if (!given_.node.warnings)
    return;
  resource_figures::sources from;
  from.node = given_.node.name;
  from.bulkheads = [this] { return engine_->bulkheads().stats(); };
  from.services = [this] {
    std::vector<gate_status> result;
    for (const auto& [name, each] : engine_->gates().all())
      result.push_back(each.status());
    return result;
  };
  from.dead_letters_percent = [box = engine_->letters().box] {
    return box.used_percent();
  };
  for (const auto* each : services_.in_start_order())
    from.stashes[each->name] = each->settings.gate.stash_messages;
  if (engine_->journal().stats())
    from.journal = given_.node.data;
  auto figures = std::make_shared<resource_figures>(std::move(from));
  warning_watch_settings settings;
  settings.every = given_.node.warning_sample;
  settings.samples = [figures] { return figures->read(); };
  settings.events = engine_->events();
  if (cluster_)
    settings.silences = [this] {
      std::map<std::string, duration> result;
      for (const auto& [peer, longest] :
           cluster_->connections().take_silences())
        result.emplace("node/" + peer, longest);
      return result;
    };
  warnings_ = spawn_warning_watch(engine_->system(), std::move(settings));
  watch_failures();
}

void node_core::watch_failures() {
  std::map<std::string, failure_limit> limits;
  for (const auto* each : services_.in_start_order())
    limits[each->name] = {each->settings.restart.intensity,
                          each->settings.restart.period};
  failures_heard_ = engine_->tap().listen(
    [limits = std::move(limits), to = warnings_](const event& what) {
      if (what.kind != event_kind::child_failed)
        return;
      auto known = limits.find(service_of(what.component));
      auto of = known == limits.end() ? failure_limit{} : known->second;
      caf::anon_send(to, failure_seen{what.component, of.limit, of.period});
    });
}

void node_core::end_warnings() {
  if (!warnings_)
    return;
  engine_->tap().end(failures_heard_);
  end(warnings_);
}

} // namespace bulwark::detail
