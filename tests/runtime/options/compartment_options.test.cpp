#include "runtime/node/started_node.hpp"
#include "runtime/options/given.hpp"

#include <bulwark/bulkhead/bulkhead_stats.hpp>
#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/options/detail/read_options.hpp>

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

// Bulkheads, CPU quotas and load_shedding, as files and command lines want
// them.

using namespace bulwark;
using namespace std::chrono_literals;
using test::arguments;
using test::complaint_of;
using test::read;

namespace {

std::string refusal(const arguments& given) {
  return complaint_of([&] { read(given); });
}

bulkhead_options orders(const arguments& given, bulkhead_options code = {}) {
  read(given).overrides.apply("orders", code);
  return code;
}

/// Declares a bulkhead and a quota, and starts; returns the complaint.
std::string start(const arguments& given, bulkhead_options code = {}) {
  detail::node_core core{read(given), [] {}};
  node it{core};
  auto result = complaint_of([&] {
    it.bulkhead("orders", code);
    it.cpu_quota("batch", {});
    it.service("echo", test::echo).bulkhead("orders");
    core.start();
  });
  core.stop();
  return result;
}

} // namespace

TEST_CASE("a rate and an adaptive limit can be set by name", "[options]") {
  auto got =
    orders({"--bulkhead.orders.rate.rate=20", "--bulkhead.orders.rate.burst=40",
            "--bulkhead.orders.rate_per_tenant=true",
            "--bulkhead.orders.rate_wait=250ms",
            "--bulkhead.orders.adaptive.algorithm=aimd",
            "--bulkhead.orders.adaptive.max=50"});
  CHECK(got.rate == rate_options{.rate = 20, .burst = 40});
  CHECK(got.rate_per_tenant);
  CHECK(got.rate_wait == 250ms);
  REQUIRE(got.adaptive);
  CHECK(got.adaptive->algorithm == adaptive_algorithm::aimd);
  CHECK(got.adaptive->max == 50);
  CHECK(got.adaptive->min == adaptive_options{}.min);
  CHECK_FALSE(orders({}).rate);
  CHECK_FALSE(orders({}).adaptive);
}

TEST_CASE("one number of a rate changes what the program says of it alone",
          "[options]") {
  auto got = orders({"--bulkhead.orders.rate.rate=20"},
                    {.rate = rate_options{.rate = 5, .period = 2s}});
  CHECK(got.rate == rate_options{.rate = 20, .period = 2s});
  CHECK(refusal({"--bulkhead.orders.rate.rate=many"}).find("whole number")
        != std::string::npos);
}

TEST_CASE("every field of a bulkhead can be set by name", "[options]") {
  bulkhead_options expected{.capacity = 20,
                            .reserved_for_critical = 2,
                            .queue = 30,
                            .queue_timeout = 500ms,
                            .overflow = overflow_policy::drop_oldest,
                            .order = queue_order::adaptive_lifo,
                            .warning = 0.5,
                            .critical = 0.75,
                            .hysteresis = 0.25,
                            .importance = call_priority::background,
                            .mode = bulkhead_mode::shadow,
                            .fair = true};
  CHECK(
    orders(
      {"--bulkhead.orders.capacity=20",
       "--bulkhead.orders.reserved_for_critical=2",
       "--bulkhead.orders.queue=30", "--bulkhead.orders.queue_timeout=500ms",
       "--bulkhead.orders.overflow=drop_oldest",
       "--bulkhead.orders.order=adaptive_lifo", "--bulkhead.orders.warning=0.5",
       "--bulkhead.orders.critical=0.75", "--bulkhead.orders.hysteresis=0.25",
       "--bulkhead.orders.importance=background",
       "--bulkhead.orders.mode=shadow", "--bulkhead.orders.fair=true"})
    == expected);
  CHECK(orders({"--bulkhead.users.capacity=20"}) == bulkhead_options{});
  // The code's own stay where nothing is said of them.
  CHECK(orders({"--bulkhead.orders.queue=7"}, expected).capacity == 20);
}

