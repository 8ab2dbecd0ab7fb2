// Each algorithm against a service with a known knee, under half as much load
// again as it can do: does its limit find the number of workers?
#include "core/bulkhead/adaptive/simulated_server.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

using namespace bulwark;
using namespace test;
using namespace std::chrono_literals;

namespace {

struct setup {
  std::string name;
  adaptive_options options;
  server_model server;
};

setup vegas_as_published(size_t workers) {
  return {"vegas", published(adaptive_algorithm::vegas), {.workers = workers}};
}

// For few workers six that wait are too many: a narrower band, smaller steps.
setup vegas_for_few(size_t workers) {
  auto result = vegas_as_published(workers);
  result.name = "vegas for few";
  result.options.vegas.alpha = 1;
  result.options.vegas.beta = 2;
  result.options.vegas.smoothing = 0.1;
  return result;
}

// What the service refuses tells AIMD where the limit is.
setup aimd_as_published(size_t workers) {
  return {"aimd, service refuses",
          published(adaptive_algorithm::aimd),
          {.workers = workers, .queue_max = workers / 10}};
}

// Where it never refuses, the time limit has to.
setup aimd_with_timeout(size_t workers) {
  auto options = published(adaptive_algorithm::aimd);
  options.aimd.timeout = 110ms;
  return {"aimd, timeout", options, {.workers = workers}};
}

setup gradient2_guarded(size_t workers) {
  auto options = published(adaptive_algorithm::gradient2);
  options.gradient2.tolerance = 1.0;
  options.healthy_latency = 105ms;
  return {"gradient2, guarded", options, {.workers = workers}};
}

bool within_a_fifth(size_t limit, size_t best) {
  return limit * 5 >= best * 4 && limit * 5 <= best * 6;
}

// Watches for five minutes. The limit may be elsewhere for 5 % of the time,
// since a probe lowers it.
void require_settled(simulated_server& server, size_t best) {
  size_t seconds = 0;
  size_t good = 0;
  size_t lowest = 10'000;
  size_t highest = 0;
  server.run(300s, [&] {
    auto limit = server.limit().limit();
    ++seconds;
    good += within_a_fifth(limit, best) ? 1 : 0;
    lowest = std::min(lowest, limit);
    highest = std::max(highest, limit);
  });
  CAPTURE(best, lowest, highest, good);
  REQUIRE(seconds == 300);
  REQUIRE(good >= 285);
}

} // namespace

TEST_CASE("a limit settles within a fifth of the best one",
          "[adaptive][settling]") {
  auto given = GENERATE(
    vegas_for_few(20), vegas_as_published(50), vegas_as_published(100),
    aimd_as_published(50), aimd_as_published(100), aimd_with_timeout(50),
    aimd_with_timeout(100), gradient2_guarded(50), gradient2_guarded(100));
  auto seed = GENERATE(1u, 2u);
  CAPTURE(given.name, given.server.workers, seed);
  simulated_server server{given.server, given.options, seed};
  server.run(300s);
  auto before = server.answered();
  require_settled(server, given.server.workers);
  auto most = given.server.workers * 10 * 300;
  CHECK((server.answered() - before) * 100 >= most * 92);
}

TEST_CASE("a limit settles also where service times vary as if by chance",
          "[adaptive][settling]") {
  auto given = GENERATE(vegas_as_published(100), aimd_as_published(100),
                        aimd_with_timeout(100), gradient2_guarded(100));
  auto seed = GENERATE(1u, 2u);
  given.server.times = service_times::exponential;
  CAPTURE(given.name, given.server.workers, seed);
  simulated_server server{given.server, given.options, seed};
  server.run(300s);
  size_t sum = 0;
  server.run(300s, [&] { sum += server.limit().limit(); });
  CHECK(within_a_fifth(sum / 300, given.server.workers));
}

TEST_CASE("a limit follows a service that loses half of its workers, and back",
          "[adaptive][settling]") {
  auto given = GENERATE(vegas_as_published(100), aimd_as_published(100),
                        aimd_with_timeout(100), gradient2_guarded(100));
  CAPTURE(given.name);
  simulated_server server{given.server, given.options, 11};
  server.run(300s);
  auto half = given.server;
  half.workers /= 2;
  half.queue_max /= 2;
  server.become(half);
  server.run(120s);
  require_settled(server, 50);
  server.become(given.server);
  server.run(180s);
  require_settled(server, 100);
}

TEST_CASE("a limit recovers from a service that was half as fast for a while",
          "[adaptive][settling]") {
  auto given = GENERATE(vegas_as_published(50), aimd_as_published(50),
                        aimd_with_timeout(50), gradient2_guarded(50));
  CAPTURE(given.name);
  simulated_server server{given.server, given.options, 12};
  server.run(300s);
  auto slow = given.server;
  slow.service *= 2;
  server.become(slow);
  server.run(600s, [&] {
    REQUIRE(server.limit().limit() >= given.options.min);
    REQUIRE(server.limit().limit() <= 65);
  });
  server.become(given.server);
  server.run(180s);
  require_settled(server, 50);
}

TEST_CASE("a limit that starts far above the knee comes down",
          "[adaptive][settling]") {
  auto options = published(adaptive_algorithm::vegas);
  options.initial = 400;
  simulated_server server{{.workers = 50}, options, 13};
  server.run(900s);
  require_settled(server, 50);
}

TEST_CASE("an incident of half an hour does not become normal",
          "[adaptive][settling]") {
  auto given = GENERATE(vegas_as_published(100), gradient2_guarded(100));
  CAPTURE(given.name);
  given.options.healthy_latency = 105ms;
  simulated_server server{given.server, given.options, 14};
  server.run(300s);
  auto half = given.server;
  half.workers /= 2;
  server.become(half);
  server.run(30min, [&] { REQUIRE(server.limit().baseline() <= 105ms); });
  require_settled(server, 50);
  server.become(given.server);
  server.run(180s);
  require_settled(server, 100);
}

TEST_CASE("Gradient2 as published takes endless overload for normal",
          "[adaptive][settling]") {
  auto options = published(adaptive_algorithm::gradient2);
  simulated_server server{{.workers = 50}, options, 15};
  server.run(900s);
  CHECK(server.limit().limit() == 200);
  CHECK(server.limit().baseline() > 200ms);
}

TEST_CASE("failures that are fast do not fake a low latency",
          "[adaptive][settling]") {
  auto given = GENERATE(vegas_as_published(50), gradient2_guarded(50));
  CAPTURE(given.name);
  given.server.fast_failures = 300;
  simulated_server server{given.server, given.options, 16};
  server.run(600s, [&] { REQUIRE(server.limit().limit() <= 60); });
  CHECK(server.limit().baseline() >= 80ms);
  given.server.fast_failures = 0;
  server.become(given.server);
  server.run(300s);
  require_settled(server, 50);
}

TEST_CASE("a service with little to do gets no higher limit",
          "[adaptive][settling]") {
  auto given = GENERATE(vegas_as_published(50), aimd_as_published(50),
                        aimd_with_timeout(50), gradient2_guarded(50));
  CAPTURE(given.name);
  simulated_server server{given.server, given.options, 17};
  // One in flight on average.
  server.load(10);
  server.run(1800s, [&] { REQUIRE(server.limit().limit() <= 20); });
  CHECK(server.limit().limit() >= 10);
}
