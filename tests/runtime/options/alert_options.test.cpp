// What a node is told of objectives, alerts and its journal.

#include <bulwark/options/config_error.hpp>
#include <bulwark/options/detail/alert_text.hpp>
#include <bulwark/options/detail/hook_url.hpp>
#include <bulwark/options/detail/read_options.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;
using Catch::Contains;
using Catch::StartsWith;

namespace {

using arguments = std::vector<std::string>;

node_options read(const arguments& given) {
  application shop;
  shop.name = "shop";
  return read_options(given, shop).node;
}

std::string complaint(const arguments& given) {
  try {
    read(given);
  } catch (const config_error& e) {
    return e.what();
  }
  return "accepted";
}

const std::string objective_rule =
  "it must be SERVICE=SHARE%, such as orders=99.9%, with /TIME behind it, such "
  "as /168h, for another time than 30 days";

const std::string alert_rule =
  "it must be NAME=FIGURE<VALUE or NAME=FIGURE>VALUE, such as "
  "slow=mttr_minutes>15, with /TIME behind it for how long, and /critical";

} // namespace

TEST_CASE("a journal is kept where it is asked for, or a folder is given",
          "[options][journal]") {
  CHECK_FALSE(read({}).journal);
  CHECK(read({"--data=/tmp"}).journal == journal_sync::full);
  CHECK(read({"--journal=full"}).journal == journal_sync::full);
  CHECK(read({"--journal=relaxed"}).journal == journal_sync::relaxed);
  CHECK(read({"--journal=relaxed", "--data=/tmp"}).journal
        == journal_sync::relaxed);
  CHECK_FALSE(read({"--journal=off", "--data=/tmp"}).journal);
  for (const auto* bad : {"on", "FULL", "full "})
    CHECK(complaint({"--journal=" + std::string{bad}})
          == "--journal is \"" + std::string{bad}
               + "\"; it must be full, relaxed or off");
}

TEST_CASE("objectives are read, and those of all come last",
          "[options][objective]") {
  auto none = read({}).objectives;
  CHECK(none == std::vector<objective>{objective{}});
  auto some = read({"--objective=orders=99.95%/168h", "--objective=b*=95%"});
  REQUIRE(some.objectives.size() == 3);
  CHECK(some.objectives[0].service == "orders");
  CHECK(some.objectives[0].target == Approx(0.9995));
  CHECK(some.objectives[0].window == 168h);
  CHECK(some.objectives[1].service == "b*");
  CHECK(some.objectives[1].window == 720h);
  CHECK(some.objectives[2] == objective{});
}

TEST_CASE("objectives of no good form are refused in words",
          "[options][objective]") {
  for (const auto* bad : {"orders", "orders=99.9", "orders=%", "orders=x%",
                          "orders=99.9%7h", "orders=99.9%/", "orders=99.9%/7d",
                          "orders=99.9%/soon", "orders=99.9%/1h/2h"}) {
    auto text = std::string{bad};
    CHECK(complaint({"--objective=" + text})
          == "--objective is \"" + text + "\"; " + objective_rule);
  }
  CHECK_THAT(complaint({"--objective==99.9%"}),
             Contains("objective.service is empty"));
  for (const auto* bad : {"93%", "100%", "0%", "-5%", "nan%", "inf%", "101%"}) {
    CAPTURE(bad);
    CHECK_THAT(complaint({"--objective=orders=" + std::string{bad}}),
               Contains("objective.target is"));
  }
  for (const auto* bad : {"59m", "721h", "0s"}) {
    CAPTURE(bad);
    CHECK_THAT(complaint({"--objective=orders=99%/" + std::string{bad}}),
               Contains("objective.window is"));
  }
}

