#include <bulwark/bulkhead/bulkhead_options.hpp>

#include <catch2/catch.hpp>

#include <cmath>
#include <functional>
#include <string>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using change = std::function<void(bulkhead_options&)>;

std::string complaint_about(const change& how) {
  bulkhead_options options;
  how(options);
  return validate(options).value_or("");
}

} // namespace

TEST_CASE("what nobody set is as the documents say", "[bulkhead][options]") {
  bulkhead_options options;
  CHECK_FALSE(validate(options));
  CHECK(options.capacity == 10);
  CHECK(options.permit_bytes == 1);
  CHECK(options.reserved_for_critical == 0);
  CHECK(options.queue == 0);
  CHECK(options.queue_timeout == 0ms);
  CHECK(options.warning == 0.8);
  CHECK(options.critical == 0.95);
  CHECK(options.overflow == overflow_policy::refuse);
  CHECK(options.mode == bulkhead_mode::enforced);
  CHECK(options.importance == call_priority::normal);
}

TEST_CASE("a bad option of a bulkhead is refused with name, value and rule",
          "[bulkhead][options]") {
  using row = std::tuple<change, std::string>;
  auto nan = std::nan("");
  auto [how, why] = GENERATE_COPY(table<change, std::string>({
    row{[](auto& o) { o.capacity = 0; },
        "bulkhead.capacity is 0; it must be at least 1 and at most "
        "1099511627776"},
    row{[](auto& o) { o.capacity = ~uint64_t{0}; },
        "bulkhead.capacity is 18446744073709551615; it must be at least 1 and "
        "at most 1099511627776"},
    row{[](auto& o) { o.permit_bytes = 0; },
        "bulkhead.permit_bytes is 0; it must be at least 1 and at most "
        "1099511627776"},
    row{[](auto& o) { o.reserved_for_critical = 10; },
        "bulkhead.reserved_for_critical is 10; it must be below "
        "bulkhead.capacity, which is 10"},
    row{[](auto& o) { o.queue = 1'000'001; },
        "bulkhead.queue is 1000001; it must be at least 0 and at most "
        "1000000"},
    row{[](auto& o) { o.queue = 5; },
        "bulkhead.queue_timeout is 0ms; it must be longer, because queue is 5; "
        "who waits needs a limit"},
    row{[](auto& o) { o.queue_timeout = 1s; },
        "bulkhead.queue is 0; it must be at least 1, because queue_timeout is "
        "set: nobody can wait"},
    row{[](auto& o) { o.queue_timeout = -1s; },
        "bulkhead.queue_timeout is -1s; it must be 0ms or longer"},
    row{[](auto& o) { o.warning = 0; },
        "bulkhead.warning is 0; it must be above 0 and at most 1"},
    row{[](auto& o) { o.warning = 1.01; },
        "bulkhead.warning is 1.01; it must be above 0 and at most 1"},
    row{[=](auto& o) { o.warning = nan; },
        "bulkhead.warning is nan; it must be above 0 and at most 1"},
    row{[=](auto& o) { o.critical = nan; },
        "bulkhead.critical is nan; it must be above 0 and at most 1"},
    row{[](auto& o) { o.critical = 1.5; },
        "bulkhead.critical is 1.5; it must be above 0 and at most 1"},
    row{[](auto& o) { o.critical = 0.7; },
        "bulkhead.critical is 0.7; it must be at least bulkhead.warning, which "
        "is 0.8"},
    row{[](auto& o) { o.hysteresis = -0.1; },
        "bulkhead.hysteresis is -0.1; it must be at least 0 and below 1"},
    row{[=](auto& o) { o.hysteresis = nan; },
        "bulkhead.hysteresis is nan; it must be at least 0 and below 1"},
    row{[](auto& o) { o.hysteresis = 0.9; },
        "bulkhead.hysteresis is 0.9; it must be at most bulkhead.warning, "
        "which is 0.8"},
    row{[](auto& o) {
          o.weights = {{"ada", 2.0}};
        },
        "bulkhead.fair is false; it must be true, because weights are given"},
    row{[](auto& o) {
          o.rate = rate_options{};
          o.tenant_rates = {{"orders", {}}};
        },
        "bulkhead.rate_per_tenant is false; it must be true, because "
        "tenant_rates are given"},
    row{[](auto& o) {
          o.rate = rate_options{};
          o.rate_per_tenant = true;
          o.tenant_rates = {{"orders", {.rate = 0}}};
        },
        "bulkhead.tenant_rates of \"orders\": rate.rate is 0; it must be at "
        "least 1 and at most 1000000000"},
    row{[](auto& o) {
          o.rate = rate_options{};
          o.rate_per_tenant = true;
          for (int i = 0; i < 1001; ++i)
            o.tenant_rates[std::to_string(i)] = {};
        },
        "bulkhead.tenant_rates is 1001; it must be at most 1000 tenants"},
  }));
  CHECK(complaint_about(how) == why);
}

TEST_CASE("weights of tenants are refused by the tenant's name",
          "[bulkhead][options]") {
  auto with = [](double weight) {
    return complaint_about([=](auto& o) {
      o.fair = true;
      o.weights = {{"ada", 1.0}, {"grace", weight}};
    });
  };
  CHECK(with(0.001).empty());
  CHECK(with(1000).empty());
  std::string rule = "; it must be at least 0.001 and at most 1000";
  CHECK(with(0) == "bulkhead.weights of \"grace\" is 0" + rule);
  CHECK(with(-1) == "bulkhead.weights of \"grace\" is -1" + rule);
  CHECK(with(std::nan("")) == "bulkhead.weights of \"grace\" is nan" + rule);
  CHECK(with(1001) == "bulkhead.weights of \"grace\" is 1001" + rule);
  CHECK(complaint_about([](auto& o) {
          o.fair = true;
          for (int i = 0; i <= 1000; ++i)
            o.weights.emplace(std::to_string(i), 1.0);
        })
        == "bulkhead.weights is 1001; it must be at most 1000 tenants");
}

TEST_CASE("an isolation turns away up to its priority", "[bulkhead][options]") {
  auto turned_away = [](isolation level) {
    std::string result;
    for (auto each : {call_priority::critical, call_priority::normal,
                      call_priority::background})
      if (turns_away(level, each))
        result += to_string(each) + " ";
    return result;
  };
  CHECK(turned_away(isolation::none).empty());
  CHECK(turned_away(isolation::background) == "background ");
  CHECK(turned_away(isolation::normal) == "normal background ");
  CHECK(turned_away(isolation::all) == "critical normal background ");
}

TEST_CASE("options have words, and what is none has a number",
          "[bulkhead][options]") {
  CHECK(to_string(bulkhead_kind::permits) == "permits");
  CHECK(to_string(bulkhead_kind::thread_pool) == "thread_pool");
  CHECK(to_string(bulkhead_kind::connection_pool) == "connection_pool");
  CHECK(to_string(bulkhead_kind::memory_pool) == "memory_pool");
  CHECK(to_string(bulkhead_kind::cpu_quota) == "cpu_quota");
  CHECK(to_string(bulkhead_kind::rate_limit) == "rate_limit");
  CHECK(to_string(overflow_policy::drop_oldest) == "drop_oldest");
  CHECK(to_string(queue_order::adaptive_lifo) == "adaptive_lifo");
  CHECK(to_string(bulkhead_mode::shadow) == "shadow");
  CHECK(to_string(isolation::all) == "all");
  CHECK(to_string(static_cast<isolation>(7)) == "isolation(7)");
}
