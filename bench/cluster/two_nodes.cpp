#include "cluster/two_nodes.hpp"

#include "support/load.hpp"

#include <caf/scoped_actor.hpp>

#include <thread>
#include <utility>

namespace bench {

namespace {

bulwark::wall_time no_time() {
  return {};
}

} // namespace

small_node::small_node(settings what)
  : system_(std::make_unique<caf::actor_system>(config_)) {
  bulwark::monitor_options options;
  options.node = what.name;
  options.boot = 1;
  options.now = no_time;
  if (what.hears)
    options.sink = [hears = what.hears](const bulwark::event& each,
                                        bulwark::event_origin) { hears(each); };
  monitor_ = bulwark::spawn_monitor(*system_, options);
  gate_.emplace(*system_, bulwark::gate_settings{.service = "bench",
                                                 .events = monitor_.events});
  bulwark::cluster_options cluster;
  cluster.node = what.name;
  cluster.boot = 1;
  cluster.listen = bulwark::host_port{"127.0.0.1", 0};
  cluster.join = what.join;
  cluster.tls = what.tls;
  cluster.monitor = monitor_.handle;
  cluster.events = monitor_.events;
  if (what.offers) {
    gate_->declare_replicas(1);
    cluster.offers.emplace("bench", *gate_);
    bulwark::supervisor_settings tree;
    tree.path = "/root/bench";
    bulwark::child_spec spec;
    spec.id = "bench#1";
    spec.start =
      bulwark::start_behind(*gate_, 0, bulwark::make_replica_factory(echo));
    spec.on_change = [at = *gate_](const bulwark::child_change& change) {
      at.replica_changed(0, change);
    };
    tree.children.push_back(std::move(spec));
    supervisor_ = bulwark::spawn_supervisor(*system_, std::move(tree));
  }
  cluster_ = std::make_unique<bulwark::cluster>(*system_, std::move(cluster));
  if (!what.offers)
    cluster_->gate_made("bench", *gate_);
  cluster_->start();
}

small_node::~small_node() {
  cluster_->stop();
  caf::scoped_actor self{*system_};
  if (supervisor_) {
    bulwark::stop(supervisor_);
    self->wait_for(supervisor_);
  }
  gate_->stop();
  bulwark::stop(monitor_.handle);
  self->wait_for(monitor_.handle);
}

void small_node::await_peer() const {
  while (gate_->status().peers_up == 0)
    std::this_thread::yield();
}

} // namespace bench
