#include <bulwark/testing/deterministic_system.hpp>

#include <caf/atom.hpp>

#include <limits>
#include <utility>

namespace bulwark::testing {

deterministic_system::deterministic_system(const configure& change) {
  config_.set("scheduler.policy", caf::atom("testing"));
  if (change)
    change(config_);
  system_.emplace(config_);
  coordinator_ =
    &dynamic_cast<caf::scheduler::test_coordinator&>(system_->scheduler());
  coordinator_->clock().current_time += start_time;
  run();
  actors_of_caf_ = system_->registry().running();
}

deterministic_system::~deterministic_system() {
  try {
    while (!stops_.empty()) {
      auto stop = std::move(stops_.back());
      stops_.pop_back();
      stop();
      run();
    }
    advance(std::chrono::minutes{1});
  } catch (...) {
    // A test that has failed already may leave anything behind.
  }
  coordinator_->clock().cancel_all();
  system_->await_actors_before_shutdown(false);
}

size_t deterministic_system::run() {
  return run_with([] {}, std::numeric_limits<size_t>::max());
}

size_t deterministic_system::run_seeded(random& rng, size_t jobs) {
  return run_with(
    [this, &rng] {
      auto& all = coordinator_->jobs;
      std::swap(all.front(), all[rng() % all.size()]);
    },
    jobs);
}

size_t deterministic_system::run_with(const std::function<void()>& pick,
                                      size_t jobs) {
  size_t result = 0;
  while (result < jobs && coordinator_->has_job()) {
    if (result == jobs_max)
      throw runaway{"actors are still busy after 10,000,000 jobs"};
    pick();
    coordinator_->run_once();
    ++result;
  }
  return result;
}

size_t deterministic_system::advance(duration time) {
  return advance_with(time, [this] { return run(); });
}

size_t deterministic_system::advance_seeded(duration time, random& rng) {
  return advance_with(time, [this, &rng] { return run_seeded(rng); });
}

size_t deterministic_system::advance_with(duration time,
                                          const runner& run_all) {
  auto& clock = coordinator_->clock();
  const auto target = clock.now() + time;
  size_t result = 0;
  run_all();
  // CAF's own advance_time would show the target time to every handler.
  while (clock.has_pending_timeout()
         && clock.schedule().begin()->first <= target) {
    if (result == jobs_max)
      throw runaway{"timers still come due after 10,000,000 of them"};
    clock.trigger_timeout();
    ++result;
    run_all();
  }
  clock.current_time = target;
  return result;
}

void deterministic_system::before_end(std::function<void()> stop) {
  stops_.push_back(std::move(stop));
}

size_t deterministic_system::actors_running() {
  return system_->registry().running() - actors_of_caf_;
}

} // namespace bulwark::testing
