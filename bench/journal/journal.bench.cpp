// Question: how many events per second does the journal take until they are
// durable, beside a plain loop that inserts the same rows in transactions of
// the same size; how long does it take until a single event is durable; and how
// long to open a large journal and to read it?
//
//   bench_journal [--rounds N] [--events N] [--read N]
//
// `--events` are written on each side per turn, `--read` are in the journal
// that is read. Both sides sync each transaction. Files lie in the folder for
// temporary files.

#include "support/arguments.hpp"
#include "support/figures.hpp"
#include "support/temp_folder.hpp"

#include <bulwark/journal/detail/event_rows.hpp>
#include <bulwark/journal/detail/journal_schema.hpp>
#include <bulwark/journal/journal.hpp>
#include <bulwark/journal/journal_reader.hpp>

#include <algorithm>
#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>

#include <sqlite3.h>

namespace {

using namespace bulwark;
using steady = std::chrono::steady_clock;

double seconds_since(steady::time_point start) {
  return std::chrono::duration<double>(steady::now() - start).count();
}

/// Events as services make them, with an outage now and then.
std::vector<event> make_events(uint64_t first, uint64_t last) {
  std::vector<event> result;
  result.reserve(last - first + 1);
  for (auto i = first; i <= last; ++i) {
    event what;
    what.kind =
      i % 10 == 0 ? event_kind::child_failed : event_kind::threshold_crossed;
    what.level = severity::low;
    what.component = "/root/orders/orders#" + std::to_string(i % 64);
    what.incarnation = i / 64;
    what.reason = "std::runtime_error: connection 17 was reset by its peer";
    what.with("restart_in", "100ms").with("count", std::to_string(i));
    what.node = "alpha";
    what.boot = 1;
    what.sequence = i;
    what.uptime = std::chrono::microseconds{i};
    result.push_back(std::move(what));
  }
  return result;
}

journal_options options_in(const test::temp_folder& folder) {
  return {.path = folder.path() / "a.journal", .node = "alpha"};
}

/// Writes all, and returns once they are durable.
void write_all(journal& to, std::vector<event> events) {
  auto last = events.back().sequence;
  std::promise<void> done;
  to.on_durable([&, told = false](const auto& moved) mutable {
    if (!told && moved.back().upto == last) {
      told = true;
      done.set_value();
    }
  });
  for (auto& what : events)
    to.append(std::move(what));
  done.get_future().wait();
  to.on_durable({});
}

double write_by_journal(std::vector<event> events) {
  test::temp_folder folder;
  journal store{options_in(folder)};
  auto start = steady::now();
  write_all(store, std::move(events));
  return seconds_since(start);
}

double write_by_loop(const std::vector<event>& events) {
  test::temp_folder folder;
  auto options = options_in(folder);
  detail::sqlite_handle to{options.path,
                           SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, ""};
  to.run("pragma journal_mode = wal; pragma synchronous = full");
  detail::make_journal(to);
  to.run("insert into origins(node, boot) values ('alpha', 1)");
  auto start = steady::now();
  detail::event_insert insert{to};
  int64_t id = 0;
  for (const auto& what : events) {
    if (id % 256 == 0)
      to.run(id == 0 ? "begin" : "commit; begin");
    insert.run(++id, 1, what);
  }
  to.run("commit");
  return seconds_since(start);
}

void compare(int64_t rounds, uint64_t count) {
  std::vector<double> ratios;
  std::vector<double> rates;
  std::vector<double> plain_rates;
  for (int64_t round = 0; round < rounds; ++round) {
    auto events = make_events(1, count);
    auto plain = write_by_loop(events);
    auto ours = write_by_journal(std::move(events));
    ratios.push_back(plain / ours);
    rates.push_back(static_cast<double>(count) / ours);
    plain_rates.push_back(static_cast<double>(count) / plain);
  }
  bench::print_figure("journal_ratio", bench::median(ratios), "ratio");
  bench::print_figure("journal_rate", bench::median(rates), "events/s");
  bench::print_figure("journal_rate_loop", bench::median(plain_rates),
                      "events/s");
}

/// How long it takes until one event alone is durable, in milliseconds.
void wait_for_single_events(uint64_t count) {
  test::temp_folder folder;
  journal store{options_in(folder)};
  std::vector<double> took;
  for (uint64_t i = 1; i <= count; ++i) {
    auto events = make_events(i, i);
    auto start = steady::now();
    write_all(store, std::move(events));
    took.push_back(1'000 * seconds_since(start));
  }
  bench::print_figure("journal_to_durable_p50", bench::quantile(took, 0.5),
                      "ms");
  bench::print_figure("journal_to_durable_p99", bench::quantile(took, 0.99),
                      "ms");
}

/// Returns how long it takes to read all, in milliseconds.
double read_all(journal_cursor from, uint64_t expected) {
  auto start = steady::now();
  uint64_t count = 0;
  for (auto found = from.next(); !found.empty(); found = from.next())
    count += found.size();
  if (count != expected)
    throw std::runtime_error{"some events are missing"};
  return 1'000 * seconds_since(start);
}

void read(uint64_t count) {
  constexpr uint64_t piece = 50'000;
  test::temp_folder folder;
  {
    journal store{options_in(folder)};
    for (uint64_t first = 1; first <= count; first += piece)
      write_all(store, make_events(first, std::min(first + piece - 1, count)));
    store.close();
  }
  auto path = options_in(folder).path;
  bench::print_figure("journal_bytes_per_event",
                      static_cast<double>(std::filesystem::file_size(path))
                        / static_cast<double>(count),
                      "bytes");
  auto start = steady::now();
  journal store{options_in(folder)};
  bench::print_figure("journal_open", 1'000 * seconds_since(start), "ms");
  journal_reader reader{path};
  bench::print_figure("journal_read_in_ledger_order",
                      read_all(reader.in_ledger_order(), count), "ms");
  bench::print_figure("journal_read_by_row", read_all(reader.follow(), count),
                      "ms");
  bench::print_figure("journal_read_of_origin",
                      read_all(reader.of_origin("alpha", 1), count), "ms");
}

} // namespace

int main(int argc, char** argv) {
  bench::arguments given{"bench_journal"};
  auto& rounds = given.add("rounds", 11, "turns; the median counts");
  auto& events = given.add("events", 50'000, "events written per turn");
  auto& reads = given.add("read", 1'000'000, "events in the journal read");
  if (auto code = given.read(argc, argv))
    return *code;
  wait_for_single_events(static_cast<uint64_t>(rounds) * 50);
  compare(rounds, static_cast<uint64_t>(events));
  read(static_cast<uint64_t>(reads));
}
