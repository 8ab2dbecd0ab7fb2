// Question: how many more requests does a service get during an outage because
// its callers try again? Clients ask 1,000 times a second, all of it
// idempotent; after ten good seconds every attempt fails. Counted are the
// attempts that reach the service during the outage, by one gate, and by the
// last one of a chain of three services that all try again.
//
//   bench_retry [--rate N] [--seconds N]
//
// With the budget's defaults, and without a budget, in one run, on virtual
// time: the counts do not depend on the machine. Unit: attempts per request of
// a client; the goal is 1.25 with the budget.

#include "support/arguments.hpp"
#include "support/figures.hpp"
#include "support/one_service.hpp"

#include <bulwark/calls/call_options.hpp>
#include <bulwark/testing/deterministic_system.hpp>

#include <caf/event_based_actor.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

using namespace std::chrono_literals;

/// The service at the end, and what reached it.
struct outage {
  bool down = false;
  int64_t asked = 0;
};

const bulwark::call_options again{.idempotent = true};

caf::behavior last_service(std::shared_ptr<outage> of) {
  return {[=](int64_t x) -> caf::result<int64_t> {
    ++of->asked;
    if (of->down)
      return caf::make_error(caf::sec::runtime_error, "down");
    return x;
  }};
}

caf::behavior passes_on(caf::event_based_actor* self, const caf::actor& next) {
  return {[=](int64_t x) -> caf::result<int64_t> {
    auto promise = self->make_response_promise<int64_t>();
    self->request(next, caf::infinite, again, x)
      .then([=](int64_t y) mutable { promise.deliver(y); },
            [=](caf::error& why) mutable { promise.deliver(std::move(why)); });
    return promise;
  }};
}

bulwark::gate_settings retrying(const std::string& name, bool budget) {
  bulwark::gate_settings result{.service = name};
  result.retry = bulwark::retry_options{};
  if (!budget)
    result.retry_budget = {.share = 10, .per_second = 1'000'000};
  return result;
}

struct load {
  int64_t rate;
  int64_t seconds;
};

/// Asks `to` at a steady rate and counts the answers.
void ask_steadily(bulwark::testing::deterministic_system& rig,
                  const caf::actor& to, const load& with,
                  std::chrono::seconds time, int64_t& answered) {
  auto pause = std::chrono::nanoseconds{1s} / with.rate;
  for (auto left = with.rate * time.count(); left > 0; --left) {
    rig.system().spawn([=, &answered](caf::event_based_actor* self) {
      self->request(to, caf::infinite, again, left)
        .then([&answered](int64_t) { ++answered; },
              [&answered](const caf::error&) { ++answered; });
    });
    rig.run();
    rig.advance(pause);
  }
}

/// Returns how many attempts the last of so many services gets for each request
/// of a client during an outage.
double amplification(size_t services, bool budget, const load& with) {
  bulwark::testing::deterministic_system rig;
  auto its = std::make_shared<outage>();
  std::vector<std::unique_ptr<bench::one_service>> chain;
  chain.push_back(std::make_unique<bench::one_service>(
    rig.system(), bulwark::make_replica_factory(last_service, its),
    retrying("last", budget)));
  while (chain.size() < services)
    chain.push_back(std::make_unique<bench::one_service>(
      rig.system(),
      bulwark::make_replica_factory(passes_on, chain.back()->handle()),
      retrying("before" + std::to_string(chain.size()), budget)));
  rig.run();
  const auto& to = chain.back()->handle();
  int64_t answered = 0;
  ask_steadily(rig, to, with, 10s, answered);
  its->down = true;
  its->asked = 0;
  ask_steadily(rig, to, with, std::chrono::seconds{with.seconds}, answered);
  rig.advance(10s);
  auto asked = with.rate * with.seconds;
  if (answered != asked + 10 * with.rate)
    throw std::logic_error{"not every request was answered once"};
  while (!chain.empty()) {
    chain.pop_back();
    rig.run();
  }
  return static_cast<double>(its->asked) / static_cast<double>(asked);
}

} // namespace

int main(int argc, char** argv) {
  bench::arguments given{"bench_retry"};
  auto& rate = given.add("rate", 1000, "requests per second");
  auto& seconds = given.add("seconds", 60, "how long the outage lasts");
  if (auto code = given.read(argc, argv))
    return *code;
  load with{rate, seconds};
  bench::print_figure("retry_amplification", amplification(1, true, with),
                      "ratio");
  bench::print_figure("retry_amplification_without_budget",
                      amplification(1, false, with), "ratio");
  bench::print_figure("retry_amplification_chain3",
                      amplification(3, true, with), "ratio");
  bench::print_figure("retry_amplification_chain3_without_budget",
                      amplification(3, false, with), "ratio");
}
