#include <bulwark/node/detail/declarations.hpp>
#include <bulwark/node/service_builder.hpp>
#include <bulwark/options/config_error.hpp>

#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

/// Declarations of services that are never started.
struct fixture {
  detail::declarations services;
  policy_overrides overrides;

  service_builder add(const std::string& name) {
    return service_builder{services.add(name, {})};
  }

  const service_settings& settings(const std::string& name) {
    return services.find(name)->settings;
  }

  void settle() { services.settle(overrides, {}); }

  void override_with(const std::string& key, const std::string& value) {
    overrides.add(override_source::command_line, key, value, "--" + key);
  }

  std::vector<std::string> order() {
    std::vector<std::string> result;
    for (const auto* each : services.in_start_order())
      result.push_back(each->name);
    return result;
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "a declaration keeps what the builder was told",
                 "[node]") {
  add("orders")
    .restart({.initial = 1s})
    .supervisor({.intensity = 3})
    .gate({.stash_wait = 2s})
    .timeout(3s)
    .replicas(4)
    .standby(1, {.policy = fail_back::preferred})
    .ejection({.errors_in_row = 3})
    .probes({.every = 5s})
    .slow_start(9s)
    .weights({5, 4, 3, 2, 1})
    .min_healthy(2)
    .blocking()
    .depends_on("payments", "users")
    .uses_optional("email");
  const auto& s = settings("orders");
  CHECK(s.restart.initial == 1s);
  CHECK(s.supervisor.intensity == 3);
  CHECK(s.gate.stash_wait == 2s);
  CHECK(s.gate.timeout == 3s);
  CHECK(s.standby == 1);
  CHECK(s.group.policy == fail_back::preferred);
  CHECK(s.ejection->errors_in_row == 3);
  CHECK(s.probe->every == 5s);
  CHECK(s.slow_start == 9s);
  CHECK(s.balance == balancing_strategy::weighted);
  CHECK(s.weights == std::vector<uint32_t>{5, 4, 3, 2, 1});
  CHECK(s.replicas == 4);
  CHECK(s.min_healthy == 2);
  CHECK(s.blocking);
  const auto& uses = services.find("orders")->uses;
  REQUIRE(uses.size() == 3);
  CHECK(uses[1].to == "users");
  CHECK(uses[1].kind == dependency_kind::required);
  CHECK(uses[2].to == "email");
  CHECK(uses[2].kind == dependency_kind::optional);
}

TEST_CASE_METHOD(fixture, "bad names and names taken are refused", "[node]") {
  add("orders");
  CHECK_THROWS_WITH(add("orders"),
                    "service orders is declared twice; names must be unique");
  CHECK_THROWS_WITH(add("or ders"),
                    Catch::StartsWith("service name is \"or ders\"; it must"));
  CHECK_THROWS_AS(add("orders").depends_on("a/b"), config_error);
  CHECK_THROWS_WITH(add("users").uses_optional(""),
                    Catch::StartsWith("service users uses: service name is"));
}

TEST_CASE_METHOD(fixture, "options that make no sense are refused at once",
                 "[node]") {
  auto orders = add("orders");
  CHECK_THROWS_WITH(orders.restart({.jitter = 1.5}),
                    "service orders: restart.jitter is 1.5; it must be at "
                    "least 0 and below 1");
  CHECK_THROWS_AS(orders.timeout(0s), config_error);
  CHECK_THROWS_AS(orders.supervisor({.period = 0s}), config_error);
  CHECK(settings("orders") == service_settings{});
}

TEST_CASE_METHOD(fixture, "a blocking actor class answers no probes",
                 "[node]") {
  auto orders = add("orders");
  CHECK_THROWS_AS(orders.probes({.timeout = 0s}), config_error);
  CHECK_THROWS_AS(orders.slow_start(-1s), config_error);
  orders.probes();
  services.find("orders")->factory.blocking_class = true;
  CHECK_THROWS_WITH(services.settle(overrides, {}),
                    Catch::StartsWith("service orders: probe is set; it must "
                                      "not be for a blocking actor class"));
}

TEST_CASE_METHOD(fixture, "a blocking actor cannot resume", "[node]") {
  auto orders = add("orders");
  std::vector<failure_rule> rules{{"int", failure_directive::resume}};
  orders.on_failure(rules);
  CHECK(settings("orders").on_failure == rules);
  services.find("orders")->factory.blocking_class = true;
  CHECK_THROWS_WITH(orders.on_failure({{"", failure_directive::resume}}),
                    Catch::StartsWith("service orders: on_failure says resume; "
                                      "it must not for a blocking actor"));
  CHECK(settings("orders").on_failure == rules);
}

TEST_CASE_METHOD(fixture, "words that an option does not know are refused",
                 "[node]") {
  auto orders = add("orders");
  CHECK_THROWS_WITH(orders.strategy(restart_strategy::simple_one_for_one),
                    "service orders: strategy is simple_one_for_one; it must "
                    "be one_for_one, one_for_all or rest_for_one");
  CHECK_THROWS_WITH(orders.on_limit(static_cast<limit_action>(7)),
                    Catch::StartsWith("service orders: on_limit is"));
  CHECK_THROWS_WITH(orders.balance(static_cast<balancing_strategy>(99)),
                    Catch::StartsWith("service orders: balance is "
                                      "balancing_strategy(99); it must be "
                                      "two_choices, "));
  CHECK(settings("orders") == service_settings{});
}

TEST_CASE_METHOD(fixture,
                 "rules of failures are kept in the order of the calls",
                 "[node]") {
  add("orders")
    .on_failure({{"std::domain_error", failure_directive::stop}})
    .resume_on<std::domain_error, std::invalid_argument>();
  const auto& rules = settings("orders").on_failure;
  CHECK(find_rule(rules, "std::domain_error: x")->then
        == failure_directive::stop);
  CHECK(find_rule(rules, "std::invalid_argument: y")->then
        == failure_directive::resume);
  CHECK(find_rule(rules, "std::logic_error") == nullptr);
}

TEST_CASE_METHOD(fixture, "what depends on several calls is checked at last",
                 "[node]") {
  add("orders").min_healthy(2);
  CHECK_THROWS_WITH(settle(),
                    "service orders: min_healthy is 2; it must be at least 1 "
                    "and at most replicas, which is 1");
}

TEST_CASE_METHOD(fixture, "a singleton has no standbys of its own", "[node]") {
  add("tickets").singleton().standby(1);
  CHECK_THROWS_WITH(settle(),
                    "service tickets: standby is 1; of a singleton it must be "
                    "0: other nodes that declare it stand by");
}

TEST_CASE_METHOD(fixture, "overrides reach the services they name", "[node]") {
  add("orders").restart({.initial = 1s});
  add("users").depends_on("elsewhere");
  override_with("service.orders.restart.initial", "2s");
  override_with("gate.timeout", "3s");

  SECTION("and all others keep what the code says") {
    settle();
    CHECK(settings("orders").restart.initial == 2s);
    CHECK(settings("orders").gate.timeout == 3s);
    CHECK(settings("users").restart.initial == 100ms);
    CHECK(settings("users").gate.timeout == 3s);
  }
  SECTION("a service that lives elsewhere may be named") {
    override_with("service.elsewhere.gate.timeout", "1s");
    CHECK_NOTHROW(settle());
  }
  SECTION("but not one that nobody knows") {
    override_with("service.order.gate.timeout", "1s");
    CHECK_THROWS_WITH(settle(),
                      "--service.order.gate.timeout names no service; known "
                      "here: elsewhere, orders, users");
  }
  SECTION("and are checked together with the code") {
    override_with("service.orders.restart.max", "1ms");
    CHECK_THROWS_WITH(settle(),
                      "service orders: restart.max is 1ms; it must be at "
                      "least restart.initial, which is 2s");
  }
}

TEST_CASE_METHOD(fixture, "services start after those they use", "[node]") {
  add("web").depends_on("orders").uses_optional("email");
  add("orders").depends_on("elsewhere");
  add("email");
  settle();
  CHECK(order() == std::vector<std::string>{"orders", "email", "web"});
}

TEST_CASE_METHOD(fixture, "services that use each other in a circle are named",
                 "[node]") {
  add("a").depends_on("b");
  add("b").uses_optional("c");
  add("c").depends_on("a");
  CHECK_THROWS_WITH(settle(),
                    "services use each other in a circle: a -> b -> c -> a");
}
