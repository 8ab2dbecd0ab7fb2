// A price that is asked for over and over while the service that knows it is
// down for a while. Prints what becomes of each call.

#include <bulwark/protection/guard.hpp>

#include <chrono>
#include <iostream>
#include <stdexcept>
#include <thread>

using namespace std::chrono_literals;

int main() {
  bulwark::guard prices{"prices",
                        {.timeout = 1s,
                         .idempotent = true,
                         .breaker = {.failure_threshold = 3,
                                     .recovery_timeout = 100ms,
                                     .success_threshold = 1},
                         .retry = {.attempts = 2, .initial = 1ms}}};
  bulwark::last_answers<int> known;
  int asked = 0;
  for (int i = 1; i <= 6; ++i) {
    auto answer = prices.call_or(
      [&](bulwark::attempt&) {
        if (++asked >= 2 && asked <= 4)
          throw std::runtime_error("down");
        return 40 + asked;
      },
      bulwark::fallback<int>{&known, "coffee"});
    std::cout << "call " << i << ": " << answer.value
              << (answer.report.from_cache ? " from before" : "") << ", asked "
              << asked << " times, " << to_string(prices.state()) << std::endl;
    if (i == 4)
      std::this_thread::sleep_for(150ms);
  }
}