TEST_CASE("alerts are read", "[options][alert]") {
  auto all = read({"--alert=slow=mttr_minutes>15",
                   "--alert=bad=availability_24h<99.5/5m/critical",
                   "--alert=c=service/orders.failure_count>-1/critical/2s"})
               .alerts;
  REQUIRE(all.size() == 3);
  CHECK(all[0]
        == threshold_rule{"slow", "mttr_minutes", threshold_side::above, 15, 0s,
                          false});
  CHECK(all[1]
        == threshold_rule{"bad", "availability_24h", threshold_side::below,
                          99.5, 5min, true});
  CHECK(all[2]
        == threshold_rule{"c", "service/orders.failure_count",
                          threshold_side::above, -1, 2s, true});
}

TEST_CASE("alerts of no good form are refused in words", "[options][alert]") {
  for (const auto* bad :
       {"slow", "slow=mttr_minutes", "slow=mttr_minutes>", "slow>15",
        "slow=mttr_minutes>x", "slow=mttr_minutes>1/", "slow=mttr_minutes>1/x",
        "slow=mttr_minutes>1/Critical", "slow=mttr_minutes>1/9000h"}) {
    auto text = std::string{bad};
    CHECK(complaint({"--alert=" + text})
          == "--alert is \"" + text + "\"; " + alert_rule);
  }
  CHECK_THAT(complaint({"--alert==mttr_minutes>1"}),
             Contains("threshold.name is empty"));
  CHECK_THAT(complaint({"--alert=a=mttr>1"}),
             Contains("threshold.figure is mttr; it must be one of "));
  CHECK_THAT(complaint({"--alert=a=x.mttr>1"}), Contains("a component's id"));
  CHECK_THAT(complaint({"--alert=a=mttr_minutes>inf"}),
             Contains("threshold.value is"));
  CHECK_THAT(complaint({"--alert=a=mttr_minutes>1/-1s"}),
             StartsWith("--alert is \"a=mttr_minutes>1/-1s\"; "));
  CHECK(complaint({"--alert=a=mttr_minutes>1", "--alert=a=late>1"})
        == "--alert is \"a=late>1\"; its name must not be that of another "
           "alert");
}

TEST_CASE("a text that breaks a rule changes nothing", "[options][alert]") {
  objective goal{"kept", 0.99, 2h};
  auto goal_before = goal;
  CHECK(detail::read_objective("orders=50%", goal));
  CHECK(goal == goal_before);
  threshold_rule rule{"kept", "late", threshold_side::above, 3, 1s, true};
  auto rule_before = rule;
  CHECK(detail::read_alert("a=nothing>1", rule));
  CHECK(rule == rule_before);
}

TEST_CASE("whom alerts are told is read", "[options][alert]") {
  auto none = read({});
  CHECK(none.alert_command.empty());
  CHECK(none.alert_url.empty());
  auto both = read({"--alert-command=mail -s \"x\" ops",
                    "--alert-url=http://127.0.0.1:9093/alerts?a=b"});
  CHECK(both.alert_command == "mail -s \"x\" ops");
  CHECK(both.alert_url == "http://127.0.0.1:9093/alerts?a=b");
  for (const auto* bad :
       {"https://a:1/x", "http://a/x", "http://:1/x", "http://a:0/x", "a:1/x",
        "http://a:x/", "http://a:99999/x", "http://a b:1/x", "http://a:1/x y",
        "http://a:1/\r\nhost: evil"}) {
    CAPTURE(bad);
    CHECK_THAT(complaint({"--alert-url=" + std::string{bad}}),
               StartsWith("--alert-url is ")
                 && Contains("; it must be http://HOST:PORT/PATH, such as "
                             "http://127.0.0.1:9093/alerts"));
  }
}

TEST_CASE("an address for alerts is split", "[options][alert]") {
  auto plain = detail::parse_hook_url("http://host:80");
  REQUIRE(plain);
  CHECK(plain->at == host_port{"host", 80});
  CHECK(plain->path == "/");
  auto six = detail::parse_hook_url("http://[::1]:9/a/b?c=d:e");
  REQUIRE(six);
  CHECK(six->at == host_port{"::1", 9});
  CHECK(six->path == "/a/b?c=d:e");
}
