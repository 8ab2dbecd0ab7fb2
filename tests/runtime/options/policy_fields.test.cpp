#include <bulwark/options/detail/policy_fields.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <tuple>

using namespace bulwark;
using namespace std::chrono_literals;

TEST_CASE("every field can be set by name", "[options]") {
  service_settings s;
  auto set = [&](const char* name, const char* text) {
    CAPTURE(name);
    CHECK(is_policy_field(name));
    CHECK(set_policy_field(s, name, text) == std::nullopt);
    CHECK(show_policy_field(s, name) == text);
  };
  set("restart.type", "transient");
  set("restart.initial", "250ms");
  set("restart.multiplier", "1.5");
  set("restart.max", "5s");
  set("restart.jitter", "0.1");
  set("restart.reset_after", "6s");
  set("restart.intensity", "7");
  set("restart.period", "8s");
  set("restart.cool_down", "9s");
  set("restart.cool_down_max", "10s");
  set("restart.shutdown", "11s");
  set("supervisor.intensity", "12");
  set("supervisor.period", "13s");
  set("gate.timeout", "14s");
  set("gate.grace", "15s");
  set("gate.stash_messages", "16");
  set("gate.stash_bytes", "17");
  set("gate.stash_wait", "18s");
  set("gate.hop_limit", "19");
  set("gate.poison_limit", "8");
  set("gate.bystander_limit", "9");
  set("strategy", "rest_for_one");
  set("on_limit", "escalate");
  set("replicas", "20");
  set("min_healthy", "21");
  set("balance", "weighted");
  set("weights", "3,1,20");
  set("route", "spread");
  set("severity_shift", "-2");
  set("blocking", "true");
  set("ready_within", "7s");
  set("hung_after", "8s");
  service_settings expected{.restart = {.type = restart_type::transient,
                                        .initial = 250ms,
                                        .multiplier = 1.5,
                                        .max = 5s,
                                        .jitter = 0.1,
                                        .reset_after = 6s,
                                        .intensity = 7,
                                        .period = 8s,
                                        .cool_down = 9s,
                                        .cool_down_max = 10s,
                                        .shutdown = 11s},
                            .supervisor = {.intensity = 12, .period = 13s},
                            .gate = {.timeout = 14s,
                                     .grace = 15s,
                                     .stash_messages = 16,
                                     .stash_bytes = 17,
                                     .stash_wait = 18s,
                                     .hop_limit = 19,
                                     .poison_limit = 8,
                                     .bystander_limit = 9},
                            .strategy = restart_strategy::rest_for_one,
                            .on_limit = limit_action::escalate,
                            .replicas = 20,
                            .min_healthy = 21,
                            .balance = balancing_strategy::weighted,
                            .weights = {3, 1, 20},
                            .route = routing::spread,
                            .severity_shift = -2,
                            .blocking = true,
                            .ready_within = 7s,
                            .hung_after = 8s};
  CHECK(s == expected);
}

TEST_CASE("a field of a service's breaker gives it one", "[options]") {
  service_settings s;
  CHECK(set_policy_field(s, "breaker.policy", "consecutive") == std::nullopt);
  CHECK(set_policy_field(s, "breaker.recovery_timeout", "3s") == std::nullopt);
  CHECK(s.breaker
        == breaker_options{.policy = breaker_policy::consecutive,
                           .recovery_timeout = 3s});
  CHECK(set_policy_field(s, "breaker.failure_threshold", "0") == std::nullopt);
  CHECK(validate(s)
        == "breaker.failure_threshold is 0; it must be at least 1 and at most "
           "1000");
  CHECK(is_common_field("breaker.policy"));
  CHECK(set_policy_field(s, "breaker.cluster_wide", "true") == std::nullopt);
  CHECK(s.breaker->cluster_wide);
}

TEST_CASE("a field of a service's retries lets it try again", "[options]") {
  service_settings s;
  CHECK(set_policy_field(s, "retry_budget.share", "0.5") == std::nullopt);
  CHECK_FALSE(s.retry);
  CHECK(set_policy_field(s, "retry.attempts", "2") == std::nullopt);
  CHECK(set_policy_field(s, "retry.attempt_timeout", "1s") == std::nullopt);
  CHECK(s.retry == retry_options{.attempts = 2, .attempt_timeout = 1s});
  CHECK(s.retry_budget.share == 0.5);
  CHECK(is_common_field("retry.attempts"));
  CHECK(set_policy_field(s, "retry.attempt_timeout", "-1s"));
}

