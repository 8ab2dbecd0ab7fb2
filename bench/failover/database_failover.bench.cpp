// Question: how long is a database without a write when the process of its
// primary is killed? From just before SIGKILL to the end of the first write
// that was begun after it, seen by one client that writes without pause: of
// four files of SQLite with an owner process each, and of three PostgreSQL
// servers, with one process that owns and watches them.
//
//   bench_database_failover [--kills N]
//
// Each primary that was killed is back before the next one is. Units:
// milliseconds.

#include "runtime/database/bank_town.hpp"
#include "runtime/database/postgres_town.hpp"
#include "support/arguments.hpp"
#include "support/figures.hpp"

#include <cstdlib>
#include <string>
#include <vector>

namespace {

constexpr double nanoseconds_per_millisecond = 1e6;

double milliseconds_from(int64_t begin, int64_t end) {
  return static_cast<double>(end - begin) / nanoseconds_per_millisecond;
}

std::vector<double> sqlite_failovers(int64_t kills) {
  test::bank_town town{1};
  std::vector<double> result;
  for (int64_t i = 0; i < kills; ++i) {
    auto whom = town.primary();
    auto begin = test::bank_now();
    town.kill(whom);
    result.push_back(milliseconds_from(begin, town.await_work(begin)));
    town.await_primary();
    town.start(whom);
    town.await_work(test::bank_now());
  }
  return result;
}

std::vector<double> postgres_failovers(int64_t kills) {
  test::postgres_town town{1};
  std::vector<double> result;
  for (int64_t i = 0; i < kills; ++i) {
    auto whom = town.primary();
    auto begin = test::bank_now();
    town.kill(whom);
    result.push_back(milliseconds_from(begin, town.await_work(begin)));
    town.await_primary();
    town.await_follower(whom);
  }
  return result;
}

void print_times(const std::string& name, const std::vector<double>& took) {
  bench::print_figure("failover_" + name + "_p50", bench::quantile(took, 0.5),
                      "ms");
  bench::print_figure("failover_" + name + "_p99", bench::quantile(took, 0.99),
                      "ms");
}

} // namespace

int main(int argc, char** argv) {
  bench::arguments given{"bench_database_failover"};
  auto& kills = given.add("kills", 30, "kills of each primary");
  if (auto code = given.read(argc, argv))
    return *code;
  setenv("BANK_CLIENT", BANK_CLIENT, 0);
  setenv("DATABASE_CLUSTER", DATABASE_CLUSTER, 0);
  print_times("sqlite_owner", sqlite_failovers(kills));
  print_times("postgres_primary", postgres_failovers(kills));
}
