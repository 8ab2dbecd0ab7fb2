#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/events/monitor.hpp>
#include <bulwark/messages/message_types.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervisor/supervisor.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>

#include <future>
#include <mutex>
#include <vector>

// Replicas that are stuck in a handler. On real threads and in real time,
// because in the deterministic rig the stuck handler would be the test's; no
// figure is compared, but that the answers come at all.

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using stay_atom = caf::atom_constant<caf::atom("stay")>;

/// Handlers wait for it as long as the test likes.
using hurdle = std::shared_future<void>;

int twice(int x) {
  return 2 * x;
}

caf::behavior plain(caf::event_based_actor*, const hurdle& stuck) {
  return {[](int x) { return twice(x); },
          [=](stay_atom) {
            stuck.wait();
            return 1;
          }};
}

void blocking(caf::blocking_actor* self, const hurdle& stuck) {
  bool running = true;
  self->receive_while(running)([](int x) { return twice(x); },
                               [=](stay_atom) {
                                 stuck.wait();
                                 return 1;
                               });
}

/// What a monitor wrote down.
class book {
public:
  void add(const event& what) {
    std::lock_guard guard{lock_};
    all_.push_back(what);
  }

  std::vector<event> all(event_kind kind) const {
    std::lock_guard guard{lock_};
    std::vector<event> result;
    for (const auto& what : all_)
      if (what.kind == kind)
        result.push_back(what);
    return result;
  }

private:
  mutable std::mutex lock_;
  std::vector<event> all_;
};

monitor_options options_for(book& events) {
  monitor_options result;
  result.node = "alpha";
  result.boot = 1;
  result.now = [] {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
      std::chrono::system_clock::now());
  };
  result.sink = [&events](const event& what, event_origin) {
    events.add(what);
  };
  return result;
}

supervisor_settings one_replica(const gate& at, const emitter& events,
                                const replica_factory& factory) {
  supervisor_settings result;
  result.path = "/root/s";
  result.abandon_after = 20ms;
  result.events = events;
  child_spec spec;
  spec.id = "s#1";
  spec.restart = {.initial = 1ms};
  spec.hung_after = 100ms;
  spec.start = start_behind(at, 0, factory, {true});
  spec.on_change = [at](const child_change& change) {
    at.replica_changed(0, change);
  };
  result.children.push_back(std::move(spec));
  return result;
}

caf::actor_system_config& with_types(caf::actor_system_config& config) {
  add_message_types(config);
  return config;
}

} // namespace

TEST_CASE("a replica that hangs is abandoned, answered for and replaced",
          "[gate][hung][threads]") {
  std::promise<void> opened;
  hurdle stuck = opened.get_future().share();
  bool blocks = GENERATE(true, false);
  auto factory = blocks ? make_replica_factory(blocking, stuck)
                        : make_replica_factory(plain, stuck);
  book events;
  caf::actor_system_config config;
  caf::actor_system system{with_types(config)};
  caf::scoped_actor self{system};
  auto monitor = spawn_monitor(system, options_for(events));
  gate at{system, {.service = "s", .events = monitor.events}};
  at.declare_replicas(1);
  auto top = spawn_supervisor(system, one_replica(at, monitor.events, factory));
  auto answer = [&](auto request) {
    caf::error result;
    request.receive([](int) {}, [&](caf::error& x) { result = x; });
    return result;
  };
  auto ask = [&](auto what) {
    return self->request(at.handle(), caf::infinite, what);
  };
  CHECK_FALSE(answer(ask(1)));
  auto first = ask(stay_atom::value);
  auto waits = ask(2);
  // Long before their deadline, which is 5 s.
  CHECK(code_of(answer(std::move(first)), errc{}) == errc::service_hung);
  // Nobody sees which request a blocking actor handles.
  CHECK(code_of(answer(std::move(waits)), errc{})
        == (blocks ? errc::service_hung : errc::replica_lost));
  CHECK_FALSE(answer(ask(3)));
  auto failed = events.all(event_kind::child_failed);
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].failure == failure_type::hung);
  CHECK(failed[0].reason == "did not come back from a handler within 100ms");
  CHECK(events.all(event_kind::child_abandoned).size() == 1);
  bulwark::stop(top);
  self->wait_for(top);
  at.stop();
  top = nullptr;
  opened.set_value();
  bulwark::stop(monitor.handle);
  self->wait_for(monitor.handle);
}