TEST_CASE("the command line wins over the file, also for bulkheads",
          "[options]") {
  auto path = std::filesystem::temp_directory_path()
              / ("bulwark-bulkheads-" + std::to_string(::getpid()));
  std::ofstream{path} << "[bulkhead.orders]\ncapacity = 20\nqueue = 3\n"
                         "[cpu_quota.batch]\nquota = 50ms\n"
                         "[load_shedding]\nenabled = true\ncpu = 0.5\n";
  auto given =
    read({"--config=" + path.string(), "--bulkhead.orders.capacity", "21"});
  std::filesystem::remove(path);
  bulkhead_options pool;
  given.overrides.apply("orders", pool);
  CHECK(pool.capacity == 21);
  CHECK(pool.queue == 3);
  cpu_quota_options quota;
  given.overrides.apply("batch", quota);
  CHECK(quota.quota == 50ms);
  CHECK(quota.period == 100ms);
  load_shedding_choice load_shedding;
  given.overrides.apply(load_shedding);
  CHECK(load_shedding.enabled);
  CHECK(load_shedding.limits.cpu == 0.5);
  CHECK(load_shedding.limits.memory == load_shedding_options{}.memory);
}

TEST_CASE("what cannot be read is refused with key, value and rule",
          "[options]") {
  CHECK(refusal({"--bulkhead.orders.capacity=many"})
        == "--bulkhead.orders.capacity is \"many\"; it must be a whole number "
           "from 0 to 18446744073709551615");
  CHECK(refusal({"--bulkhead.orders.overflow=drop"})
        == "--bulkhead.orders.overflow is \"drop\"; it must be refuse, "
           "drop_oldest or drop_newest");
  CHECK(refusal({"--bulkhead.orders.capacitee=1"})
        == "unknown option --bulkhead.orders.capacitee; see --help");
  CHECK(refusal({"--bulkhead.capacity=1"})
        == "unknown option --bulkhead.capacity; see --help");
  CHECK(refusal({"--bulkhead.no spaces.capacity=1"})
          .starts_with("--bulkhead.no spaces.capacity: bulkhead name is "));
  CHECK(refusal({"--cpu_quota.batch.quota=soon"})
          .starts_with("--cpu_quota.batch.quota is \"soon\"; a duration"));
  CHECK(refusal({"--load_shedding.cpu=high"})
        == "--load_shedding.cpu is \"high\"; it must be a number, such as 1.5");
  CHECK(refusal({"--load_shedding.enabled=yes"})
        == "--load_shedding.enabled is \"yes\"; it must be true or false");
  CHECK(refusal({"--bulkhead.orders.queue=1", "--bulkhead.orders.queue=2"})
        == "--bulkhead.orders.queue is given more than once");
}

TEST_CASE("what makes no sense is refused when the node starts",
          "[options][node]") {
  CHECK(start({}) == "none");
  CHECK(start({"--bulkhead.orders.capacity=0"})
          .starts_with("bulkhead orders: bulkhead.capacity is 0; it must be"));
  CHECK(start({"--bulkhead.orders.capacity=3"}, {.reserved_for_critical = 5})
          .starts_with(
            "bulkhead orders: bulkhead.reserved_for_critical is 5; it must"));
  CHECK(start({"--bulkhead.order.capacity=3"})
        == "--bulkhead.order.capacity names no bulkhead; known here: orders");
  CHECK(start({"--cpu_quota.back.quota=3ms"})
        == "--cpu_quota.back.quota names no cpu quota; known here: batch");
  CHECK(start({"--cpu_quota.batch.period=0ms"}).starts_with("cpu quota batch"));
  CHECK(start({"--load_shedding.low=0.5"})
        == "--load_shedding.low is \"0.5\"; it must come with "
           "load_shedding.enabled=true, since this node does not shed load");
  CHECK(start({"--load_shedding.enabled=true", "--load_shedding.low=2"})
          .starts_with("load_shedding.low is 2; it must be"));
  CHECK(start({"--load_shedding.enabled=true", "--load_shedding.low=0.5"})
        == "none");
}

TEST_CASE("a node runs with the bulkheads that it was told",
          "[options][node]") {
  detail::node_core core{read({"--bulkhead.orders.capacity=3"}), [] {}};
  node it{core};
  it.bulkhead("orders", {.capacity = 9});
  core.start();
  CHECK(it.find_bulkhead("orders").core()->capacity() == 3);
  core.stop();
}
