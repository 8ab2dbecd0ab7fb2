#include "support/dice.hpp"

#include <bulwark/chaos/blast_radius.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace bulwark;

TEST_CASE("a radius is checked, with field, value and rule", "[chaos]") {
  CHECK_FALSE(validate(blast_radius{}));
  CHECK(validate(blast_radius{.services = 0})
        == "blast.services is 0; it must be at least 1 and at most 100");
  CHECK(validate(blast_radius{.replicas = 1.5})
        == "blast.replicas is 1.5; it must be above 0 and at most 1");
  CHECK(validate(blast_radius{.nodes = 101})
        == "blast.nodes is 101; it must be at least 1 and at most 100");
}

TEST_CASE("at most half of the replicas are struck, never the last that works",
          "[chaos]") {
  for (size_t count = 0; count <= 8; ++count)
    for (uint64_t pattern = 0; pattern < uint64_t{1} << count; ++pattern)
      for (uint64_t random = 0; random < 10; ++random) {
        std::vector<bool> up;
        for (size_t i = 0; i < count; ++i)
          up.push_back((pattern >> i & 1) != 0);
        CAPTURE(count, pattern, random);
        auto choice = choose_replicas({}, "orders", up, random);
        auto working =
          static_cast<size_t>(std::count(up.begin(), up.end(), true));
        REQUIRE(choice.chosen.empty() == !choice.refusal.empty());
        REQUIRE(choice.chosen.empty() == (working < 2));
        REQUIRE(choice.chosen.size() <= std::max<size_t>(count / 2, 1));
        for (auto each : choice.chosen)
          REQUIRE(up[each]);
        std::set<size_t> different(choice.chosen.begin(), choice.chosen.end());
        REQUIRE(different.size() == choice.chosen.size());
        if (working > 0)
          REQUIRE(choice.chosen.size() < working);
      }
}

TEST_CASE("every replica may be the one that is struck", "[chaos]") {
  std::set<size_t> struck;
  for (uint64_t random = 0; random < 100; ++random)
    for (auto each :
         choose_replicas({}, "orders", {true, true, true}, random).chosen)
      struck.insert(each);
  CHECK(struck.size() == 3);
}

TEST_CASE("the last replica may be struck where the experiment says so",
          "[chaos]") {
  CHECK(choose_replicas({}, "orders", {true, false}, 0).refusal
        == "orders has one replica that works; it must not be struck, unless "
           "the experiment says last_replica = true");
  CHECK(
    choose_replicas({.last_replica = true}, "orders", {false, true}, 0).chosen
    == std::vector<size_t>{1});
  CHECK(choose_replicas({.replicas = 1, .last_replica = true}, "orders",
                        {true, true, true}, 5)
          .chosen.size()
        == 3);
  CHECK(choose_replicas({.last_replica = true}, "orders", {false}, 0).refusal
        == "no replica of orders works");
}

TEST_CASE("never are fewer voters left than decide", "[chaos]") {
  std::vector<node_view> all{{"alpha", true, true},
                             {"beta", true, true},
                             {"gamma", true, true},
                             {"delta", true, false}};
  CHECK_FALSE(check_node({}, all, "alpha", 0));
  CHECK_FALSE(check_node({}, all, "delta", 0));
  CHECK(check_node({}, all, "omega", 0) == "no node is called omega");
  CHECK(check_node({}, all, "beta", 1)
        == "at most 1 nodes may be struck at a time; another is beta");
  CHECK_FALSE(check_node({.nodes = 2}, all, "beta", 1));
  all[0].up = false;
  CHECK(check_node({.nodes = 9}, all, "alpha", 0) == "node alpha is not up");
  CHECK(check_node({.nodes = 9}, all, "beta", 0)
        == "without beta 1 of 3 voters are left, fewer than decide");
  CHECK_FALSE(check_node({.nodes = 9}, all, "delta", 0));
  all[1].up = all[2].up = false;
  CHECK(check_node({.nodes = 9}, all, "delta", 0)
        == "node delta is the last one that is up");
}
