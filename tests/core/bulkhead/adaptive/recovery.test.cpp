// A limit that an incident has brought down: how long until it serves again
// what it served before? The bound is that of adaptive_limit.hpp.
#include "core/bulkhead/adaptive/simulated_server.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace bulwark;
using namespace test;
using namespace std::chrono_literals;

namespace {

// Windows until a limit of 1 lets in so many again.
size_t windows_to(size_t limit) {
  return 2 * limit + 24;
}

adaptive_options options_for(adaptive_algorithm algorithm, duration latency) {
  adaptive_options result{.algorithm = algorithm};
  // An answer that takes as long as ever is no drop.
  result.aimd.timeout = 3 * latency;
  return result;
}

size_t served(simulated_server& server, duration time) {
  auto before = server.answered();
  server.run(time);
  return server.answered() - before;
}

enum class incident { times_out, has_two_workers };

// Lets `size` ask at once; returns how many the limit lets in.
size_t burst(adaptive_limit& limit, size_t size, duration latency,
             time_point now) {
  auto let_in = std::min(size, limit.limit());
  for (size_t i = 1; i <= let_in; ++i)
    limit.record({latency, i, false}, now + latency);
  return let_in;
}

} // namespace

TEST_CASE("after an incident a limit serves the old load again",
          "[adaptive][recovery]") {
  auto algorithm =
    GENERATE(adaptive_algorithm::aimd, adaptive_algorithm::gradient2,
             adaptive_algorithm::vegas);
  auto latency = GENERATE(values<duration>({500ms, 1s, 2s, 3500ms, 5s, 10s}));
  auto what = GENERATE(incident::times_out, incident::has_two_workers);
  auto times = GENERATE(service_times::even, service_times::exponential);
  const server_model healthy{.workers = 40, .service = latency, .times = times};
  simulated_server server{healthy, options_for(algorithm, latency), 7};
  // 32 in flight on average.
  server.load(32 / std::chrono::duration<double>{latency}.count());
  auto window = std::max<duration>(1s, latency);
  server.run(200 * window);
  auto before = served(server, 100 * window);
  auto broken = healthy;
  if (what == incident::times_out)
    broken.fast_failures = 1000;
  else
    broken.workers = 2;
  server.become(broken);
  server.run(30min);
  server.become(healthy);
  server.run(windows_to(40) * window);
  auto after = served(server, 100 * window);
  CAPTURE(to_string(algorithm), latency / 1ms, static_cast<int>(what),
          static_cast<int>(times), before, server.limit().limit());
  // A probe of Vegas costs a few.
  CHECK(after * 100 >= before * 90);
}

TEST_CASE("a limit comes back where work comes in bursts, however rare",
          "[adaptive][recovery]") {
  auto algorithm =
    GENERATE(adaptive_algorithm::aimd, adaptive_algorithm::gradient2,
             adaptive_algorithm::vegas);
  auto latency = GENERATE(values<duration>({20ms, 500ms, 2s, 10s}));
  auto gap = GENERATE(values<duration>({20s, 1min, 1h}));
  auto size = GENERATE(size_t{8}, size_t{30});
  adaptive_limit limit{options_for(algorithm, latency)};
  time_point now{1h};
  // Whoever is refused tries again at once.
  for (int i = 0; i < 5000; ++i)
    limit.record({20ms, limit.limit(), true}, now += 50ms);
  size_t bursts = 0;
  size_t let_in = 0;
  while (let_in < size && bursts < 1000) {
    ++bursts;
    let_in = burst(limit, size, latency, now += gap);
  }
  CAPTURE(to_string(algorithm), latency / 1ms, gap / 1s, size);
  CHECK(bursts <= windows_to(size));
  size_t served = 0;
  for (int i = 0; i < 500; ++i)
    served += burst(limit, size, latency, now += gap);
  CHECK(served * 100 >= 500 * size * 90);
}

TEST_CASE("few answers do not lift a limit that is not used",
          "[adaptive][recovery]") {
  auto algorithm =
    GENERATE(adaptive_algorithm::aimd, adaptive_algorithm::gradient2,
             adaptive_algorithm::vegas);
  adaptive_limit limit{options_for(algorithm, 1s)};
  time_point now{1h};
  for (int i = 0; i < 10'000; ++i)
    limit.record({20ms, 9, false}, now += 1min);
  CAPTURE(to_string(algorithm));
  CHECK(limit.limit() <= 20);
}
