#include <bulwark/caf/stop.hpp>
#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/node/detail/engine.hpp>
#include <bulwark/process/detail/crash_report.hpp>
#include <bulwark/process/detail/run_queue_probe.hpp>
#include <bulwark/text/duration_text.hpp>

#include <caf/actor_registry.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <thread>
#include <utility>

namespace bulwark::detail {

namespace {

wall_time wall_clock_now() {
  using std::chrono::system_clock;
  return std::chrono::floor<std::chrono::microseconds>(system_clock::now());
}

log_options log_options_of(const node_options& options) {
  log_options result;
  result.format = options.format;
  result.level = options.level;
  result.node = options.name;
  result.now = wall_clock_now;
  return result;
}

monitor_options monitor_options_of(const node_options& options,
                                   const node_journal& journal, event_log& log,
                                   alert_hook* hook, event_tap& tap,
                                   std::shared_ptr<experiment_tag> experiment) {
  monitor_options result;
  result.node = options.name;
  result.boot = journal.boot();
  result.store = journal.store();
  result.objectives = options.objectives;
  result.alerts = options.alerts;
  if (hook != nullptr)
    result.on_alert = [hook](const alert_change& what) { hook->put(what); };
  result.now = wall_clock_now;
  if (experiment)
    result.experiment = [experiment] { return experiment->get(); };
  result.sink = [&log, &tap](const event& what, event_origin origin) {
    if (origin != event_origin::own)
      return;
    log.write(what);
    tap.put(what);
  };
  return result;
}

/// Null, where nobody is to be told.
std::unique_ptr<alert_hook> hook_of(const node_options& options) {
  if (options.alert_command.empty() && options.alert_url.empty())
    return nullptr;
  alert_hook_options result;
  result.node = options.name;
  result.command = options.alert_command;
  result.url = options.alert_url;
  return std::make_unique<alert_hook>(std::move(result));
}

/// Actors end a moment after those who wait for them hear of it.
constexpr std::chrono::seconds actors_time{1};

std::optional<std::string> left_running(caf::actor_system& system) {
  using namespace std::chrono_literals;
  for (duration left = actors_time; left > 0ms; left -= 5ms) {
    if (system.registry().running() == 0)
      return std::nullopt;
    std::this_thread::sleep_for(5ms);
  }
  auto count = system.registry().running();
  auto text = std::to_string(count);
  text += count == 1 ? " actor still runs " : " actors still run ";
  return text + to_text(actors_time)
         + " after the services were stopped: abandoned replicas, and what "
           "the program spawned itself and did not stop";
}

} // namespace

engine::engine(std::unique_ptr<system_config> config,
               const node_options& options,
               std::function<disk_trouble()> trouble)
  : config_(std::move(config)),
    experiment_(options.chaos ? std::make_shared<experiment_tag>() : nullptr),
    journal_(options, wall_clock_now(), std::move(trouble)),
    log_(log_options_of(options)),
    hook_(hook_of(options)),
    system_(std::make_unique<caf::actor_system>(*config_)),
    monitor_(spawn_monitor(*system_, monitor_options_of(options, journal_, log_,
                                                        hook_.get(), *tap_,
                                                        experiment_))),
    letters_(keep_dead_letters(
      *system_, {.now = wall_clock_now, .events = monitor_.events})),
    bulkheads_(*system_, {.sample_every = options.bulkhead_sample,
                          .monitoring_enabled = options.bulkhead_monitoring,
                          .now = wall_clock_now,
                          .events = monitor_.events}) {
  crash_report::watch(&log_);
  if (hook_)
    hook_->on_failure([events = monitor_.events,
                       node = options.name](const std::string& words) {
      event told;
      told.kind = event_kind::alert_not_taken;
      told.level = severity_of(told.kind);
      told.component = "node/" + node + "/alerts";
      told.reason = words;
      events.emit(std::move(told));
    });
}

engine::~engine() {
  crash_report::watch(nullptr);
}

wall_time engine::wall_clock() {
  return wall_clock_now();
}

bool engine::runs_actors() {
  using clock = std::chrono::steady_clock;
  run_queue_probe probe{*system_};
  auto began = clock::now();
  probe.look(began);
  for (auto now = began; now - began < scheduler_time; now = clock::now()) {
    // It says how long it has been waiting, or how long it waited.
    if (probe.look(now) < now - began)
      return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  log_.close();
  return false;
}

std::optional<std::string> engine::end() {
  for (const auto& [name, each] : gates_.all())
    each.stop();
  {
    caf::scoped_actor self{*system_};
    bulkheads_.stop();
    self->wait_for(bulkheads_.handle());
    bulwark::stop(letters_.handle);
    self->wait_for(letters_.handle);
    bulwark::stop(monitor_.handle);
    self->wait_for(monitor_.handle);
  }
  journal_.close();
  hook_ = nullptr;
  log_.close();
  bulkheads_ = {};
  letters_ = {};
  monitor_ = {};
  return left_running(*system_);
}

} // namespace bulwark::detail
