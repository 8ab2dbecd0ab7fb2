#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervisor/supervisor.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>

#include <condition_variable>
#include <mutex>
#include <sstream>
#include <thread>
#include <vector>

// Services on threads of their own, which the deterministic rig cannot have.

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using crash_atom = caf::atom_constant<caf::atom("crash")>;
using where_atom = caf::atom_constant<caf::atom("where")>;
using stay_atom = caf::atom_constant<caf::atom("stay")>;

int crash() {
  throw std::runtime_error{"crash"};
}

std::string this_thread() {
  std::ostringstream out;
  out << std::this_thread::get_id();
  return out.str();
}

/// Keeps whoever passes until it is opened.
class barrier {
public:
  void open() {
    std::lock_guard guard{lock_};
    open_ = true;
    changed_.notify_all();
  }

  void pass() {
    std::unique_lock guard{lock_};
    reached_ = true;
    changed_.notify_all();
    changed_.wait(guard, [this] { return open_; });
  }

  /// Waits until somebody wants to pass.
  void await_reached() {
    std::unique_lock guard{lock_};
    changed_.wait(guard, [this] { return reached_; });
  }

private:
  std::mutex lock_;
  std::condition_variable changed_;
  bool open_ = false;
  bool reached_ = false;
};

using barrier_ptr = std::shared_ptr<barrier>;

void blocking(caf::blocking_actor* self, const barrier_ptr& hurdle) {
  bool running = true;
  self->receive_while(running)([](int x) { return x + 1; },
                               [](crash_atom) { return crash(); },
                               [](where_atom) { return this_thread(); },
                               [hurdle](stay_atom) {
                                 hurdle->pass();
                                 return 1;
                               });
}

caf::behavior waiting(caf::event_based_actor*, const barrier_ptr& hurdle) {
  return {
    [](int x) { return x + 1; },
    [](crash_atom) { return crash(); },
    [](where_atom) { return this_thread(); },
    [hurdle](stay_atom) {
      hurdle->pass();
      return 1;
    },
  };
}

/// A service on a thread of its own, with a supervisor, on a real system.
class fixture {
public:
  fixture(const replica_factory& factory, restart_options restart)
    : system_(config_), self_(system_), gate_(system_, {.service = "s"}) {
    gate_.declare_replicas(1);
    supervisor_settings settings;
    settings.path = "/root/s";
    settings.abandon_after = 100ms;
    child_spec spec;
    spec.id = "s#1";
    spec.restart = restart;
    spec.start = start_behind(gate_, 0, factory, {true});
    spec.on_change = [gate = gate_](const child_change& change) {
      gate.replica_changed(0, change);
    };
    settings.children.push_back(std::move(spec));
    supervisor_ = spawn_supervisor(system_, std::move(settings));
  }

  ~fixture() { stop(); }

  /// Stops the service and waits until its supervisor has ended.
  void stop() {
    if (!supervisor_)
      return;
    bulwark::stop(supervisor_);
    self_->wait_for(supervisor_);
    supervisor_ = nullptr;
    gate_.stop();
  }

  template <class T, class... Ts>
  std::optional<T> ask(Ts... xs) {
    std::optional<T> result;
    error_ = caf::error{};
    self_->request(gate_.handle(), caf::infinite, xs...)
      .receive([&](T& x) { result = std::move(x); },
               [&](caf::error& x) { error_ = std::move(x); });
    return result;
  }

  const caf::error& error() const { return error_; }
  const gate& at() const { return gate_; }
  caf::scoped_actor& self() { return self_; }

private:
  caf::actor_system_config config_;
  caf::actor_system system_;
  caf::scoped_actor self_;
  gate gate_;
  caf::actor supervisor_;
  caf::error error_;
};

replica_factory any_kind(bool is_blocking, const barrier_ptr& hurdle) {
  return is_blocking ? make_replica_factory(blocking, hurdle)
                     : make_replica_factory(waiting, hurdle);
}

} // namespace

TEST_CASE("a service on a thread of its own serves, crashes and goes on",
          "[gate][kinds][threads]") {
  auto hurdle = std::make_shared<barrier>();
  fixture it{any_kind(GENERATE(true, false), hurdle), {.initial = 1ms}};
  CHECK(it.ask<int>(1) == 2);
  auto first = it.ask<std::string>(where_atom::value);
  CHECK(first == it.ask<std::string>(where_atom::value));
  CHECK(first != this_thread());
  CHECK_FALSE(it.ask<int>(crash_atom::value));
  CHECK(code_of(it.error(), errc{}) == errc::service_crashed);
  CHECK(describe(it.error()) == "std::runtime_error: crash");
  CHECK(it.ask<int>(1) == 2);
  it.stop();
  CHECK_FALSE(it.ask<int>(1));
  CHECK(code_of(it.error(), errc{}) == errc::stopped);
}

TEST_CASE("what waits for a blocking service that crashes is not lost",
          "[gate][kinds][threads]") {
  auto hurdle = std::make_shared<barrier>();
  fixture it{any_kind(GENERATE(true, false), hurdle), {.initial = 1ms}};
  auto& self = it.self();
  using asked = decltype(self->request(it.at().handle(), caf::infinite, 1));
  std::vector<asked> open;
  CHECK(it.ask<int>(1) == 2);
  open.push_back(
    self->request(it.at().handle(), caf::infinite, stay_atom::value));
  for (int i = 0; i < 50; ++i)
    if (i == 20)
      open.push_back(
        self->request(it.at().handle(), caf::infinite, crash_atom::value));
    else
      open.push_back(self->request(it.at().handle(), caf::infinite, i));
  hurdle->open();
  int values = 0;
  int errors = 0;
  for (auto& one : open)
    one.receive([&](int) { ++values; }, [&](caf::error&) { ++errors; });
  CHECK(values == 50);
  CHECK(errors == 1);
  CHECK(it.at().status().in_flight == 0);
}

TEST_CASE("a service stuck in a handler is given up and answered for",
          "[gate][kinds][threads]") {
  auto hurdle = std::make_shared<barrier>();
  {
    bool blocks = GENERATE(true, false);
    fixture it{any_kind(blocks, hurdle), {.shutdown = 1ms}};
    CHECK(it.ask<int>(1) == 2);
    auto stuck =
      it.self()->request(it.at().handle(), caf::infinite, stay_atom::value);
    auto waits = it.self()->request(it.at().handle(), caf::infinite, 1);
    // Told to end before, it would not begin.
    hurdle->await_reached();
    it.stop();
    for (auto* asked : {&stuck, &waits}) {
      auto code = errc{};
      asked->receive([](int) {},
                     [&](caf::error& x) { code = code_of(x, errc{}); });
      // Nobody sees which request a blocking actor handles.
      CHECK(code
            == (blocks || asked == &stuck ? errc::service_hung
                                          : errc::replica_lost));
    }
    // Only so that the system can end.
    hurdle->open();
  }
}
