#include "simulation/rig.hpp"

#include "simulation/borrower.hpp"
#include "simulation/child.hpp"
#include "simulation/client.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/gate/detail/cheap_random.hpp>
#include <bulwark/messages/message_types.hpp>
#include <bulwark/replica/replica_factory.hpp>

#include <caf/all.hpp>

#include <stdexcept>
#include <utility>

namespace test::sim {

namespace {

bulwark::wall_time to_wall_time(bulwark::time_point at) {
  return bulwark::wall_time{
    std::chrono::duration_cast<std::chrono::microseconds>(
      at.time_since_epoch())};
}

} // namespace

rig::rig(const plan& what, backstage& stage)
  : plan_(what),
    stage_(stage),
    system_([](auto& config) { bulwark::add_message_types(config); }),
    chance_(what.seed),
    sent_(what.clients),
    handles_(what.nodes.size()),
    spoiled_(what.nodes.size()) {
  bulwark::detail::cheap_random_state() =
    static_cast<uint32_t>(what.seed * 2654435761U) | 1;
  stage_.book.use([this] { return system_.now(); });
  for (size_t i = 0; i < what.nodes.size(); ++i)
    by_path_.emplace(what.nodes[i].path, i);
  // Gates think that their services are all below the root.
  for (auto& each : what.services)
    by_path_.emplace("/root/" + each.name, each.supervisor);
  monitor_ = bulwark::spawn_monitor(
    system_.system(),
    monitor_options([this](const bulwark::event& x) { note_event(x); }));
  of_groups_ = bulwark::spawn_monitor(
    system_.system(), monitor_options([this](const bulwark::event& x) {
      if (x.kind != bulwark::event_kind::service_down
          && x.kind != bulwark::event_kind::service_up)
        note_event(x);
    }));
  for (auto& each : what.bulkheads)
    bulkheads_.emplace_back(system_.system(),
                            "b" + std::to_string(bulkheads_.size()), each,
                            monitor_.events);
  seen_.resize(bulkheads_.size());
  stage_.look_at_permits = [this](size_t service) {
    if (auto index = plan_.services[service].bulkhead; index != none)
      look_at_bulkhead(index);
  };
  for (auto& each : what.services) {
    gates_.emplace_back(system_.system(), gate_of(each));
    gates_.back().declare_replicas(each.replicas);
    stage_.gates.push_back(gates_.back().handle());
  }
  draining_.resize(gates_.size());
  for (size_t i = 0; i < what.clients; ++i) {
    clients_.push_back(spawn_client(system_.system(), stage_.book));
    borrowers_.push_back(spawn_borrower(system_.system(), stage_.book));
  }
  operator_ = spawn_operator(system_.system(), stage_.book);
  system_.run();
}

bulwark::monitor_options
rig::monitor_options(std::function<void(const bulwark::event&)> to) {
  bulwark::monitor_options options;
  options.beat_every = {};
  options.node = "alpha";
  options.boot = 1;
  options.now = [this] { return to_wall_time(system_.now()); };
  options.sink = [to = std::move(to)](const bulwark::event& x,
                                      bulwark::event_origin) { to(x); };
  return options;
}

bulwark::gate_settings rig::gate_of(const service& what) {
  bulwark::gate_settings result{.service = what.name,
                                .options = what.gate,
                                .events = what.grouped() ? of_groups_.events
                                                         : monitor_.events};
  if (what.bulkhead != none)
    result.bulkhead = bulkheads_[what.bulkhead];
  if (!what.grouped())
    return result;
  auto& usage = result.group.usage;
  usage.active = what.replicas - what.standby;
  usage.standby = what.standby;
  usage.group.min_healthy = what.min_active;
  if (what.comes_back) {
    usage.group.policy = bulwark::fail_back::preferred;
    usage.group.fail_back_after = std::chrono::milliseconds{500};
    usage.group.reset_after = std::chrono::milliseconds{100};
  }
  if (what.ejects)
    usage.ejection = {.errors_in_row = 1,
                      .own = bulwark::own_errors::always,
                      .window = std::chrono::milliseconds{100},
                      .length = std::chrono::milliseconds{200},
                      .length_max = std::chrono::seconds{1}};
  return result;
}

void rig::note_event(const bulwark::event& what) {
  auto it = by_path_.find(what.component);
  stage_.book.add({.what = fact::event,
                   .node = it != by_path_.end() ? it->second : none,
                   .incarnation = what.incarnation,
                   .event = std::make_shared<const bulwark::event>(what)});
}

void rig::note_change(size_t index, const bulwark::child_change& change) {
  stage_.book.add({.what = fact::changed,
                   .node = index,
                   .incarnation = change.incarnation,
                   .state = change.state,
                   .failed = static_cast<bool>(change.reason)});
  auto& it = plan_.nodes[index];
  if (it.supervisor && change.state == bulwark::child_state::up)
    stage_.book.add(
      {.what = fact::ready, .node = index, .incarnation = change.incarnation});
  if (!it.supervisor && it.service != none)
    gates_[it.service].replica_changed(it.replica, change);
}

manner rig::next_manner(size_t index) {
  auto& waiting = spoiled_[index];
  if (waiting.empty())
    return {};
  auto result = waiting.front();
  waiting.pop_front();
  return result;
}

void rig::watch(size_t index, uint64_t incarnation,
                const caf::strong_actor_ptr& handle) {
  handles_[index] = handle;
  handle->get()->attach_functor([=, this](const caf::error& reason) {
    auto code = bulwark::code_of(reason, bulwark::errc{});
    stage_.book.add({.what = fact::ended,
                     .node = index,
                     .incarnation = incarnation,
                     .how = bulwark::classify(reason),
                     .gave_up = plan_.nodes[index].supervisor
                                && code == bulwark::errc::service_failed,
                     .text = bulwark::describe(reason)});
  });
}

rig::start_function rig::watched(size_t index, start_function inner) {
  return [=, this, inner = std::move(inner)](caf::execution_unit* eu,
                                             const bulwark::birth& born) {
    // An instance of a template is told which one it is.
    auto who =
      born.arguments.empty() ? index : born.arguments.get_as<size_t>(0);
    entry line{
      .what = fact::born, .node = who, .incarnation = born.incarnation};
    stage_.book.add(line);
    line.what = fact::threw;
    auto how = next_manner(who);
    stage_.next = {who, born.incarnation, how, plan_.nodes[who].reports_ready,
                   born.control};
    caf::strong_actor_ptr handle;
    try {
      if (how.starts == manner::start::throws)
        throw std::logic_error{"cannot start"};
      if (how.starts != manner::start::returns_null)
        handle = inner(eu, born);
    } catch (...) {
      stage_.book.add(line);
      throw;
    }
    if (handle)
      watch(who, born.incarnation, handle);
    else
      stage_.book.add(line);
    return handle;
  };
}

bulwark::child_spec rig::worker_spec(size_t index) {
  auto& it = plan_.nodes[index];
  bulwark::child_spec result;
  result.restart = it.restart;
  bulwark::replica_manner manner{false, it.reports_ready};
  auto factory = make_child_factory(stage_);
  result.start =
    it.service == none
      ? bulwark::start_alone(factory, manner)
      : bulwark::start_behind(gates_[it.service], it.replica, factory, manner);
  result.on_failure = {
    {"std::domain_error", bulwark::failure_directive::stop},
    {"std::range_error", bulwark::failure_directive::escalate},
    {"std::overflow_error", bulwark::failure_directive::resume},
  };
  return result;
}

bulwark::child_spec rig::spec(size_t index) {
  auto& it = plan_.nodes[index];
  auto result = it.supervisor
                  ? bulwark::supervisor_child(settings(index), it.restart)
                  : worker_spec(index);
  result.id = it.id;
  result.on_limit = it.on_limit;
  result.significant = it.significant;
  result.ready_within = it.ready_within;
  result.hung_after = it.hung_after;
  result.start = watched(index, std::move(result.start));
  result.on_change = [=, this](const bulwark::child_change& change) {
    note_change(index, change);
  };
  return result;
}

bulwark::supervisor_settings rig::settings(size_t index) {
  auto& it = plan_.nodes[index];
  bulwark::supervisor_settings result;
  result.path = it.path;
  result.strategy = it.strategy;
  result.on_significant = it.on_significant;
  result.limits = it.limits;
  result.min_healthy = it.min_healthy;
  result.events = monitor_.events;
  result.seed = plan_.seed * 31 + index;
  result.abandon_after = it.abandon_after;
  auto simple = it.strategy == bulwark::restart_strategy::simple_one_for_one;
  for (auto child : stage_.book.world().children(index)) {
    if (plan_.nodes[child].dynamic != simple)
      continue;
    result.children.push_back(spec(child));
    if (!simple)
      continue;
    // All instances share it, so it cannot tell whose change it is.
    result.children.back().id = "template";
    result.children.back().on_change = nullptr;
    break;
  }
  return result;
}

void rig::start_root() {
  stage_.book.add({.what = fact::born, .node = 0, .incarnation = 1});
  auto root = bulwark::spawn_supervisor(system_.system(), settings(0));
  watch(0, 1, caf::actor_cast<caf::strong_actor_ptr>(root));
}

} // namespace test::sim
