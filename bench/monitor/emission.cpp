#include "monitor/emission.hpp"

#include "support/figures.hpp"

#include <bulwark/caf/stop.hpp>
#include <bulwark/events/monitor.hpp>
#include <bulwark/events/monitor_requests.hpp>

#include <caf/all.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace bench {

/// To an actor that throws it away.
struct bare_event {
  bulwark::event what;
};

} // namespace bench

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::bare_event)

namespace bench {

namespace {

using namespace bulwark;
using steady = std::chrono::steady_clock;
using events = std::vector<event>;

/// All of a burst find a place: one eighth stays free.
constexpr size_t burst_size = 7'000;

double seconds_since(steady::time_point start) {
  return std::chrono::duration<double>(steady::now() - start).count();
}

std::vector<events> make_burst(size_t emitters) {
  std::vector<events> result(emitters);
  for (size_t i = 0; i < burst_size; ++i)
    result[i % emitters].push_back(make_event(i));
  return result;
}

struct times {
  double sent = 0;
  double handled = 0;
};

/// Holds whoever handles an event while it is closed.
class barrier {
public:
  void pass() {
    ++waiting_;
    while (closed_)
      std::this_thread::yield();
    --waiting_;
  }

  /// Sends one event by `send`, and returns when it is held.
  void close(const std::function<void(event)>& send) {
    closed_ = true;
    send(make_event(0));
    while (waiting_ == 0)
      std::this_thread::yield();
  }

  void open() { closed_ = false; }

private:
  std::atomic<bool> closed_{false};
  std::atomic<int> waiting_{0};
};

/// Each of the emitters sends its events by `send`, at the same time; `drain`
/// returns once all are handled.
times run_burst(size_t emitters, const std::function<void(event)>& send,
                const std::function<void()>& drain, barrier* hold) {
  auto burst = make_burst(emitters);
  if (hold != nullptr)
    hold->close(send);
  std::atomic<bool> go{false};
  std::vector<std::thread> crowd;
  auto send_all = [&](events& mine) {
    for (auto& each : mine)
      send(std::move(each));
  };
  for (size_t i = 1; i < emitters; ++i)
    crowd.emplace_back([&, i] {
      while (!go)
        std::this_thread::yield();
      send_all(burst[i]);
    });
  auto start = steady::now();
  go = true;
  send_all(burst[0]);
  for (auto& each : crowd)
    each.join();
  times result;
  result.sent = seconds_since(start);
  if (hold != nullptr)
    hold->open();
  drain();
  result.handled = seconds_since(start);
  return result;
}

caf::behavior sink(caf::event_based_actor*, barrier* at) {
  return {[=](const bare_event&) { at->pass(); },
          [](event_counts_request) { return event_counts{}; }};
}

class stage {
public:
  stage() {
    monitor_options options;
    options.node = "alpha";
    options.objectives = {};
    options.now = [] {
      return std::chrono::floor<wall_time::duration>(
        std::chrono::system_clock::now());
    };
    options.sink = [this](const event&, event_origin) { barrier_.pass(); };
    monitor_ = spawn_monitor(system_, std::move(options));
    bare_ = system_.spawn(sink, &barrier_);
  }

  ~stage() {
    stop(monitor_.handle);
    caf::anon_send_exit(bare_, caf::exit_reason::kill);
  }

  times emit(size_t emitters, bool held) {
    return run_burst(
      emitters, [this](event what) { monitor_.events.emit(std::move(what)); },
      [this] { drain(monitor_.handle); }, held ? &barrier_ : nullptr);
  }

  times send(size_t emitters, bool held) {
    return run_burst(
      emitters,
      [this](event what) {
        caf::anon_send(bare_, bare_event{std::move(what)});
      },
      [this] { drain(bare_); }, held ? &barrier_ : nullptr);
  }

private:
  void drain(const caf::actor& who) {
    caf::scoped_actor self{system_};
    uint64_t dropped = 0;
    self->request(who, caf::infinite, event_counts_request{})
      .receive([&](const event_counts& x) { dropped = x.dropped; },
               [](const caf::error&) {});
    if (dropped > 0)
      throw std::runtime_error{"events were dropped"};
  }

  barrier barrier_;
  caf::actor_system_config config_;
  caf::actor_system system_{config_};
  running_monitor monitor_;
  caf::actor bare_;
};

times& operator+=(times& to, const times& more) {
  to.sent += more.sent;
  to.handled += more.handled;
  return to;
}

} // namespace

event make_event(uint64_t number) {
  event what;
  what.kind =
    number % 2 == 0 ? event_kind::child_failed : event_kind::child_restarted;
  what.level = severity::low;
  what.component = "/root/orders/orders#" + std::to_string(number % 64);
  what.incarnation = number / 64;
  what.reason = "std::runtime_error: connection 17 was reset by its peer";
  what.with("restart_in", "100ms");
  return what;
}

void compare_emission(size_t emitters, int64_t rounds, int64_t bursts) {
  std::vector<double> held;
  std::vector<double> busy;
  std::vector<double> rates;
  for (int64_t round = 0; round < rounds; ++round) {
    stage here;
    std::array<times, 2> ours;
    std::array<times, 2> bare;
    for (int64_t i = 0; i < 2 * bursts; ++i) {
      auto hold = i % 2 == 0;
      ours[hold] += here.emit(emitters, hold);
      bare[hold] += here.send(emitters, hold);
    }
    held.push_back(bare[true].sent / ours[true].sent);
    busy.push_back(bare[false].sent / ours[false].sent);
    rates.push_back(static_cast<double>(burst_size)
                    * static_cast<double>(bursts) / ours[false].handled);
  }
  auto of = "_emitters" + std::to_string(emitters);
  print_figure("monitor_emit_ratio" + of, median(held), "ratio");
  print_figure("monitor_emit_ratio_busy" + of, median(busy), "ratio");
  print_figure("monitor_rate" + of, median(rates), "events/s");
}

} // namespace bench
