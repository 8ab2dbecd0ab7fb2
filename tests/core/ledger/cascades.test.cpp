// Who failed first, who followed, and through what.
#include "core/ledger/history.hpp"

#include <bulwark/ledger/report_text.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using kind = event_kind;

namespace {

// payments <- orders <- web; orders and stock in one bulkhead.
history shop() {
  history all;
  all.tell(0h, "alpha", kind::service_started, "/root/payments");
  all.tell(0h, "alpha", kind::service_started, "/root/orders")
    .with("depends_on", "payments")
    .with("bulkhead", "db");
  all.tell(0h, "alpha", kind::service_started, "/root/stock")
    .with("bulkhead", "db");
  all.tell(0h, "beta", kind::service_started, "/root/web")
    .with("depends_on", "mail,orders");
  return all;
}

failure_patterns patterns_of(const history& all) {
  return all.book().report(history::at(24h)).patterns;
}

} // namespace

TEST_CASE("a cascade is a tree", "[ledger]") {
  auto all = shop();
  all.tell(1h, "alpha", kind::service_down, "/root/payments");
  all.tell(1h + 10s, "alpha", kind::service_down, "/root/orders");
  all.tell(1h + 20s, "beta", kind::service_down, "/root/web");
  all.tell(1h + 30s, "alpha", kind::service_down, "/root/stock");
  auto found = patterns_of(all);
  CHECK(found.cascade_failures == 3);
  CHECK(found.cascades == 3);
  REQUIRE(found.trees.size() == 1);
  const auto& tree = found.trees.front();
  auto at = [](duration when) { return history::at(1h + when); };
  CHECK(tree.members
        == std::vector<cascade_member>{
          {"alpha:/root/payments", at(0s), 0, cascade_link::none},
          {"alpha:/root/orders", at(10s), 0, cascade_link::dependency},
          {"beta:/root/web", at(20s), 1, cascade_link::dependency},
          {"alpha:/root/stock", at(30s), 1, cascade_link::bulkhead}});
  auto text = to_text(all.book().report(history::at(24h)));
  CHECK(text.find("-> alpha:/root/orders after 10s, by dependency\n"
                  "      -> beta:/root/web after 10s, by dependency\n")
        != std::string::npos);
}

TEST_CASE("300 s are near enough for a cascade, and no microsecond more",
          "[ledger]") {
  auto all = shop();
  all.tell(1h, "alpha", kind::service_down, "/root/payments");
  all.tell(1h + 300s, "alpha", kind::service_down, "/root/orders");
  CHECK(patterns_of(all).cascade_failures == 1);
  CHECK(patterns_of(all).cascades == 1);
  auto later = shop();
  later.tell(1h, "alpha", kind::service_down, "/root/payments");
  later.tell(1h + 300s + 1us, "alpha", kind::service_down, "/root/orders");
  CHECK(patterns_of(later).cascade_failures == 0);
  CHECK(patterns_of(later).cascades == 0);
}

TEST_CASE("children of one supervisor have to do with each other, those of a "
          "root have not",
          "[ledger]") {
  auto all = shop();
  all.tell(1h, "alpha", kind::child_failed, "/root/stock/stock#1");
  all.tell(1h + 1s, "alpha", kind::child_failed, "/root/stock/stock#2");
  all.tell(1h + 2s, "alpha", kind::service_down, "/root/payments");
  auto found = patterns_of(all);
  CHECK(found.cascade_failures == 2);
  CHECK(found.cascades == 1);
  REQUIRE(found.trees.size() == 1);
  CHECK(found.trees[0].members[1].through == cascade_link::supervisor);
}

TEST_CASE("a service does not follow its own replica", "[ledger]") {
  auto all = shop();
  all.tell(1h, "alpha", kind::child_failed, "/root/stock/stock#1");
  all.tell(1h + 1s, "alpha", kind::service_down, "/root/stock");
  all.tell(1h + 2s, "alpha", kind::child_failed, "/root/stock/stock#1");
  auto found = patterns_of(all);
  CHECK(found.cascade_failures == 2);
  CHECK(found.cascades == 0);
}

TEST_CASE("a replica stands for its service", "[ledger]") {
  auto all = shop();
  all.tell(1h, "alpha", kind::child_failed, "/root/payments/payments#2");
  all.tell(1h + 1s, "beta", kind::child_failed, "/root/web/web#1");
  all.tell(1h + 2s, "alpha", kind::child_failed, "/root/orders/orders#1");
  auto found = patterns_of(all);
  CHECK(found.cascades == 1);
  REQUIRE(found.trees.size() == 1);
  CHECK(found.trees[0].members[0].component == "beta:/root/web/web#1");
  CHECK(found.trees[0].members[1].through == cascade_link::dependency);
}

TEST_CASE("a node's loss leads to failures on it", "[ledger]") {
  auto all = shop();
  all.tell(1h, "beta", kind::node_lost, "node/alpha");
  all.tell(1h + 1s, "alpha", kind::failure_reported, "disk");
  all.tell(1h + 2s, "beta", kind::failure_reported, "disk");
  auto found = patterns_of(all);
  CHECK(found.cascades == 1);
  REQUIRE(found.trees.size() == 1);
  CHECK(found.trees[0].members[0].component == "node/alpha");
  CHECK(found.trees[0].members[1].component == "alpha:disk");
  CHECK(found.trees[0].members[1].through == cascade_link::node);
}

TEST_CASE("trees and their members are bounded", "[ledger]") {
  auto all = shop();
  for (int i = 0; i < 30; ++i)
    all.tell(1h + i * 1s, "alpha", kind::child_failed,
             "/root/stock/stock#" + std::to_string(i));
  for (int i = 1; i <= 55; ++i) {
    all.tell(2h + i * 10min, "alpha", kind::service_down, "/root/payments");
    all.tell(2h + i * 10min + 1s, "alpha", kind::service_down, "/root/orders");
  }
  auto early = all.book().report(history::at(2h)).patterns;
  REQUIRE(early.trees.size() == 1);
  CHECK(early.trees[0].members.size() == 20);
  CHECK(early.trees[0].more == 10);
  CHECK(early.cascades == 29);
  auto late = patterns_of(all);
  CHECK(late.trees.size() == 50);
  CHECK(late.trees.back().members[0].at == history::at(2h + 550min));
  CHECK(late.cascades == 84);
}

TEST_CASE("the 64 components that failed last are looked at", "[ledger]") {
  auto cascades = [](int between) {
    auto all = shop();
    all.tell(1h, "alpha", kind::service_down, "/root/payments");
    for (int i = 0; i < between; ++i)
      all.tell(1h + 1s, "gamma", kind::failure_reported,
               "disk" + std::to_string(i));
    all.tell(1h + 2s, "alpha", kind::service_down, "/root/orders");
    return patterns_of(all).cascades;
  };
  CHECK(cascades(63) == 1);
  CHECK(cascades(64) == 0);
}
