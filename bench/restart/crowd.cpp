#include "restart/questions.hpp"

#include <bulwark/supervisor/child_requests.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <caf/exit_reason.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/stateful_actor.hpp>
#include <malloc.h>

#include <fstream>
#include <utility>
#include <vector>

#include <unistd.h>

namespace bench {

namespace {

/// Actors that ask for starts, each for one at a time; the other side has as
/// many.
constexpr size_t askers = 256;

/// To the client: start so many, by one request.
struct start_all {
  caf::actor pool;
  size_t children = 0;
};

/// To the client: start so many, each by a request of its own.
struct start_each {
  caf::actor pool;
  size_t children = 0;
};

/// To the client: kill so many, the first ones, at once.
struct kill_some {
  size_t children = 0;
};

} // namespace

} // namespace bench

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::start_all)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::start_each)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::kill_some)

namespace bench {

namespace {

struct crowd_state {
  std::vector<caf::actor> up;
  size_t to_come = 0;
  std::chrono::steady_clock::time_point start;
  caf::response_promise asked;
};

using crowd_client = caf::stateful_actor<crowd_state>;

void begin(crowd_client* self, size_t to_come) {
  self->state.to_come = to_come;
  self->state.up.reserve(to_come);
  self->state.asked = self->make_response_promise();
  self->state.start = std::chrono::steady_clock::now();
}

void start_next(caf::event_based_actor* self, const caf::actor& pool,
                size_t left) {
  if (left > 0)
    self->request(pool, caf::infinite, bulwark::start_instance{})
      .then(
        [=](const bulwark::child_info&) { start_next(self, pool, left - 1); });
}

/// Answers with the milliseconds until all have said that they are up.
caf::behavior client(crowd_client* self) {
  return {
    [self](start_all& x) {
      begin(self, x.children);
      self->request(x.pool, caf::infinite, bulwark::start_instances{x.children})
        .then([](const bulwark::child_list&) {});
      return self->state.asked;
    },
    [self](start_each& x) {
      begin(self, x.children);
      for (size_t i = 0; i < askers; ++i)
        self->spawn(start_next, x.pool, (x.children + i) / askers);
      return self->state.asked;
    },
    [self](const kill_some& x) {
      begin(self, x.children);
      auto victims = std::exchange(self->state.up, {});
      victims.resize(x.children);
      for (auto& each : victims)
        self->send_exit(each, caf::exit_reason::kill);
      return self->state.asked;
    },
    [self](started& x) {
      auto& state = self->state;
      state.up.push_back(std::move(x.who));
      if (--state.to_come == 0)
        state.asked.deliver(micros_since(state.start) / 1000);
    },
  };
}

template <class What>
double ask(caf::scoped_actor& self, const caf::actor& who, What what) {
  double result = 0;
  self->request(who, caf::infinite, std::move(what))
    .receive([&](double x) { result = x; }, [](const caf::error&) {});
  return result;
}

caf::actor spawn_pool(stage& on, const caf::actor& told) {
  auto settings =
    on.settings(child(bulwark::make_replica_factory(told_worker, told)));
  settings.strategy = bulwark::restart_strategy::simple_one_for_one;
  return bulwark::spawn_supervisor(on.system(), std::move(settings));
}

/// Returns the bytes of this process that are in memory.
double resident() {
  malloc_trim(0);
  std::ifstream in{"/proc/self/statm"};
  double all = 0;
  double pages = 0;
  in >> all >> pages;
  return pages * static_cast<double>(sysconf(_SC_PAGESIZE));
}

void print_memory(double before, size_t children) {
  print_answer("memory", (resident() - before) / static_cast<double>(children));
}

} // namespace

void ask_crowd(stage& on, size_t children, size_t kills) {
  caf::scoped_actor self{on.system()};
  auto asking = on.system().spawn(client);
  auto pool = spawn_pool(on, asking);
  auto before = resident();
  print_answer("start", ask(self, asking, start_all{pool, children}));
  print_memory(before, children);
  print_answer("kill", ask(self, asking, kill_some{kills}));
  finish();
}

void ask_each(stage& on, size_t children) {
  caf::scoped_actor self{on.system()};
  auto asking = on.system().spawn(client);
  auto pool = spawn_pool(on, asking);
  print_answer("start", ask(self, asking, start_each{pool, children}));
  finish();
}

void ask_bare(stage& on, size_t children) {
  std::vector<caf::actor> all;
  all.reserve(children);
  auto before = resident();
  auto start = std::chrono::steady_clock::now();
  for (size_t i = 0; i < children; ++i)
    all.push_back(on.system().spawn(worker));
  print_answer("start", micros_since(start) / 1000);
  print_memory(before, children);
  finish();
}

} // namespace bench
