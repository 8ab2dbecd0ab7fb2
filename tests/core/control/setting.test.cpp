// What may be set while a node runs, and what is said of all else.

#include <bulwark/control/setting.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;

namespace {

using kind = setting_kind;

const std::vector<setting> all{
  {kind::bulkhead_capacity, "api", "10"},
  {kind::bulkhead_isolation, "api", "none"},
  {kind::bulkhead_reserve, "api", "0"},
  {kind::log_level, "", "info"},
  {kind::service_replicas, "orders", "2"},
};

std::string verdict(const wanted_values& wanted) {
  auto plan = plan_changes(all, wanted);
  if (const auto* wrong = std::get_if<std::string>(&plan))
    return *wrong;
  std::string result;
  for (const auto& each : std::get<std::vector<field_change>>(plan))
    result += each.field + ":" + each.from + ">" + each.to + " ";
  return result;
}

} // namespace

TEST_CASE("fields are changed in the order they were given", "[control]") {
  CHECK(verdict({{"service.orders.replicas", "3"},
                 {"log.level", "error"},
                 {"bulkhead.api.capacity", "10"}})
        == "service.orders.replicas:2>3 log.level:info>error "
           "bulkhead.api.capacity:10>10 ");
}

TEST_CASE("what cannot be set is told with field, value and rule",
          "[control]") {
  CHECK(verdict({}) == "no field is given; at least one must be");
  CHECK(verdict({{"log.level", "loud"}})
        == "log.level is \"loud\"; it must be info, warn, error or crit");
  CHECK(verdict({{"log.level", "warn"}, {"log.level", "crit"}})
        == "log.level is given twice");
  CHECK(verdict({{"bulkhead.apis.capacity", "3"}})
        == "there is no field \"bulkhead.apis.capacity\"; did you mean "
           "bulkhead.api.capacity?");
  CHECK(verdict({{"nonsense", "3"}})
        == "there is no field \"nonsense\"; bulwark get lists those that there "
           "are");
  CHECK(verdict(wanted_values(17, {"log.level", "info"}))
        == "17 fields are given; there must be at most 16");
  // The first good ones do not help.
  CHECK(verdict({{"log.level", "warn"}, {"bulkhead.api.isolation", "some"}})
        == "bulkhead.api.isolation is \"some\"; it must be none, background, "
           "normal, all or draining");
}

TEST_CASE("numbers are written in one way only", "[control]") {
  setting capacity{kind::bulkhead_capacity, "api", "10"};
  setting reserve{kind::bulkhead_reserve, "api", "0"};
  CHECK_FALSE(check_value(capacity, "1"));
  CHECK_FALSE(check_value(capacity, "18446744073709551615"));
  CHECK_FALSE(check_value(reserve, "0"));
  for (auto bad : {"", "0", "-1", "+1", "01", "1.5", "1e3", " 1", "1 ", "ten",
                   "18446744073709551616"}) {
    CAPTURE(bad);
    CHECK(check_value(capacity, bad));
  }
}

TEST_CASE("a long value is not told at length", "[control]") {
  auto words = verdict({{"log.level", std::string(5000, 'x')}});
  CHECK(words.size() < 300);
  CHECK(verdict({{std::string(5000, 'x'), "1"}}).size() < 300);
}