TEST_CASE("the fields of a service's hedges can be set by name", "[options]") {
  service_settings s;
  CHECK(set_policy_field(s, "hedge.extra", "1") == std::nullopt);
  CHECK(set_policy_field(s, "hedge.delay", "20ms") == std::nullopt);
  CHECK(set_policy_field(s, "hedge.quantile", "0.9") == std::nullopt);
  CHECK(set_policy_field(s, "hedge.samples_min", "30") == std::nullopt);
  CHECK(set_policy_field(s, "hedge.delay_min", "2ms") == std::nullopt);
  CHECK(s.hedge
        == hedge_options{.extra = 1,
                         .delay = 20ms,
                         .quantile = 0.9,
                         .samples_min = 30,
                         .delay_min = 2ms});
  CHECK(is_common_field("hedge.extra"));
  CHECK(set_policy_field(s, "hedge.extra", "2") == std::nullopt);
  CHECK(validate(s) == "hedge.extra is 2; it must be at least 0 and at most 1");
}

TEST_CASE("the fields of a service's last good answers can be set by name",
          "[options]") {
  service_settings s;
  CHECK(set_policy_field(s, "fallback.last_good", "true") == std::nullopt);
  CHECK(set_policy_field(s, "fallback.entries_max", "2") == std::nullopt);
  CHECK(set_policy_field(s, "fallback.bytes_max", "3") == std::nullopt);
  CHECK(set_policy_field(s, "fallback.age_max", "4s") == std::nullopt);
  CHECK(s.fallback
        == fallback_options{
          .last_good = true, .entries_max = 2, .bytes_max = 3, .age_max = 4s});
}

TEST_CASE("weights are one for each replica, or equal", "[options]") {
  service_settings s;
  s.replicas = 2;
  CHECK(set_policy_field(s, "weights", "3,1,1") == std::nullopt);
  CHECK(validate(s)
        == "weights are 3; there must be one for each replica, which are 2");
  CHECK(set_policy_field(s, "weights", "1,0") == std::nullopt);
  CHECK(validate(s)
        == "weights[1] is 0; it must be at least 1 and at most 1000");
  for (const auto* text : {"", "1,", ",1", "1;2", "-1,2", "1, 2", "4294967296"})
    CHECK(set_policy_field(s, "weights", text)
          == "it must be whole numbers with commas between them, such as "
             "3,1,1, or equal");
  CHECK(s.weights == std::vector<uint32_t>{1, 0});
  CHECK(set_policy_field(s, "weights", "equal") == std::nullopt);
  CHECK(s.weights.empty());
  CHECK(validate(s) == std::nullopt);
}

TEST_CASE("the fields of a service's redundancy can be set by name",
          "[options]") {
  service_settings s;
  CHECK_FALSE(s.usage().armed());
  CHECK(set_policy_field(s, "replicas", "3") == std::nullopt);
  CHECK(set_policy_field(s, "min_healthy", "2") == std::nullopt);
  CHECK(set_policy_field(s, "standby", "62") == std::nullopt);
  CHECK(set_policy_field(s, "group.fail_back", "preferred") == std::nullopt);
  CHECK(set_policy_field(s, "group.fail_back_after", "5s") == std::nullopt);
  CHECK(validate(s)
        == "active + standby is 65; it must be at least 1 and at most 64");
  s.standby = 1;
  CHECK(validate(s) == std::nullopt);
  CHECK(s.usage()
        == usage_options{.active = 3,
                         .standby = 1,
                         .group = {.min_healthy = 2,
                                   .policy = fail_back::preferred,
                                   .fail_back_after = 5s}});
  s.strategy = restart_strategy::one_for_all;
  CHECK(validate(s)
        == "strategy is one_for_all; with standbys it must be one_for_one, or "
           "they would be restarted with whoever they stand in for");
  s.strategy = restart_strategy::one_for_one;
  CHECK(set_policy_field(s, "ejection.share_max", "0") == std::nullopt);
  REQUIRE(s.ejection);
  CHECK(validate(s)
        == "ejection.share_max is 0; it must be above 0 and at most 1");
  CHECK(is_common_field("ejection.length"));
}

