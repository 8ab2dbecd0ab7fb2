#include "restart/stage.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <utility>

#include <fcntl.h>

namespace bench {

caf::actor_system_config& stage::adjust(caf::actor_system_config& config) {
  auto processors = std::max(1u, std::thread::hardware_concurrency());
  config.set("scheduler.max-threads", size_t{processors});
  return config;
}

stage::stage(bool recorded) : system_(adjust(config_)) {
  if (!recorded)
    return;
  auto now = [] {
    return std::chrono::time_point_cast<bulwark::wall_time::duration>(
      std::chrono::system_clock::now());
  };
  bulwark::log_options lines;
  lines.node = "bench";
  lines.now = now;
  lines.descriptor = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  log_.emplace(std::move(lines));
  bulwark::monitor_options options;
  options.beat_every = {};
  options.node = "bench";
  options.now = now;
  options.sink = [this](const bulwark::event& what, bulwark::event_origin) {
    log_->write(what);
  };
  monitor_ = bulwark::spawn_monitor(system_, std::move(options));
}

bulwark::supervisor_settings stage::settings(bulwark::child_spec only) const {
  bulwark::supervisor_settings result;
  result.path = "/root/bench";
  result.children.push_back(std::move(only));
  result.limits = {intensity, std::chrono::seconds{1}};
  result.events = monitor_.events;
  return result;
}

bulwark::child_spec child(bulwark::replica_factory factory) {
  bulwark::child_spec result;
  result.id = "worker";
  auto policy = bulwark::otp_strict(bulwark::child_policy{});
  result.restart = policy.restart;
  result.start = bulwark::start_alone(std::move(factory));
  return result;
}

caf::behavior worker() {
  return {
    [](bool x) { return x; },
    [](crash) { throw std::runtime_error{"asked to crash"}; },
  };
}

caf::behavior told_worker(caf::event_based_actor* self,
                          const caf::actor& client) {
  self->send(client, started{self});
  return worker();
}

void print_answer(const char* name, double value) {
  std::printf("%s %.9g\n", name, value);
}

void finish() {
  std::fflush(stdout);
  std::_Exit(0);
}

double micros_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::micro>(
           std::chrono::steady_clock::now() - start)
    .count();
}

} // namespace bench
