#include "core/option_rows.hpp"

#include <bulwark/gate/gate_options.hpp>
#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/text/validate_name.hpp>

#include <catch2/catch.hpp>

#include <limits>
#include <string>

using namespace bulwark;
using namespace test;
using namespace std::chrono_literals;

TEST_CASE("the defaults are valid", "[validate]") {
  CHECK(validate(restart_options{}) == std::nullopt);
  CHECK(validate(supervisor_options{}) == std::nullopt);
  CHECK(validate(gate_options{}) == std::nullopt);
}

TEST_CASE("the defaults are those of the documentation", "[validate]") {
  restart_options restart;
  CHECK(restart.type == restart_type::permanent);
  CHECK(restart.initial == 100ms);
  CHECK(restart.multiplier == 2.0);
  CHECK(restart.max == 30s);
  CHECK(restart.jitter == 0.2);
  CHECK(restart.reset_after == 30s);
  CHECK(restart.intensity == 5);
  CHECK(restart.period == 60s);
  CHECK(restart.cool_down == 60s);
  CHECK(restart.cool_down_max == 1h);
  CHECK(restart.shutdown == 5s);
  supervisor_options supervisor;
  CHECK(supervisor.intensity == 20);
  CHECK(supervisor.period == 60s);
  gate_options gate;
  CHECK(gate.timeout == 5s);
  CHECK(gate.grace == 30s);
  CHECK(gate.stash_messages == 1000);
  CHECK(gate.stash_bytes == 16u * 1024 * 1024);
  CHECK(gate.stash_wait == 10s);
  CHECK(gate.hop_limit == 64);
  CHECK(gate.poison_limit == 3);
  CHECK(gate.bystander_limit == 16);
}

TEST_CASE("a bad restart option is named with value and rule", "[validate]") {
  using options = restart_options;
  auto year = "; it must be at most 8760h long";
  check_row(GENERATE_REF(values<row<options>>({
    {[](options& o) { o.initial = -1ms; },
     "restart.initial is -1ms; it must be 0ms or longer"},
    {[](options& o) { o.initial = 9000h; },
     std::string{"restart.initial is 9000h"} + year},
    {[](options& o) { o.multiplier = 0.5; },
     "restart.multiplier is 0.5; it must be a number of at least 1"},
    {[](options& o) { o.multiplier = std::numeric_limits<double>::infinity(); },
     "restart.multiplier is inf; it must be a number of at least 1"},
    {[](options& o) { o.max = 50ms; },
     "restart.max is 50ms; it must be at least restart.initial, which is "
     "100ms"},
    {[](options& o) { o.jitter = 1.0; },
     "restart.jitter is 1; it must be at least 0 and below 1"},
    {[](options& o) { o.jitter = 1.5; },
     "restart.jitter is 1.5; it must be at least 0 and below 1"},
    {[](options& o) { o.jitter = std::numeric_limits<double>::quiet_NaN(); },
     "restart.jitter is nan; it must be at least 0 and below 1"},
    {[](options& o) { o.reset_after = -1s; },
     "restart.reset_after is -1s; it must be 0ms or longer"},
    {[](options& o) { o.period = 0s; },
     "restart.period is 0ms; it must be longer than 0ms"},
    {[](options& o) { o.cool_down = 2h; },
     "restart.cool_down_max is 1h; it must be at least restart.cool_down, "
     "which is 2h"},
    {[](options& o) { o.cool_down = -1s; },
     "restart.cool_down is -1s; it must be 0ms or longer"},
    {[](options& o) { o.shutdown = -1s; },
     "restart.shutdown is -1s; it must be 0ms or longer"},
  })));
}

TEST_CASE("a bad supervisor or gate option is named with value and rule",
          "[validate]") {
  supervisor_options supervisor{.period = 0s};
  CHECK(validate(supervisor)
        == "supervisor.period is 0ms; it must be longer than 0ms");
  using options = gate_options;
  check_row(GENERATE(values<row<options>>({
    {[](options& o) { o.timeout = 0s; },
     "gate.timeout is 0ms; it must be longer than 0ms"},
    {[](options& o) { o.grace = -1s; },
     "gate.grace is -1s; it must be 0ms or longer"},
    {[](options& o) { o.stash_wait = -1s; },
     "gate.stash_wait is -1s; it must be 0ms or longer"},
    {[](options& o) { o.hop_limit = 0; },
     "gate.hop_limit is 0; it must be at least 1"},
    {[](options& o) { o.poison_limit = 0; },
     "gate.poison_limit is 0; it must be at least 1"},
  })));
}

TEST_CASE("edge values are valid", "[validate]") {
  CHECK_FALSE(validate(restart_options{.initial = 0s,
                                       .multiplier = 1.0,
                                       .max = 0s,
                                       .jitter = 0.0,
                                       .reset_after = 0s,
                                       .intensity = 0,
                                       .period = 1ns,
                                       .cool_down = 0s,
                                       .cool_down_max = 0s,
                                       .shutdown = 0s}));
  CHECK_FALSE(validate(gate_options{.timeout = option_duration_max,
                                    .stash_messages = 0,
                                    .stash_bytes = 0,
                                    .stash_wait = 0s,
                                    .hop_limit = 1,
                                    .poison_limit = 1,
                                    .bystander_limit = 0}));
}

TEST_CASE("names are letters, digits, underscores and dashes", "[validate]") {
  auto good = GENERATE(as<std::string>{}, "a", "alpha", "order_management",
                       "node-7", "Z9");
  CHECK(validate_name("service name", good) == std::nullopt);
  CHECK(validate_name("node name", std::string(64, 'x')) == std::nullopt);
}

TEST_CASE("a bad name is refused with the rule", "[validate]") {
  auto bad = GENERATE(as<std::string>{}, "", "7up", "_a", "-a", "a b", "a.b",
                      "a/b", "a#1", "\xc3\xa4", "a\n");
  CAPTURE(bad);
  CHECK(validate_name("service name", bad).has_value());
  CHECK(validate_name("node name", std::string(65, 'x')).has_value());
  CHECK(validate_name("node name", "a\nb")
        == "node name is \"a\\nb\"; it must be 1 to 64 letters, digits, '_' "
           "and '-', a letter first");
}
