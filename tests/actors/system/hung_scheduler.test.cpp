#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/events/monitor.hpp>
#include <bulwark/events/monitor_requests.hpp>
#include <bulwark/messages/message_types.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervisor/supervisor.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>

#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// Event-based replicas that hang hold every thread of CAF's scheduler. On real
// threads and in real time, because it is these threads that hang; no figure
// is compared, but that what must happen meanwhile does so within `bound`.

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using stay_atom = caf::atom_constant<caf::atom("stay")>;
using crash_atom = caf::atom_constant<caf::atom("crash")>;

constexpr size_t threads = 4;
constexpr auto bound = 10s;

/// Keeps whoever comes by until the test lets them go.
class latch {
public:
  void pass() {
    std::unique_lock guard{lock_};
    ++inside_;
    changed_.notify_all();
    changed_.wait(guard, [this] { return open_; });
  }

  bool await_inside(size_t count) {
    std::unique_lock guard{lock_};
    return changed_.wait_for(guard, bound, [&] { return inside_ >= count; });
  }

  void open() {
    std::lock_guard guard{lock_};
    open_ = true;
    changed_.notify_all();
  }

private:
  std::mutex lock_;
  std::condition_variable changed_;
  size_t inside_ = 0;
  bool open_ = false;
};

using latch_ptr = std::shared_ptr<latch>;

caf::behavior event_based(caf::event_based_actor*, const latch_ptr& hurdle) {
  return {[](int x) { return 2 * x; },
          [=](stay_atom) {
            hurdle->pass();
            return 1;
          }};
}

void blocking(caf::blocking_actor* self) {
  bool running = true;
  self->receive_while(running)(
    [](int x) { return 2 * x; },
    [](crash_atom) -> int { throw std::runtime_error{"boom"}; });
}

/// The events of a monitor.
class event_log {
public:
  void add(const event& what) {
    std::lock_guard guard{lock_};
    all_.push_back(what);
    changed_.notify_all();
  }

  bool await(event_kind kind, size_t count) {
    std::unique_lock guard{lock_};
    return changed_.wait_for(guard, bound, [&] {
      size_t seen = 0;
      for (const auto& each : all_)
        seen += each.kind == kind;
      return seen >= count;
    });
  }

private:
  std::mutex lock_;
  std::condition_variable changed_;
  std::vector<event> all_;
};

struct config : caf::actor_system_config {
  config() {
    bulwark::add_message_types(*this);
    set("scheduler.max-threads", threads);
  }
};

/// Four event-based services of one replica each and a blocking one, below one
/// supervisor. The constructor returns when the four hang.
class fixture {
public:
  explicit fixture(duration hung_after, duration timeout = 300ms)
    : timeout_{timeout}, monitor_{spawn_monitor(system_, monitor_settings())} {
    supervisor_settings settings;
    settings.path = "/root/s";
    settings.abandon_after = 20ms;
    settings.events = monitor_.events;
    auto stuck = make_replica_factory(event_based, hurdle_);
    for (size_t i = 0; i < threads; ++i) {
      auto id = "stuck#" + std::to_string(i);
      settings.children.push_back(
        child(gates_[i], id, start_behind(gates_[i], 0, stuck), hung_after));
    }
    settings.children.push_back(child(
      blocking_, "free",
      start_behind(blocking_, 0, make_replica_factory(blocking), {true}), 0s));
    top_ = spawn_supervisor(system_, std::move(settings));
    for (const auto& each : gates_)
      if (code_of_answer(each, 1))
        throw std::runtime_error{"a service did not start"};
    for (const auto& each : gates_)
      stuck_.push_back(self_->request(each.handle(), bound, stay_atom::value));
    if (!hurdle_->await_inside(threads))
      throw std::runtime_error{"the scheduler has a thread left"};
  }

  fixture(const fixture&) = delete;
  fixture& operator=(const fixture&) = delete;

  ~fixture() {
    hurdle_->open();
    bulwark::stop(top_);
    self_->wait_for(top_);
    for (const auto& each : gates_)
      each.stop();
    blocking_.stop();
    bulwark::stop(monitor_.handle);
  }

  /// Sends a request, and returns the code of the error it is answered with.
  template <class What>
  std::optional<errc> code_of_answer(const gate& to, What what) {
    return code_of_answer(self_->request(to.handle(), bound, what));
  }

  /// Returns those of the requests that hang.
  std::vector<std::optional<errc>> codes_of_stuck() {
    std::vector<std::optional<errc>> result;
    for (auto& each : stuck_)
      result.push_back(code_of_answer(std::move(each)));
    stuck_.clear();
    return result;
  }

