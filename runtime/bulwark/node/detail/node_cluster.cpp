#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/cluster/detail/peer_file.hpp>
#include <bulwark/cluster/detail/promise_file.hpp>
#include <bulwark/cluster/detail/unknown_service.hpp>
#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/node/detail/node_core.hpp>
#include <bulwark/node/detail/singleton_actor.hpp>
#include <bulwark/options/host_port.hpp>

#include <algorithm>
#include <utility>

namespace bulwark::detail {

void node_core::enter_cluster() {
  auto& given = given_.node;
  if (!given.listen && given.join.empty())
    return tell_of_unknown();
  cluster_options options;
  options.node = given.name;
  options.name = given.cluster;
  options.boot = options.seed = engine_->boot();
  options.listen = given.listen;
  options.advertise = given.advertise;
  options.join = given.join;
  options.monitor = engine_->monitor();
  options.events = engine_->events();
  options.letters = engine_->letters().box;
  options.tls = given.tls;
  options.allowed = given.allow_nodes;
  options.voters = given.voters;
  options.lease = given.lease;
  if (given.chaos)
    options.faults = faults_.wire_faults_source();
  const auto& voters = given.voters;
  if (std::find(voters.begin(), voters.end(), given.name) != voters.end())
    options.promises =
      std::make_shared<promise_file>(given.data / (given.name + ".roles"));
  if (given.data_given) {
    options.kept =
      std::make_shared<peer_file>(given.data / (given.name + ".peers"));
    options.wall = engine::wall_clock;
  }
  options.roles = roles_.all();
  offer_services(options);
  cluster_.emplace(engine_->system(), std::move(options));
  engine_->gates().listen([this](const std::string& service, const gate& made) {
    cluster_->gate_made(service, made);
  });
  told_by_breakers_.store(&*cluster_);
  for (const auto& [service, breaker] : breakers_.all())
    if (breaker->options().cluster_wide)
      cluster_->breaker_made(service, breaker);
  if (cluster_->bound())
    announcements.emplace_back("listen", to_string(*cluster_->bound()));
  if (given.listen && !given.tls.given() && !is_loopback(given.listen->host))
    tell_exposed(*cluster_->bound());
  if (cluster_->advertised() != cluster_->bound())
    announcements.emplace_back("advertise", to_string(*cluster_->advertised()));
}

/// What other nodes get of this one, and how it does.
void node_core::offer_services(cluster_options& options) {
  options.isolated = [this](const std::string& service) {
    const auto* declared = services_.find(service);
    if (declared == nullptr || declared->bulkhead.empty())
      return false;
    auto stats = engine_->bulkheads().stats(declared->bulkhead);
    return stats && stats->isolation == isolation::all;
  };
  for (auto* each : services_.in_start_order()) {
    options.offers.emplace(each->name, *engine_->gates().find(each->name));
    if (each->singleton)
      options.singletons.insert(each->name);
  }
}

void node_core::tell_exposed(const host_port& where) {
  event what;
  what.kind = event_kind::warning_raised;
  what.level = severity_of(what.kind);
  what.component = "node/" + given_.node.name;
  what.reason = "other nodes may connect without TLS: who reaches the address "
                "can do anything here";
  what.with("basis", "it listens on " + to_string(where))
    .with("advice", "give it certificates: --tls-cert, --tls-key, --tls-ca");
  engine_->events().emit(std::move(what));
}

/// Before roles are given, so that none is missed.
void node_core::start_singletons() {
  singleton_settings settings;
  settings.node = given_.node.name;
  settings.root = root_;
  settings.events = engine_->events();
  for (auto* each : services_.in_start_order())
    if (each->singleton)
      settings.all.push_back(
        {each->name, each->role, *engine_->gates().find(each->name)});
  if (settings.all.empty())
    return;
  if (cluster_)
    settings.move = [this](const std::string& service, bool here) {
      cluster_->move(service, here);
    };
  auto all = settings.all;
  singletons_ = engine_->system().spawn<singleton_actor>(std::move(settings));
  // Hooks must not keep it alive: a program may keep the role.
  auto look = [whom = singletons_.address()] {
    post(whom, nullptr, singleton_look{});
  };
  for (const auto& each : all) {
    each.role->on_gained.push_back([look](uint64_t) { look(); });
    each.role->on_lost.push_back(look);
  }
  look();
}

/// Without a cluster nobody else can offer what is not declared here.
void node_core::tell_of_unknown() {
  std::vector<std::string> known;
  for (const auto* each : services_.in_start_order())
    known.push_back(each->name);
  engine_->gates().listen([=, this](const std::string& service,
                                    const gate& made) {
    if (std::find(known.begin(), known.end(), service) == known.end())
      tell_unknown(
        {"node/" + given_.node.name, service, known, engine_->events()}, made);
  });
}

} // namespace bulwark::detail
