// What protects calls, as files and command lines want it.

#include "runtime/node/started_node.hpp"
#include "runtime/options/given.hpp"

#include <bulwark/options/detail/protection_fields.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;
using test::arguments;
using test::complaint_of;
using test::read;

namespace {

/// Declares a guard and starts; returns its options.
guard_options declared(const arguments& given, const guard_options& code) {
  detail::node_core core{read(given), [] {}};
  node it{core};
  return it.guard("api", code);
}

std::string refusal(const arguments& given) {
  return complaint_of([&] { declared(given, {}); });
}

template <class Options>
Options with(const std::vector<std::pair<std::string, std::string>>& given) {
  Options result;
  CHECK(given.size() == detail::fields_of<Options>().size());
  for (const auto& [name, text] : given) {
    CAPTURE(name);
    const auto* field = detail::find_field<Options>(name);
    REQUIRE(field != nullptr);
    CHECK(field->set(result, text) == std::nullopt);
    CHECK(field->get(result) == text);
  }
  return result;
}

} // namespace

TEST_CASE("every field of a guard can be set by name, and shown", "[options]") {
  auto set = with<guard_options>({{"timeout", "1s"},
                                  {"idempotent", "true"},
                                  {"breaker.policy", "time_window"},
                                  {"breaker.failure_threshold", "2"},
                                  {"breaker.recovery_timeout", "3s"},
                                  {"breaker.success_threshold", "4"},
                                  {"breaker.window_calls", "50"},
                                  {"breaker.window", "6s"},
                                  {"breaker.calls_min", "7"},
                                  {"breaker.failure_rate", "0.8"},
                                  {"breaker.slow_rate", "0.9"},
                                  {"breaker.slow_call", "10s"},
                                  {"breaker.jitter", "0.11"},
                                  {"breaker.growth", "1.2"},
                                  {"breaker.recovery_max", "13s"},
                                  {"breaker.ramp_up", "14s"},
                                  {"breaker.busy_max", "15s"},
                                  {"breaker.probe_limit", "16s"},
                                  {"breaker.keys_max", "17"},
                                  {"retry.attempts", "18"},
                                  {"retry.initial", "19ms"},
                                  {"retry.multiplier", "2.5"},
                                  {"retry.max", "21s"},
                                  {"retry.jitter", "0.22"},
                                  {"retry.attempt_timeout", "23s"},
                                  {"retry_budget.share", "0.24"},
                                  {"retry_budget.per_second", "25"}});
  guard_options expected{.timeout = 1s,
                         .idempotent = true,
                         .breaker = {.policy = breaker_policy::time_window,
                                     .failure_threshold = 2,
                                     .recovery_timeout = 3s,
                                     .success_threshold = 4,
                                     .window_calls = 50,
                                     .window = 6s,
                                     .calls_min = 7,
                                     .failure_rate = 0.8,
                                     .slow_rate = 0.9,
                                     .slow_call = 10s,
                                     .jitter = 0.11,
                                     .growth = 1.2,
                                     .recovery_max = 13s,
                                     .ramp_up = 14s,
                                     .busy_max = 15s,
                                     .probe_limit = 16s,
                                     .keys_max = 17},
                         .retry = {.attempts = 18,
                                   .initial = 19ms,
                                   .multiplier = 2.5,
                                   .max = 21s,
                                   .jitter = 0.22,
                                   .attempt_timeout = 23s},
                         .retry_budget = {.share = 0.24, .per_second = 25}};
  CHECK(set == expected);
  CHECK(validate(set) == std::nullopt);
}

TEST_CASE("every field of hedges can be set by name, and shown", "[options]") {
  CHECK(with<hedge_options>({{"extra", "1"},
                             {"delay", "2ms"},
                             {"quantile", "0.3"},
                             {"samples_min", "4"},
                             {"delay_min", "5ms"}})
        == hedge_options{.extra = 1,
                         .delay = 2ms,
                         .quantile = 0.3,
                         .samples_min = 4,
                         .delay_min = 5ms});
}

TEST_CASE("the command line wins over what the code says of a guard",
          "[options]") {
  auto options = declared(
    {"--guard.api.breaker.recovery_timeout=3s", "--guard.api.timeout=700ms"},
    {.timeout = 1s, .idempotent = true});
  CHECK(options.breaker.recovery_timeout == 3s);
  CHECK(options.timeout == 700ms);
  CHECK(options.idempotent);
}

TEST_CASE("what a guard cannot do is refused by field, value and rule",
          "[options]") {
  CHECK(refusal({"--guard.api.breaker.failure_threshold=0"})
        == "breaker.failure_threshold is 0; it must be at least 1 and at most "
           "1000");
  CHECK(refusal({"--guard.api.breaker.policy=odd"})
        == "--guard.api.breaker.policy is \"odd\"; it must be counter, "
           "consecutive, count_window or time_window");
  CHECK(refusal({"--guard.api.breaker.limit=1"})
        == "unknown option --guard.api.breaker.limit; see --help");
  CHECK(complaint_of([] {
          detail::node_core core{read({}), [] {}};
          node it{core};
          it.guard("api", {});
          it.guard("api", {});
        })
        == "guard api is declared twice");
  CHECK(complaint_of([] {
          detail::node_core core{read({"--guard.ape.timeout=1s"}), [] {}};
          node it{core};
          it.guard("api", {});
          it.service("echo", test::echo);
          try {
            core.start();
          } catch (...) {
            core.stop();
            throw;
          }
          core.stop();
        })
        == "--guard.ape.timeout names no guard; known here: api");
}
