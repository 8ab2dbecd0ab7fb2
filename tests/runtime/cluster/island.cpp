#include "runtime/cluster/island.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/cluster/detail/peer_file.hpp>
#include <bulwark/supervisor/supervisor.hpp>

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace test {

namespace {

constexpr std::chrono::seconds patience{20};

caf::behavior echo(caf::event_based_actor* self, const std::string& name) {
  return {
    [=](const std::string& text) -> caf::result<std::string> {
      if (text == "crash")
        throw std::runtime_error{"asked to crash"};
      if (text == "hang")
        return self->make_response_promise<std::string>();
      return name + " " + text;
    },
  };
}

bulwark::wall_time epoch() {
  return {};
}

std::map<std::string, bulwark::replica_factory>
all_services(const island::settings& what) {
  auto result = what.others;
  for (const auto& service : what.services)
    result.emplace(service, bulwark::make_replica_factory(echo, service));
  return result;
}

} // namespace

void await(const std::string& what, const std::function<bool()>& right) {
  auto end = std::chrono::steady_clock::now() + patience;
  while (!right()) {
    if (std::chrono::steady_clock::now() > end)
      FAIL("waited in vain until " << what);
    std::this_thread::yield();
  }
}

island::island(settings what) {
  if (what.types)
    what.types(config_);
  system_ = std::make_unique<caf::actor_system>(config_);
  bulwark::monitor_options options;
  options.node = what.name;
  options.boot = what.boot;
  options.now = epoch;
  options.sink = [this](const bulwark::event& each,
                        bulwark::event_origin from) {
    std::lock_guard guard{lock_};
    if (from == bulwark::event_origin::own)
      events_.push_back(each);
  };
  monitor_ = bulwark::spawn_monitor(*system_, options);
  bulwark::cluster_options cluster;
  cluster.node = what.name;
  cluster.name = what.cluster;
  cluster.boot = what.boot;
  cluster.listen = bulwark::host_port{"127.0.0.1", 0};
  cluster.advertise = what.advertise;
  cluster.join = what.join;
  cluster.faults = what.faults;
  cluster.monitor = monitor_.handle;
  cluster.events = monitor_.events;
  cluster.voters = what.voters;
  cluster.lease = what.lease;
  cluster.limits = what.limits;
  cluster.noticing = what.noticing;
  cluster.newest_protocol = what.newest_protocol;
  cluster.tls = what.tls;
  cluster.allowed = what.allowed;
  if (!what.kept.empty())
    cluster.kept = std::make_shared<bulwark::detail::peer_file>(what.kept);
  cluster.wall = epoch;
  auto services = all_services(what);
  for (const auto& [service, factory] : services)
    cluster.offers[service] = gate(service);
  start_services(services);
  cluster_ = std::make_unique<bulwark::cluster>(*system_, cluster);
  cluster_->start();
}

void island::start_services(
  const std::map<std::string, bulwark::replica_factory>& services) {
  bulwark::supervisor_settings tree;
  tree.path = "/root";
  tree.events = monitor_.events;
  for (const auto& [service, factory] : services) {
    auto at = gates_.at(service);
    at.declare_replicas(1);
    bulwark::child_spec spec;
    spec.id = service;
    spec.start = bulwark::start_behind(at, 0, factory);
    spec.on_change = [at](const bulwark::child_change& change) {
      at.replica_changed(0, change);
    };
    tree.children.push_back(std::move(spec));
  }
  supervisor_ = bulwark::spawn_supervisor(*system_, std::move(tree));
}

void island::drain() {
  cluster_->drain();
  for (const auto& [name, each] : gates_)
    each.drain();
  await("nothing is in flight", [this] {
    return std::all_of(gates_.begin(), gates_.end(), [](const auto& each) {
      auto now = each.second.status();
      return now.in_flight + now.waiting == 0;
    });
  });
}

uint16_t island::listen_for(const caf::actor& whom) {
  return wires().listen({"127.0.0.1", 0},
                        caf::actor_cast<caf::strong_actor_ptr>(whom));
}

island::~island() {
  cluster_->stop();
  caf::scoped_actor self{*system_};
  bulwark::stop(supervisor_);
  self->wait_for(supervisor_);
  for (const auto& [name, each] : gates_)
    each.stop();
  bulwark::stop(monitor_.handle);
  self->wait_for(monitor_.handle);
}

bulwark::gate island::gate(const std::string& service) {
  auto it = gates_.find(service);
  if (it != gates_.end())
    return it->second;
  // Whoever waits does so for longer than the tests do.
  bulwark::gate_options options;
  options.timeout = options.stash_wait = 3 * patience;
  bulwark::gate fresh{
    *system_,
    {.service = service, .options = options, .events = monitor_.events}};
  gates_.emplace(service, fresh);
  if (cluster_)
    cluster_->gate_made(service, fresh);
  return fresh;
}

std::string island::ask(const std::string& service, const std::string& text) {
  caf::scoped_actor self{*system_};
  std::string result;
  self->request(gate(service).handle(), caf::infinite, text)
    .receive([&](const std::string& answer) { result = answer; },
             [&](const caf::error& err) { result = bulwark::describe(err); });
  return result;
}

bulwark::event island::await_event(bulwark::event_kind kind,
                                   const std::string& component) {
  bulwark::event result;
  await(to_string(kind) + " of " + component, [&] {
    std::lock_guard guard{lock_};
    auto it = std::find_if(
      events_.begin(), events_.end(), [&](const bulwark::event& each) {
        return each.kind == kind && each.component == component;
      });
    if (it == events_.end())
      return false;
    result = *it;
    return true;
  });
  return result;
}

bulwark::event island::last(bulwark::event_kind kind) const {
  std::lock_guard guard{lock_};
  auto it = std::find_if(events_.rbegin(), events_.rend(),
                         [&](const auto& each) { return each.kind == kind; });
  return *it;
}

size_t island::count(bulwark::event_kind kind) const {
  std::lock_guard guard{lock_};
  return static_cast<size_t>(
    std::count_if(events_.begin(), events_.end(),
                  [&](const auto& each) { return each.kind == kind; }));
}

} // namespace test