TEST_CASE("fields of probes, of own errors and of a slow start are read and "
          "checked",
          "[options]") {
  service_settings s;
  CHECK(set_policy_field(s, "ejection.own_errors", "never") == std::nullopt);
  CHECK(s.ejection->own == own_errors::never);
  CHECK(set_policy_field(s, "ejection.own_errors", "mine"));
  CHECK(set_policy_field(s, "probe.every", "2s") == std::nullopt);
  CHECK(s.probe == probe_options{.every = 2s});
  CHECK(set_policy_field(s, "slow_start", "30s") == std::nullopt);
  CHECK(s.slow_start == 30s);
  CHECK(validate(s) == std::nullopt);
  CHECK(s.usage().probe == s.probe);
  s.balance = balancing_strategy::consistent_hash;
  CHECK(validate(s)->find("slow_start is 30s; it must be 0 by consistent_hash")
        == 0);
  s.balance = balancing_strategy::two_choices;
  s.blocking = true;
  CHECK(validate(s)->find("slow_start is 30s") == 0);
  s.balance = balancing_strategy::least_in_flight;
  CHECK(validate(s) == std::nullopt);
  s.slow_start = -1s;
  CHECK(validate(s)->find("slow_start is -1s") == 0);
  s.slow_start = 0s;
  s.probe->timeout = 3s;
  CHECK(validate(s)->find("probe.every is 2s") == 0);
}

TEST_CASE("what a field shows can be read again", "[options]") {
  service_settings defaults;
  for (auto name : policy_fields()) {
    CAPTURE(name);
    service_settings copy;
    CHECK(set_policy_field(copy, name, show_policy_field(defaults, name))
          == std::nullopt);
    CHECK(show_policy_field(copy, name) == show_policy_field(defaults, name));
  }
}

TEST_CASE("a value that cannot be read changes nothing", "[options]") {
  auto [name, text,
        rule] = GENERATE(table<const char*, const char*, const char*>({
    {"restart.type", "always", "it must be permanent, transient or temporary"},
    {"restart.initial", "250", "a duration is a number and a unit"},
    {"restart.initial", "-1s", "a duration is a number and a unit"},
    {"balance", "best",
     "it must be two_choices, round_robin, random, weighted, least_in_flight, "
     "peak_ewma or consistent_hash"},
    {"restart.multiplier", "two", "it must be a number, such as 1.5"},
    {"restart.multiplier", "2x", "it must be a number, such as 1.5"},
    {"restart.intensity", "-1",
     "it must be a whole number from 0 to 4294967295"},
    {"restart.intensity", "4294967296",
     "it must be a whole number from 0 to 4294967295"},
    {"restart.intensity", "", "it must be a whole number from 0 to 4294967295"},
    {"gate.hop_limit", "256", "it must be a whole number from 0 to 255"},
    {"blocking", "yes", "it must be true or false"},
    {"strategy", "simple_one_for_one",
     "it must be one_for_one, one_for_all or rest_for_one"},
    {"on_limit", "stop", "it must be cool_down or escalate"},
  }));
  CAPTURE(name, text);
  service_settings s;
  CHECK_THAT(set_policy_field(s, name, text).value_or("accepted"),
             Catch::StartsWith(rule));
  CHECK(s == service_settings{});
}

TEST_CASE("only fields of a policy can be set for all services", "[options]") {
  CHECK(is_common_field("restart.initial"));
  CHECK_FALSE(is_common_field("replicas"));
  CHECK_FALSE(is_common_field("restart.colour"));
  CHECK_FALSE(is_policy_field("restart"));
  CHECK_FALSE(is_policy_field(""));
}

TEST_CASE("settings that contradict each other are named", "[options]") {
  CHECK(validate(service_settings{}) == std::nullopt);
  service_settings never;
  never.ready_within = 0s;
  CHECK_THAT(validate(never).value_or("accepted"),
             Catch::StartsWith("ready_within is 0ms; it must be longer"));
  CHECK(
    validate(service_settings{.strategy = restart_strategy::simple_one_for_one})
    == "strategy is simple_one_for_one; it must be one_for_one, "
       "one_for_all or rest_for_one");
  CHECK(validate(service_settings{.replicas = 0})
        == "replicas is 0; it must be at least 1 and at most 64");
  CHECK(validate(service_settings{.replicas = 65})
        == "replicas is 65; it must be at least 1 and at most 64");
  CHECK(validate(service_settings{.replicas = 2, .min_healthy = 3})
        == "min_healthy is 3; it must be at least 1 and at most replicas, "
           "which is 2");
  CHECK(validate(service_settings{.min_healthy = 0}).has_value());
  CHECK(validate(service_settings{.restart = {.jitter = 1.5}})
        == "restart.jitter is 1.5; it must be at least 0 and below 1");
  CHECK(validate(service_settings{.supervisor = {.period = 0s}}).has_value());
  CHECK(validate(service_settings{.gate = {.timeout = 0s}}).has_value());
}
