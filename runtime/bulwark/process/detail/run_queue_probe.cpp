#include <bulwark/caf/detail/control.hpp>
#include <bulwark/events/detail/system_actor.hpp>
#include <bulwark/process/detail/run_queue_probe.hpp>

#include <caf/actor_system.hpp>
#include <caf/send.hpp>

#include <atomic>
#include <functional>
#include <utility>

namespace bulwark::detail {

namespace {

using clock = std::chrono::steady_clock;

/// Does one thing when it is poked. Only the scheduler runs it: it measures
/// that one.
class job final : public system_actor {
public:
  job(caf::actor_config& config, std::function<void()> what)
    : system_actor(config, "/load_shedding/probe", {}, runners::scheduler),
      what_(std::move(what)) {}

  const char* name() const override { return "bulwark.run_queue_probe"; }

protected:
  caf::behavior make_behavior() override {
    return {[this](poke) { what_(); }};
  }

private:
  std::function<void()> what_;
};

} // namespace

struct run_queue_probe::state {
  std::atomic<bool> under_way{false};
  std::atomic<time_point> ready{time_point{}};
  std::atomic<duration> waited{duration::zero()};
};

run_queue_probe::run_queue_probe(caf::actor_system& sys)
  : state_(std::make_shared<state>()) {
  auto second = sys.spawn<job, caf::hidden>([to = state_] {
    to->waited = clock::now() - to->ready.load();
    to->under_way = false;
  });
  // Sent without a worker's help, so that it is given to any of them.
  first_ = sys.spawn<job, caf::hidden>([to = state_, second] {
    to->ready = clock::now();
    caf::anon_send(second, poke{});
  });
}

duration run_queue_probe::look(time_point now) {
  if (state_->under_way)
    return now - sent_;
  auto result = state_->waited.load();
  sent_ = now;
  state_->under_way = true;
  caf::anon_send(first_, poke{});
  return result;
}

} // namespace bulwark::detail
