// Experiments in virtual time: targets with leases, figures by hand.

#include "support/deterministic_system.hpp"

#include <bulwark/caf/stop.hpp>
#include <bulwark/chaos/experiment_runner.hpp>
#include <bulwark/chaos/fault_leases.hpp>

#include <caf/send.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <stdexcept>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;
using verdict = experiment_verdict;

namespace {

experiment two_faults() {
  experiment result;
  REQUIRE_FALSE(read_experiment("name = both\nsteady = up >= 1\n"
                                "fault = crash orders rate=0.5\n"
                                "fault = slow orders delay=10ms\n"
                                "duration = 20s\nrecovery = 5s\n",
                                result));
  return result;
}

/// A target, what it shows, and who runs the experiment.
struct proving_ground {
  void run(experiment what = two_faults()) {
    runner = spawn_experiment(rig.system(), settings(std::move(what)));
    rig.run();
    rig.advance(1ms);
  }

  experiment_settings settings(experiment what) {
    experiment_settings result;
    result.what = std::move(what);
    result.readings = [this] {
      if (blind)
        throw std::runtime_error{"nobody can see"};
      return figure_readings{{"up", up}};
    };
    result.lend = [this](const std::string& id, const fault& given,
                         uint64_t random) -> std::optional<std::string> {
      numbers.push_back(random);
      if (given.kind == refused)
        return "no replica of orders works";
      return target.grant(id, given, rig.now());
    };
    result.renew = [this](const std::string& id) {
      if (!cut_off)
        static_cast<void>(target.renew(id, rig.now()));
    };
    result.lift = [this](const std::string& id) {
      if (!cut_off)
        target.end(id);
    };
    result.over = [this](const experiment_report& x) { reports.push_back(x); };
    return result;
  }

  ~proving_ground() {
    if (runner)
      bulwark::stop(runner);
    rig.run();
  }

  size_t faults() { return target.active(rig.now()).size(); }

  test::deterministic_system rig;
  fault_leases target;
  std::vector<experiment_report> reports;
  std::vector<uint64_t> numbers;
  std::optional<fault_kind> refused;
  double up = 1;
  bool blind = false;
  bool cut_off = false;
  caf::actor runner;
};

} // namespace

TEST_CASE_METHOD(proving_ground, "faults last as long as the experiment",
                 "[chaos]") {
  run();
  for (int i = 0; i < 19; ++i) {
    CHECK(faults() == 2);
    rig.advance(1s);
  }
  event restarted;
  restarted.kind = event_kind::child_restarted;
  caf::anon_send(runner, experiment_event{restarted});
  rig.run();
  rig.advance(1s);
  CHECK(faults() == 0);
  rig.advance(1s);
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].verdict == verdict::held);
  CHECK(reports[0].protections.at("restart") == 1);
  REQUIRE(numbers.size() == 2);
  CHECK(numbers[0] != numbers[1]);
  rig.advance(1h);
  CHECK(reports.size() == 1);
}

TEST_CASE_METHOD(proving_ground, "an abort ends faults at once", "[chaos]") {
  run();
  rig.advance(3s);
  caf::anon_send(runner, abort_experiment{"the pager went"});
  rig.run();
  CHECK(faults() == 0);
  rig.advance(2s);
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].verdict == verdict::aborted);
  CHECK(reports[0].why == "the pager went");
}

TEST_CASE_METHOD(proving_ground, "what breaks the system is ended", "[chaos]") {
  run();
  rig.advance(3s);
  up = 0;
  rig.advance(5s);
  CHECK(faults() == 2);
  rig.advance(1s);
  CHECK(faults() == 0);
  rig.advance(10s);
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].verdict == verdict::not_recovered);
}

TEST_CASE_METHOD(proving_ground, "one fault that is refused ends the others",
                 "[chaos]") {
  refused = fault_kind::slow;
  run();
  CHECK(faults() == 0);
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].verdict == verdict::refused);
  CHECK(reports[0].why == "no replica of orders works");
}

TEST_CASE_METHOD(proving_ground, "figures that cannot be read abort",
                 "[chaos]") {
  run();
  rig.advance(3s);
  blind = true;
  rig.advance(1s);
  CHECK(faults() == 0);
  blind = false;
  rig.advance(1s);
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].verdict == verdict::aborted);
  CHECK_THAT(reports[0].why, Catch::Contains("nobody can see"));
}

TEST_CASE_METHOD(proving_ground, "a runner that is stopped leaves no fault",
                 "[chaos]") {
  run();
  rig.advance(3s);
  bulwark::stop(runner);
  rig.run();
  CHECK(faults() == 0);
}

TEST_CASE("whenever its runner is lost, no fault outlives its lease",
          "[chaos]") {
  for (auto after = 0ms; after < 20s; after += 500ms) {
    CAPTURE(after.count());
    proving_ground on;
    on.run();
    on.rig.advance(after);
    CHECK(on.faults() == 2);
    on.cut_off = true;
    on.rig.advance(fault_leases::lease);
    CHECK(on.faults() == 0);
  }
}

TEST_CASE("settings of an experiment are checked", "[chaos]") {
  proving_ground on;
  auto complaint = [&](experiment_settings settings) -> std::string {
    try {
      spawn_experiment(on.rig.system(), std::move(settings));
      return "";
    } catch (const std::invalid_argument& why) {
      return why.what();
    }
  };
  auto without = on.settings(two_faults());
  without.lift = nullptr;
  CHECK(complaint(without)
        == "a function of the experiment's settings is empty; it must be set");
  auto endless = two_faults();
  endless.lasts = 2h;
  CHECK(complaint(on.settings(endless))
        == "duration is 2h; it must be at least 1s and at most 1h");
}
