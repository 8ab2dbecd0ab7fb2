#pragma once

#include "demo/cluster.hpp"
#include "demo/console.hpp"
#include "demo/gap_watch.hpp"
#include "demo/log_watch.hpp"
#include "demo/outage.hpp"
#include "demo/probe.hpp"
#include "demo/report.hpp"
#include "demo/tally.hpp"

#include <optional>
#include <thread>
#include <vector>

namespace storefront {

/// How the demo runs.
struct scenario_options {
  /// The same seed gives the same requests.
  uint32_t seed = 1;

  /// How long customers send requests. What happens meanwhile is spread over
  /// this time.
  bulwark::duration load = std::chrono::seconds{18};

  /// Customers at each front, and how often each of them asks.
  uint32_t customers = 3;
  bulwark::duration interval = std::chrono::milliseconds{150};
};

/// The course of the demo: load at three fronts, each service crashes, a node
/// is killed and comes back, two services crash again; then everything is
/// stopped and the books are compared.
///
/// Confined to the main thread.
class scenario {
public:
  scenario(cluster& nodes, log_watch& log, console& out,
           scenario_options options);

  demo_record run();

private:
  void say(const std::string& line) { out_.say("demo", line); }
  void wait_until_all_up();
  void start_customers();
  void crash_all();
  void crash(const std::string& service, size_t through);

  /// Measures from now on how long the service is away, and no longer the one
  /// before.
  void watch(size_t through, watched_gap what);
  void end_watch();
  void kill_and_restart();
  void expect_without_killed();
  void expect_all(const std::string& when);
  void expect(probe& through, const std::string& service, int status);
  void sleep_until(double share) const;
  demo_record finish();

  cluster& nodes_;
  log_watch& log_;
  console& out_;
  scenario_options options_;
  tally counts_;
  outage killed_{"gamma"};
  std::vector<probe> probes_;
  std::vector<service_record> services_;
  std::vector<std::string> problems_;
  bulwark::time_point load_start_{};
  std::vector<std::jthread> customers_;
  std::optional<gap_watch> watch_;
  std::vector<watched_gap> watched_;
};

} // namespace storefront