  /// Returns whether `who` answers `what` with an `Answer`.
  template <class Answer, class What>
  bool answers(const caf::actor& who, What what) {
    auto result = false;
    self_->request(who, bound, std::move(what))
      .receive([&](const Answer&) { result = true; }, [](caf::error&) {});
    return result;
  }

  /// Returns whether the supervisor ended within the bound.
  bool stop_supervisor() {
    self_->monitor(top_);
    bulwark::stop(top_);
    auto result = false;
    self_->receive([&](caf::down_msg&) { result = true; },
                   caf::after(bound) >> [] {});
    return result;
  }

  const gate& stuck(size_t i) const { return gates_.at(i); }
  const gate& free() const { return blocking_; }
  const caf::actor& supervisor() const { return top_; }
  const caf::actor& monitor() const { return monitor_.handle; }
  event_log& events() { return events_; }
  void let_go() { hurdle_->open(); }

private:
  using response = decltype(std::declval<caf::scoped_actor&>()->request(
    std::declval<caf::actor>(), caf::duration{}, 1));

  monitor_options monitor_settings() {
    monitor_options result;
    result.node = "alpha";
    result.boot = 1;
    result.now = [] {
      return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
    };
    result.sink = [this](const event& what, event_origin) {
      events_.add(what);
    };
    return result;
  }

  gate make_gate(const char* service) {
    gate_settings settings{.service = service};
    settings.options.timeout = timeout_;
    return gate{system_, std::move(settings)};
  }

  child_spec child(const gate& at, std::string id, start_function start,
                   duration hung_after) {
    at.declare_replicas(1);
    child_spec result;
    result.id = std::move(id);
    result.restart = {.initial = 1ms, .shutdown = 20ms};
    result.hung_after = hung_after;
    result.start = std::move(start);
    result.on_change = [at](const child_change& change) {
      at.replica_changed(0, change);
    };
    return result;
  }

  std::optional<errc> code_of_answer(response asked) {
    std::optional<errc> result;
    asked.receive([](int) {},
                  [&](caf::error& x) { result = code_of(x, errc{}); });
    return result;
  }

  duration timeout_;
  config config_;
  event_log events_;
  latch_ptr hurdle_ = std::make_shared<latch>();
  caf::actor_system system_{config_};
  caf::scoped_actor self_{system_};
  running_monitor monitor_;
  std::array<gate, threads> gates_{make_gate("a"), make_gate("b"),
                                   make_gate("c"), make_gate("d")};
  gate blocking_ = make_gate("free");
  caf::actor top_;
  std::vector<response> stuck_;
};

const std::vector<std::optional<errc>> all_timed_out(threads, errc::timed_out);
const std::vector<std::optional<errc>> all_hung(threads, errc::service_hung);

} // namespace

TEST_CASE("requests are answered at their deadline while the scheduler hangs",
          "[system][hung][threads]") {
  fixture fixture{0s};
  CHECK(fixture.codes_of_stuck() == all_timed_out);
  CHECK(fixture.code_of_answer(fixture.stuck(0), 1) == errc::timed_out);
}

TEST_CASE("what hangs is replaced while the scheduler hangs",
          "[system][hung][threads]") {
  fixture fixture{100ms, bound};
  CHECK(fixture.codes_of_stuck() == all_hung);
  CHECK(fixture.events().await(event_kind::child_abandoned, threads));
  CHECK(fixture.events().await(event_kind::child_failed, threads));
  // The new ones share the scheduler with the old.
  fixture.let_go();
  CHECK(fixture.events().await(event_kind::child_restarted, threads));
  CHECK(fixture.code_of_answer(fixture.stuck(0), 1) == std::nullopt);
}

TEST_CASE("a blocking service is restarted while the scheduler hangs",
          "[system][hung][threads]") {
  fixture fixture{0s};
  CHECK(fixture.code_of_answer(fixture.free(), crash_atom::value)
        == errc::service_crashed);
  CHECK(fixture.events().await(event_kind::child_restarted, 1));
  CHECK(fixture.code_of_answer(fixture.free(), 1) == std::nullopt);
}

TEST_CASE("supervisor and monitor answer while the scheduler hangs",
          "[system][hung][threads]") {
  fixture fixture{0s};
  CHECK(fixture.answers<child_counts>(fixture.supervisor(),
                                      child_counts_request{}));
  CHECK(
    fixture.answers<recent_events>(fixture.monitor(), recent_events_request{}));
}

TEST_CASE("a supervisor stops while the scheduler hangs",
          "[system][hung][threads]") {
  fixture fixture{0s};
  CHECK(fixture.stop_supervisor());
}
