#include "demo/scenario.hpp"

#include "demo/health_poll.hpp"
#include "services/names.hpp"

#include <bulwark/text/duration_text.hpp>

#include <algorithm>

namespace storefront {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::chrono::seconds start_timeout{15};

/// Within which each service has to answer, also that it is away: less than
/// the 5 s at which its gate would answer for it, so that no deadline counts as
/// an answer; more than a busy machine makes of milliseconds.
constexpr std::chrono::seconds answer_limit{3};

/// How often nodes note that they live. One that is killed was down since it
/// did so, for all that its journal knows.
constexpr std::chrono::seconds sign_of_life{1};

/// The course, in shares of the time under load.
constexpr double first_crash = 0.06;
constexpr double between_crashes = 0.05;
constexpr double before_kill = 0.39;
constexpr double kill = 0.45;
constexpr double check_again = 0.55;
constexpr double restart = 0.62;
constexpr double second_crashes = 0.85;

std::vector<service_record> empty_records() {
  std::vector<service_record> result;
  for (auto name : service_names)
    result.push_back({std::string{name}, 0, {}, {}});
  return result;
}

} // namespace

scenario::scenario(cluster& nodes, log_watch& log, console& out,
                   scenario_options options)
  : nodes_(nodes),
    log_(log),
    out_(out),
    options_(options),
    services_(empty_records()) {
  for (auto& each : demo_nodes)
    probes_.emplace_back(front_address{each.name, nodes.http_port(each.name)},
                         killed_, counts_);
}

demo_record scenario::run() {
  nodes_.start();
  wait_until_all_up();
  expect_all("at the start");
  start_customers();
  crash_all();
  kill_and_restart();
  sleep_until(second_crashes);
  crash("order_management", 2);
  sleep_until(second_crashes + between_crashes);
  crash("payment_processing", 2);
  customers_.clear();
  end_watch();
  return finish();
}

void scenario::wait_until_all_up() {
  for (auto& each : probes_)
    if (!poll_until_up(each.front().port, clock::now() + start_timeout))
      throw std::runtime_error(each.front().node
                               + " did not see all services up in time");
}

void scenario::start_customers() {
  load_start_ = clock::now();
  auto requests = static_cast<int>(options_.load / options_.interval);
  uint32_t number = 0;
  for (size_t front = 0; front < demo_nodes.size(); ++front)
    for (uint32_t i = 0; i < options_.customers; ++i) {
      std::vector<front_address> fronts;
      for (auto& each : probes_)
        fronts.push_back(each.front());
      std::rotate(fronts.begin(),
                  fronts.begin() + static_cast<std::ptrdiff_t>(front),
                  fronts.end());
      customers_.emplace_back([=, this, me = ++number] {
        customer{{options_.seed, me}, fronts, killed_, counts_}.run(
          requests, options_.interval);
      });
    }
  say(std::to_string(number) + " customers send requests to three fronts");
}

void scenario::sleep_until(double share) const {
  auto part = std::chrono::duration<double, std::nano>(options_.load) * share;
  std::this_thread::sleep_until(
    load_start_ + std::chrono::duration_cast<bulwark::duration>(part));
}

void scenario::crash_all() {
  auto when = first_crash;
  size_t through = 0;
  for (auto& each : services_) {
    sleep_until(when);
    crash(each.service, through++ % probes_.size());
    when += between_crashes;
  }
}

void scenario::crash(const std::string& service, size_t through) {
  auto& from = probes_[through];
  watch(through, {service, "crash"});
  say("crash " + service + " through " + from.front().node);
  auto record = std::find_if(services_.begin(), services_.end(),
                             [&](auto& x) { return x.service == service; });
  if (from.crash(service))
    ++record->crashes;
  else
    problems_.push_back(service + " did not crash when it was told to");
}

void scenario::watch(size_t through, watched_gap what) {
  end_watch();
  const auto& front = probes_[through].front();
  watch_.emplace(probe{front, killed_, counts_}, std::move(what));
}

void scenario::end_watch() {
  if (watch_)
    watched_.push_back(watch_->end());
  watch_.reset();
}

void scenario::kill_and_restart() {
  sleep_until(before_kill);
  watched_gap expected{"email_notifications", "kill -9"};
  expected.tolerance += sign_of_life;
  watch(0, expected);
  sleep_until(kill);
  say("kill " + killed_.node());
  killed_.begin();
  auto start = clock::now();
  nodes_.kill_node(killed_.node());
  expect_without_killed();
  sleep_until(check_again);
  expect_without_killed();
  sleep_until(restart);
  say("start " + killed_.node() + " again");
  nodes_.start_node(killed_.node());
  wait_until_all_up();
  killed_.end();
  auto away = clock::now() - start;
  for (auto& each : services_)
    if (runs(demo_nodes.back(), each.service))
      each.away = away;
  expect_all("after the return of " + killed_.node());
}

void scenario::expect_without_killed() {
  for (auto& through : probes_)
    if (through.front().node != killed_.node())
      for (auto& each : services_)
        expect(through, each.service,
               runs(demo_nodes.back(), each.service) ? 503 : 200);
  say("without " + killed_.node() + ": its services 503, the others 200");
}

void scenario::expect_all(const std::string& when) {
  for (auto& through : probes_)
    for (auto& each : services_)
      expect(through, each.service, 200);
  say("all services through all fronts " + when + ": 200");
}

void scenario::expect(probe& through, const std::string& service, int status) {
  auto got = through.ask(service, answer_limit);
  if (got == status)
    return;
  problems_.push_back(service + " through " + through.front().node
                      + " answered " + std::to_string(got) + " instead of "
                      + std::to_string(status));
  say("PROBLEM: " + problems_.back());
}

demo_record scenario::finish() {
  say("stop");
  if (!nodes_.stop())
    problems_.push_back("a node did not stop in order");
  demo_record result;
  result.counts = counts_.read();
  result.problems = problems_;
  result.services = services_;
  for (auto& each : result.services)
    each.log = log_.of(each.service);
  result.audit =
    audit(result.counts, nodes_.database("beta", "order_management"),
          nodes_.database("alpha", "payment_processing"));
  std::vector<std::filesystem::path> journals;
  for (auto& each : demo_nodes)
    journals.push_back(nodes_.journal(each.name));
  result.outages = measure_outages(watched_, journals);
  judge(result);
  return result;
}

} // namespace storefront
