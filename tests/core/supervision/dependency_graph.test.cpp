#include <bulwark/supervision/dependency_graph.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace bulwark;

namespace {

using names = std::vector<std::string>;

constexpr auto required = dependency_kind::required;
constexpr auto optional = dependency_kind::optional;

bool uses(const dependency_graph& graph, const std::string& from,
          const std::string& to) {
  const auto& edges = graph.uses(from);
  return std::any_of(edges.begin(), edges.end(),
                     [&](const auto& edge) { return edge.to == to; });
}

} // namespace

TEST_CASE("services start after those they use, else as declared",
          "[dependencies]") {
  dependency_graph graph;
  graph.add("orders", {{"payments", required}, {"email", optional}});
  graph.add("search");
  graph.add("payments", {{"users", required}});
  graph.add("users");
  graph.add("email");
  CHECK(graph.cycle() == std::nullopt);
  CHECK(graph.start_order()
        == names{"search", "users", "payments", "email", "orders"});
}

TEST_CASE("a service that lives elsewhere holds nobody up", "[dependencies]") {
  dependency_graph graph;
  graph.add("orders", {{"elsewhere", required}});
  CHECK(graph.cycle() == std::nullopt);
  CHECK(graph.start_order() == names{"orders"});
  CHECK(graph.uses("elsewhere").empty());
}

TEST_CASE("a cycle is named", "[dependencies]") {
  dependency_graph graph;
  graph.add("web", {{"a", required}});
  graph.add("a", {{"db", required}, {"b", required}});
  graph.add("b", {{"c", optional}});
  graph.add("c", {{"a", required}});
  graph.add("db");
  CHECK(graph.cycle() == names{"a", "b", "c", "a"});
  CHECK(graph.start_order() == names{"db"});
}

TEST_CASE("a service that uses itself is a cycle", "[dependencies]") {
  dependency_graph graph;
  graph.add("a", {{"a", optional}});
  CHECK(graph.cycle() == names{"a", "a"});
}

TEST_CASE("what is added in parts belongs together", "[dependencies]") {
  dependency_graph graph;
  graph.add("a");
  graph.add("b");
  graph.add("a", {{"b", required}});
  graph.add("b", {{"a", optional}});
  CHECK(graph.cycle() == names{"a", "b", "a"});
}

TEST_CASE("an empty graph has an empty order", "[dependencies]") {
  dependency_graph graph;
  CHECK(graph.cycle() == std::nullopt);
  CHECK(graph.start_order().empty());
}

TEST_CASE("random graphs either have an order or a true cycle",
          "[dependencies]") {
  std::mt19937_64 random{42};
  size_t with_cycle = 0;
  for (int round = 0; round < 1000; ++round) {
    dependency_graph graph;
    auto size = 1 + random() % 8;
    for (size_t i = 0; i < size; ++i) {
      std::vector<dependency_graph::edge> edges;
      for (size_t j = 0; j < size + 2; ++j)
        if (random() % 6 == 0)
          edges.push_back({std::to_string(j), required});
      graph.add(std::to_string(i), edges);
    }
    auto order = graph.start_order();
    auto cycle = graph.cycle();
    CAPTURE(round);
    REQUIRE(cycle.has_value() == (order.size() < size));
    for (size_t i = 0; i < order.size(); ++i)
      for (size_t j = i; j < order.size(); ++j)
        REQUIRE_FALSE(uses(graph, order[i], order[j]));
    if (!cycle)
      continue;
    ++with_cycle;
    REQUIRE(cycle->front() == cycle->back());
    for (size_t i = 0; i + 1 < cycle->size(); ++i)
      REQUIRE(uses(graph, (*cycle)[i], (*cycle)[i + 1]));
  }
  CHECK(with_cycle > 100);
  CHECK(with_cycle < 900);
}
