#include <bulwark/chaos/detail/flood_actor.hpp>
#include <bulwark/cluster/detail/wire/wire.hpp>
#include <bulwark/node/detail/node_core.hpp>

#include <algorithm>
#include <set>

// What experiments may do to this node.

namespace bulwark::detail {

std::shared_ptr<fault_desk> node_core::make_fault_desk() {
  if (!given_.node.chaos)
    return nullptr;
  fault_targets targets;
  targets.lend = [this](const fault_order& what) { return lend_fault(what); };
  targets.renew = [this](const std::string& id) { faults_.renew(id); };
  targets.lift = [this](const std::string& id) { faults_.lift(id); };
  return std::make_shared<fault_desk>(std::move(targets), engine_->experiment(),
                                      "node/" + given_.node.name + "/chaos",
                                      engine_->events());
}

std::optional<std::string> node_core::lend_fault(const fault_order& what) {
  const auto& own = given_.node.name;
  const auto& target = what.fault.target;
  switch (place_of(what.fault.kind)) {
  case fault_place::replica:
  case fault_place::gate:
    return lend_to_service(what);
  case fault_place::link:
    if (target == own)
      return "node " + own + " has no link to itself";
    if (auto why = check_struck_node(what))
      return why;
    return faults_.links().lend(what.id, what.fault);
  case fault_place::journal:
    if (target != own)
      return "this is node " + own + ", not " + target;
    if (!engine_->journal().stats())
      return "node " + own + " has no journal";
    return faults_.disk().lend(what.id, what.fault);
  case fault_place::node:
    if (target != own)
      return "this is node " + own + ", not " + target;
    return check_struck_node(what);
  }
  return "there is no place for it";
}

/// A gate is as wide as its service: where no other node offers that, to refuse
/// is to strike the last replica.
std::optional<std::string> node_core::lend_to_service(const fault_order& what) {
  const auto& service = what.fault.target;
  auto* here = services_.find(service);
  auto port = faults_.find_port(service);
  auto gate = engine_->gates().find(service);
  if (here == nullptr || !port || !gate)
    return "service " + service + " does not run on this node";
  if (here->factory.blocking_class)
    return "service " + service
           + " is a blocking_actor of CAF's, whose messages cannot be struck";
  auto now = gate->status();
  if (what.fault.kind == fault_kind::flood) {
    auto why =
      port->lend(what.id, what.fault, fault_leases::all_places, what.random);
    if (!why)
      engine_->system().spawn<flood_actor, caf::hidden>(
        port, what.id, what.fault, gate->handle());
    return why;
  }
  auto radius = what.blast;
  radius.last_replica = radius.last_replica || now.peers_up > 0;
  if (what.fault.kind == fault_kind::refuse && !radius.last_replica)
    return "to refuse is to strike all replicas of " + service
           + ", and no other node offers it; the experiment must say "
             "last_replica = true";
  // The gate tells how many are up, not which: what is chosen must be one.
  if (now.replicas_up < now.replicas && !radius.last_replica)
    return std::to_string(now.replicas_up) + " of "
           + std::to_string(now.replicas) + " replicas of " + service
           + " are up here; one that is must be left";
  auto chosen = choose_replicas(
    radius, service, std::vector<bool>(now.replicas, true), what.random);
  if (chosen.chosen.empty())
    return chosen.refusal;
  fault_leases::places at = 0;
  for (auto each : chosen.chosen)
    at |= uint64_t{1} << each;
  return port->lend(what.id, what.fault, at, what.random);
}

/// A link that is struck takes its node away from this one. What is told of
/// voters are those that this node sees.
std::optional<std::string>
node_core::check_struck_node(const fault_order& what) const {
  auto up =
    cluster_ ? cluster_->connections().peers() : std::set<std::string>{};
  up.insert(given_.node.name);
  const auto& voters = given_.node.voters;
  auto names = up;
  names.insert(voters.begin(), voters.end());
  std::vector<node_view> all;
  for (const auto& name : names)
    all.push_back(
      {name, up.contains(name),
       std::find(voters.begin(), voters.end(), name) != voters.end()});
  return check_node(what.blast, all, what.fault.target, 0);
}

} // namespace bulwark::detail
