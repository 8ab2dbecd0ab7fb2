#include "actors/quota/quota_fixture.hpp"

#include <bulwark/caf/stop.hpp>
#include <bulwark/messages/message_types.hpp>
#include <bulwark/quota/detail/thread_clock.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervisor/supervisor.hpp>

#include <catch2/catch.hpp>
#include <sched.h>

#include <fstream>
#include <string>
#include <thread>

#include <sys/syscall.h>
#include <unistd.h>

namespace test {

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

/// Uses so much CPU time.
void burn(duration cpu) {
  detail::thread_clock mine;
  auto end = mine.read() + cpu;
  while (mine.read() < end) {
  }
}

void spin(const shop_ptr& at) {
  at->enter();
  while (!at->open) {
  }
}

caf::behavior plain(caf::event_based_actor*, const shop_ptr& at) {
  return {[=](int ms) {
            at->enter();
            burn(std::chrono::milliseconds{ms});
            return ms;
          },
          [=](spin_atom) {
            spin(at);
            return 0;
          }};
}

void blocking(caf::blocking_actor* self, const shop_ptr& at) {
  bool running = true;
  self->receive_while(running)(
    [=](int ms) {
      at->enter();
      burn(std::chrono::milliseconds{ms});
      return ms;
    },
    [=](spin_atom) {
      spin(at);
      return 0;
    });
}

caf::actor_system_config& with_types(caf::actor_system_config& config) {
  add_message_types(config);
  return config;
}

} // namespace

void shop::enter() {
  std::lock_guard guard{lock};
  threads.insert(static_cast<pid_t>(syscall(SYS_gettid)));
  entered = clock::now();
}

shop::clock::time_point shop::last_entered() {
  std::lock_guard guard{lock};
  return entered;
}

duration shop::kernel_time() {
  std::lock_guard guard{lock};
  auto sum = duration::zero();
  for (auto id : threads) {
    // The first number: nanoseconds spent on a processor.
    std::ifstream in{"/proc/self/task/" + std::to_string(id) + "/schedstat"};
    int64_t spent = 0;
    in >> spent;
    sum += duration{spent};
  }
  return sum;
}

size_t shop::put_last() {
  std::lock_guard guard{lock};
  size_t result = 0;
  for (auto id : threads)
    result += sched_getscheduler(id) == SCHED_IDLE;
  return result;
}

size_t shop::kept_to(int processors) {
  std::lock_guard guard{lock};
  size_t result = 0;
  for (auto id : threads) {
    cpu_set_t set;
    CPU_ZERO(&set);
    result += sched_getaffinity(id, sizeof set, &set) == 0
              && CPU_COUNT(&set) == processors;
  }
  return result;
}

std::vector<std::pair<event, shop::clock::time_point>>
shop::all(event_kind kind) {
  std::lock_guard guard{lock};
  std::vector<std::pair<event, clock::time_point>> result;
  for (const auto& each : events)
    if (each.first.kind == kind)
      result.push_back(each);
  return result;
}

quota_fixture::quota_fixture(size_t replicas, bool blocks, duration hung_after,
                             duration granted)
  : replicas_(replicas),
    system_(with_types(config_)),
    monitor_(spawn_monitor(system_, heard())),
    quota(system_, "reports", {.quota = granted, .period = 100ms},
          monitor_.events),
    gate_(system_, {.service = "s",
                    .options = {.timeout = 1min},
                    .events = monitor_.events}),
    self(system_) {
  gate_.declare_replicas(replicas);
  supervisor_settings settings;
  settings.path = "/root/s";
  settings.abandon_after = 20ms;
  settings.events = monitor_.events;
  for (size_t i = 0; i < replicas; ++i)
    settings.children.push_back(
      replica(static_cast<uint8_t>(i), blocks, hung_after));
  top_ = spawn_supervisor(system_, std::move(settings));
}

child_spec quota_fixture::replica(uint8_t index, bool blocks,
                                  duration hung_after) {
  child_spec result;
  result.id = "s#" + std::to_string(index + 1);
  result.restart = {.initial = 1ms};
  result.hung_after = hung_after;
  result.start = start_behind(gate_, index,
                              blocks ? make_replica_factory(blocking, at)
                                     : make_replica_factory(plain, at),
                              {.quota = quota});
  result.on_change = [index, to = gate_](const child_change& change) {
    to.replica_changed(index, change);
  };
  return result;
}

quota_fixture::~quota_fixture() {
  at->open = true;
  stop();
  gate_.stop();
  quota.stop();
  bulwark::stop(monitor_.handle);
  self->wait_for(monitor_.handle);
}

duration quota_fixture::stop() {
  auto start = std::chrono::steady_clock::now();
  if (top_) {
    bulwark::stop(top_);
    self->wait_for(top_);
    top_ = nullptr;
  }
  return std::chrono::steady_clock::now() - start;
}

caf::error quota_fixture::answer(int ms) {
  caf::error result;
  self->request(gate_.handle(), caf::infinite, ms)
    .receive([](int) {}, [&](caf::error& x) { result = x; });
  return result;
}

bool quota_fixture::await(const std::function<bool()>& done) {
  auto end = std::chrono::steady_clock::now() + 30s;
  while (!done())
    if (std::chrono::steady_clock::now() > end)
      return false;
    else
      std::this_thread::yield();
  return true;
}

bool quota_fixture::await_start() {
  return await(
    [&] { return at->all(event_kind::child_started).size() == replicas_; });
}

void quota_fixture::check_agrees() {
  auto before = at->kernel_time();
  auto told = quota.stats().usage;
  auto after = at->kernel_time();
  INFO("told " << told.count() << ", kernel " << before.count() << " to "
               << after.count());
  CHECK(told >= before - before / 20);
  CHECK(told <= after + after / 20);
}

monitor_options quota_fixture::heard() const {
  monitor_options result;
  result.beat_every = {};
  result.node = "alpha";
  result.boot = 1;
  result.now = [] {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
      std::chrono::system_clock::now());
  };
  result.sink = [to = at](const event& what, event_origin) {
    std::lock_guard guard{to->lock};
    to->events.emplace_back(what, shop::clock::now());
  };
  return result;
}

} // namespace test
