#include "simulation.hpp"

#include "report_words.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/events/monitor_requests.hpp>

#include <array>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <utility>

namespace {

using bulwark::severity;

constexpr std::array components{"web-server-1", "web-server-2",
                                "database-primary", "cache-redis",
                                "load-balancer"};
constexpr std::array failure_types{"hardware_failure", "network_timeout",
                                   "memory_exhaustion", "disk_full",
                                   "software_crash"};
constexpr std::array severities{severity::low, severity::medium, severity::high,
                                severity::critical};
constexpr std::array recovery_methods{"automatic_restart",
                                      "manual_intervention", "failover"};

class chances {
public:
  explicit chances(uint32_t seed) : random_(seed) {}

  template <class Choices>
  auto one_of(const Choices& from) {
    return from[random_() % from.size()];
  }

  /// From 30 s to 10 min.
  bulwark::duration recovery_time() {
    return std::chrono::seconds{30 + random_() % 571};
  }

private:
  // Of which the standard says what it gives, unlike of distributions.
  std::mt19937 random_;
};

struct course {
  chances random;
  uint32_t to_come = 0;

  /// What has failed and is not up again.
  std::string failed;
};

void step(bulwark::node& node, course& now) {
  if (now.failed.empty()) {
    now.failed = now.random.one_of(components);
    auto type = now.random.one_of(failure_types);
    node.record_failure_event(now.failed, type, now.random.one_of(severities));
    return;
  }
  auto time = now.random.recovery_time();
  node.record_recovery_event(std::exchange(now.failed, {}),
                             now.random.one_of(recovery_methods), time);
  --now.to_come;
}

void print_report(caf::event_based_actor* self, bulwark::node* node) {
  using request = bulwark::fault_tolerance_report_request;
  using answer = bulwark::fault_tolerance_report_text;
  auto give_up = [=](const caf::error& why) {
    std::cerr << bulwark::describe(why) << std::endl;
    node->stop();
  };
  request json;
  json.format = "json";
  auto monitor = node->monitor();
  self->request(monitor, std::chrono::seconds{5}, json)
    .then(
      [=](const answer& report) {
        std::cout << '\n' << report_words(report.text) << std::endl;
        self->request(monitor, std::chrono::seconds{5}, request{})
          .then(
            [=](const answer& whole) {
              std::cout << "The same at length:\n\n" << whole.text << std::endl;
              node->stop();
            },
            give_up);
      },
      give_up);
}

} // namespace

caf::behavior simulation(caf::event_based_actor* self, bulwark::node* node,
                         simulation_options options) {
  auto now = std::make_shared<course>(
    course{chances{options.seed}, options.failures, {}});
  self->send(self, caf::tick_atom_v);
  return {[=](caf::tick_atom) {
    if (now->to_come == 0) {
      print_report(self, node);
      return;
    }
    step(*node, *now);
    self->delayed_send(self, options.pause, caf::tick_atom_v);
  }};
}
