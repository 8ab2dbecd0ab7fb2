// What an event costs the ledger, what a report, and how much memory is left
// of 30 days.
#include "support/arguments.hpp"
#include "support/figures.hpp"

#include <bulwark/events/event.hpp>
#include <bulwark/ledger/ledger.hpp>
#include <bulwark/ledger/report_json.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using steady = std::chrono::steady_clock;

constexpr std::array<const char*, 3> nodes{"alpha", "beta", "gamma"};
constexpr wall_time start{1'735'689'600s};

/// Events of three nodes with ten services of three replicas each: mostly
/// replicas that fail and come back, sometimes services. They come at a steady
/// rate, 10 million in 30 days.
class workload {
public:
  workload() {
    for (int service = 0; service < 10; ++service) {
      auto path = "/root/service" + std::to_string(service);
      services_.push_back(path);
      for (int replica = 1; replica <= 3; ++replica)
        replicas_.push_back(path + "/service" + std::to_string(service) + "#"
                            + std::to_string(replica));
    }
    what_.boot = 1;
    what_.booted = start;
    what_.failure = failure_type::exception;
  }

  /// Returns the event of that number; valid until the next one is asked for.
  const event& at(int64_t number) {
    auto turn = number / 6;
    auto node = static_cast<size_t>(number % 3);
    auto of_service = turn % 50 == 0;
    auto comes_back = number / 3 % 2 == 1;
    what_.node = nodes[node];
    what_.sequence = static_cast<uint64_t>(number / 3 + 1);
    what_.uptime = number * step;
    what_.kind =
      of_service
        ? (comes_back ? event_kind::service_up : event_kind::service_down)
        : (comes_back ? event_kind::child_restarted : event_kind::child_failed);
    const auto& names = of_service ? services_ : replicas_;
    what_.component = names[static_cast<size_t>(turn) % names.size()];
    what_.downtime.reset();
    if (comes_back)
      what_.downtime = 3 * step;
    return what_;
  }

  static wall_time time_of(int64_t number) {
    return start
           + std::chrono::duration_cast<std::chrono::microseconds>(number
                                                                   * step);
  }

private:
  static constexpr duration step = duration{30 * 24h} / 10'000'000;

  std::vector<std::string> services_;
  std::vector<std::string> replicas_;
  event what_;
};

double seconds_since(steady::time_point from) {
  return std::chrono::duration<double>(steady::now() - from).count();
}

/// Adds so many events; tells every hour that the nodes are known, if `closes`.
void fill(ledger& book, int64_t events, bool closes) {
  workload work;
  auto told = start;
  for (int64_t i = 0; i < events; ++i) {
    book.add(work.at(i));
    if (!closes || workload::time_of(i) - told < 1h)
      continue;
    told = workload::time_of(i);
    for (const auto* node : nodes)
      book.complete_until(node, told);
  }
}

/// Returns how long the making of the events alone takes, in seconds.
double made(int64_t events) {
  workload work;
  uint64_t sum = 0;
  auto from = steady::now();
  for (int64_t i = 0; i < events; ++i)
    sum += work.at(i).component.size();
  auto result = seconds_since(from);
  return sum == 0 ? 0 : result;
}

} // namespace

int main(int argc, char** argv) {
  bench::arguments arguments{"bench_ledger"};
  auto& rounds = arguments.add("rounds", 5, "how often each is measured");
  auto& events = arguments.add("events", 1'000'000,
                               "events of a ledger; ten "
                               "times as many for memory");
  if (auto code = arguments.read(argc, argv))
    return *code;
  std::vector<double> adds;
  std::vector<double> reports;
  std::vector<double> closes;
  for (int64_t i = 0; i < rounds; ++i) {
    auto alone = made(events);
    ledger open;
    auto from = steady::now();
    fill(open, events, false);
    adds.push_back((seconds_since(from) - alone) / static_cast<double>(events));
    from = steady::now();
    auto json = to_json(open.report(workload::time_of(events)));
    reports.push_back(seconds_since(from));
    ledger closing;
    from = steady::now();
    fill(closing, events, true);
    closes.push_back((seconds_since(from) - alone)
                     / static_cast<double>(events));
  }
  ledger shorter;
  fill(shorter, events, true);
  ledger longer;
  fill(longer, 10 * events, true);
  auto of = [](const ledger& book) {
    return static_cast<double>(book.bytes());
  };
  bench::print_figure("ledger_add", bench::median(adds) * 1e9, "ns");
  bench::print_figure("ledger_add_and_close", bench::median(closes) * 1e9,
                      "ns");
  bench::print_figure("ledger_report_of_all", bench::median(reports) * 1e3,
                      "ms");
  bench::print_figure("ledger_memory", of(longer) / 1e6, "MB");
  bench::print_figure("ledger_memory_ratio", of(longer) / of(shorter), "ratio");
  return 0;
}
