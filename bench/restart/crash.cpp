#include "restart/questions.hpp"
#include "support/one_service.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/stateful_actor.hpp>

#include <atomic>
#include <memory>
#include <utility>
#include <vector>

namespace bench {

namespace {

/// Crashes a worker again and again, and answers with the microseconds that
/// each took. An actor, as the other side's client is a process: what is
/// measured is not how long a thread takes to wake.
struct crash_state {
  // Or CAF would fill `worker` with the client itself.
  crash_state() {}

  caf::actor worker;
  std::vector<double> took;
  size_t times = 0;
  bool told = false;
  std::chrono::steady_clock::time_point start;
  caf::response_promise asked;
};

using crash_client = caf::stateful_actor<crash_state>;

void crash_next(crash_client* self);

void await_answer(crash_client* self) {
  self->request(self->state.worker, caf::infinite, true).then([self](bool) {
    auto& state = self->state;
    state.took.push_back(micros_since(state.start));
    if (state.took.size() < state.times)
      crash_next(self);
    else
      state.asked.deliver(state.took);
  });
}

void crash_next(crash_client* self) {
  auto& state = self->state;
  state.start = std::chrono::steady_clock::now();
  self->send(state.worker, crash{});
  if (!state.told)
    await_answer(self);
}

/// Begins with `times`, as soon as it knows of a worker.
caf::behavior client(crash_client* self, bool told) {
  self->state.told = told;
  return {
    [self](size_t times) {
      auto& state = self->state;
      state.times = times;
      state.asked = self->make_response_promise();
      if (state.worker)
        crash_next(self);
      return state.asked;
    },
    [self](started& x) {
      auto first = !self->state.worker;
      self->state.worker = std::move(x.who);
      if (!first)
        await_answer(self);
      else if (self->state.times > 0)
        crash_next(self);
    },
  };
}

/// Crashes as soon as it has started, until nothing is `left`.
caf::behavior crashing_worker(caf::event_based_actor* self,
                              const std::shared_ptr<std::atomic<int64_t>>& left,
                              const caf::actor& client) {
  if (left->fetch_sub(1) > 0)
    self->send(self, crash{});
  else
    self->send(client, started{self});
  return worker();
}

} // namespace

void ask_crash(stage& on, size_t times, bool told) {
  caf::scoped_actor self{on.system()};
  auto asking = on.system().spawn(client, told);
  std::unique_ptr<one_service> service;
  caf::actor supervisor;
  if (told) {
    auto factory = bulwark::make_replica_factory(told_worker, asking);
    supervisor = bulwark::spawn_supervisor(
      on.system(), on.settings(child(std::move(factory))));
  } else {
    auto factory = bulwark::make_replica_factory(worker);
    auto restart = child(factory).restart;
    restart.intensity = intensity;
    service =
      std::make_unique<one_service>(on.system(), std::move(factory), restart);
    self->send(asking, started{service->handle()});
  }
  self->request(asking, caf::infinite, times)
    .receive(
      [](const std::vector<double>& took) {
        for (auto each : took)
          print_answer("crash", each);
      },
      [](const caf::error&) {});
  finish();
}

void ask_loop(stage& on, size_t times) {
  caf::scoped_actor self{on.system()};
  auto left =
    std::make_shared<std::atomic<int64_t>>(static_cast<int64_t>(times));
  auto factory =
    bulwark::make_replica_factory(crashing_worker, left, caf::actor{self});
  auto start = std::chrono::steady_clock::now();
  auto supervisor = bulwark::spawn_supervisor(
    on.system(), on.settings(child(std::move(factory))));
  self->receive([](const started&) {});
  print_answer("rate", 1e6 * static_cast<double>(times) / micros_since(start));
  finish();
}

} // namespace bench
