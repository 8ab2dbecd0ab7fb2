#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/messages/message_types.hpp>
#include <bulwark/supervisor/supervisor.hpp>
#include <bulwark/testing/service_rig.hpp>

#include <algorithm>
#include <stdexcept>

namespace bulwark::testing {

namespace {

constexpr size_t replicas_max = 64;

/// How far time goes before `await` looks again.
constexpr auto stride = std::chrono::milliseconds{10};

wall_time shown_on_a_wall(time_point at) {
  return wall_time{std::chrono::duration_cast<std::chrono::microseconds>(
    at.time_since_epoch())};
}

child_spec replica_spec(const std::string& name, size_t i, const gate& door,
                        const replica_factory& factory,
                        const service_plan& plan) {
  auto index = static_cast<uint8_t>(i);
  child_spec result;
  result.id = name + "#" + std::to_string(i + 1);
  result.restart = plan.restart;
  result.start = start_behind(door, index, factory);
  result.on_change = [door, index](const child_change& change) {
    door.replica_changed(index, change);
  };
  return result;
}

} // namespace

service_rig::service_rig(std::optional<uint64_t> seed, const configure& change)
  : rig_([&](auto& config) {
      add_message_types(config);
      if (change)
        change(config);
    }) {
  if (seed)
    order_.emplace(*seed);
  auto now = [this] { return shown_on_a_wall(rig_.now()); };
  monitor_options options;
  options.beat_every = {};
  options.node = "rig";
  options.boot = 1;
  options.now = now;
  options.sink = [this](const event& what, event_origin) {
    events_.push_back(what);
  };
  monitor_ = spawn_monitor(system(), std::move(options));
  letters_ =
    keep_dead_letters(system(), {.now = now, .events = monitor_.events});
  run();
}

service_rig::~service_rig() {
  try {
    for (auto& [name, each] : services_)
      bulwark::stop(each.supervisor);
    run();
    for (auto& [name, each] : services_)
      each.door.stop();
    advance(std::chrono::minutes{1});
    bulwark::stop(letters_.handle);
    bulwark::stop(monitor_.handle);
    run();
  } catch (...) {
    // A test that has failed already may leave anything behind.
  }
}

caf::actor service_rig::start(const std::string& name, replica_factory factory,
                              const service_plan& plan) {
  if (plan.replicas < 1 || plan.replicas > replicas_max)
    throw std::invalid_argument{"service '" + name + "': replicas is "
                                + std::to_string(plan.replicas)
                                + "; it must be 1 to 64"};
  if (services_.contains(name))
    throw std::invalid_argument{"service '" + name
                                + "' runs on this rig already"};
  gate door{system(),
            {.service = name,
             .options = plan.gate,
             .events = monitor_.events,
             .letters = letters_.box,
             .types = factory.types(system())}};
  door.declare_replicas(plan.replicas);
  supervisor_settings settings;
  settings.path = "/root/" + name;
  settings.events = monitor_.events;
  settings.limits = plan.limits;
  for (size_t i = 0; i < plan.replicas; ++i)
    settings.children.push_back(replica_spec(name, i, door, factory, plan));
  auto supervisor = spawn_supervisor(system(), std::move(settings));
  services_.emplace(name, running{door, supervisor});
  run();
  return door.handle();
}

void service_rig::run() {
  if (order_)
    rig_.run_seeded(*order_);
  else
    rig_.run();
}

void service_rig::advance(duration time) {
  if (order_)
    rig_.advance_seeded(time, *order_);
  else
    rig_.advance(time);
}

bool service_rig::await(event_kind kind) {
  auto happened = [&] {
    return std::find_if(events_.begin() + static_cast<ptrdiff_t>(awaited_),
                        events_.end(),
                        [&](const event& x) { return x.kind == kind; });
  };
  await([&] { return happened() != events_.end(); });
  auto found = happened();
  if (found == events_.end())
    return false;
  awaited_ = static_cast<size_t>(found - events_.begin()) + 1;
  return true;
}

size_t service_rig::count(event_kind kind) const {
  return static_cast<size_t>(
    std::count_if(events_.begin(), events_.end(),
                  [&](const event& x) { return x.kind == kind; }));
}

void service_rig::await(const std::function<bool()>& reached) {
  auto end = rig_.now() + patience;
  run();
  while (!reached() && rig_.now() < end)
    advance(stride);
}

ask_error service_rig::no_answer() {
  return ask_error{make_error(errc::timed_out,
                              "no answer within 5 min of virtual time: "
                              "whoever was asked has no gate, or its gate "
                              "waits longer")};
}

} // namespace bulwark::testing
