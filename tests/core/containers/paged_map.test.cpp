#include <bulwark/containers/detail/paged_map.hpp>

#include <catch2/catch.hpp>

#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

using bulwark::paged_map;

namespace {

/// Large enough for a few pages with a few hundred of them.
struct item {
  explicit item(uint64_t x, std::shared_ptr<int> y = nullptr)
    : value(x), alive(std::move(y)) {}

  uint64_t value;
  std::shared_ptr<int> alive;
  char rest[80] = {};
};

using map = paged_map<item>;
using model = std::map<uint64_t, uint64_t>;

template <class Map>
std::vector<uint64_t> keys_of(const Map& in) {
  std::vector<uint64_t> result;
  for (const auto& [key, what] : in)
    result.push_back(key);
  return result;
}

std::vector<uint64_t> backwards(map& in) {
  std::vector<uint64_t> result;
  for (auto it = in.end(); it != in.begin();)
    result.push_back((--it)->first);
  return result;
}

void compare(map& ours, const model& expected, uint64_t beyond) {
  REQUIRE(ours.size() == expected.size());
  REQUIRE(ours.empty() == expected.empty());
  auto keys = keys_of(expected);
  REQUIRE(keys_of(ours) == keys);
  REQUIRE(backwards(ours) == std::vector<uint64_t>(keys.rbegin(), keys.rend()));
  for (uint64_t key = 0; key <= beyond; ++key) {
    auto known = expected.find(key);
    auto found = ours.find(key);
    REQUIRE((found != ours.end()) == (known != expected.end()));
    if (known != expected.end())
      REQUIRE(found->second.value == known->second);
    auto bound = ours.lower_bound(key);
    auto right = expected.lower_bound(key);
    REQUIRE((bound == ours.end()) == (right == expected.end()));
    if (right != expected.end())
      REQUIRE(bound->first == right->first);
  }
}

} // namespace

TEST_CASE("an empty map has no elements", "[paged_map]") {
  map none;
  CHECK(none.begin() == none.end());
  CHECK(none.find(0) == none.end());
  CHECK(none.lower_bound(0) == none.end());
  CHECK_THROWS_AS(none.at(1), std::out_of_range);
}

TEST_CASE("it does what std::map does", "[paged_map]") {
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random{seed};
    map ours;
    model expected;
    uint64_t key = random() % 3;
    // From rare to frequent gaps and erasures.
    auto gaps = seed % 5;
    auto erasures = seed % 7;
    for (size_t turn = 0; turn < 400; ++turn) {
      if (random() % 8 < erasures && !expected.empty()) {
        auto victim =
          std::next(expected.begin(),
                    static_cast<std::ptrdiff_t>(random() % expected.size()));
        ours.erase(ours.find(victim->first));
        expected.erase(victim);
        continue;
      }
      key += 1 + (random() % 5 < gaps ? random() % 90 : 0);
      ours.emplace_back(key, turn);
      expected.emplace(key, turn);
    }
    compare(ours, expected, key + 100);
    while (!expected.empty()) {
      ours.erase(expected.begin()->first);
      expected.erase(expected.begin());
    }
    compare(ours, expected, 10);
  }
}

TEST_CASE("references and iterators outlive changes around them",
          "[paged_map]") {
  map ours;
  for (uint64_t key = 1; key <= 500; ++key)
    ours.emplace_back(key, key);
  auto it = ours.find(250);
  auto* there = &it->second;
  for (uint64_t key = 1; key <= 500; ++key)
    if (key != 250 && key != 251)
      ours.erase(key);
  for (uint64_t key = 501; key <= 900; ++key)
    ours.emplace_back(key, key);
  auto moved = std::move(ours);
  CHECK(&moved.at(250) == there);
  CHECK(it->second.value == 250);
  CHECK((++it)->first == 251);
  CHECK((++it)->first == 501);
  CHECK((--it)->first == 251);
  CHECK(ours.empty());
}

TEST_CASE("what is erased, cleared or dropped is destroyed at once",
          "[paged_map]") {
  auto alive = std::make_shared<int>();
  {
    map ours;
    for (uint64_t key = 0; key < 200; ++key)
      ours.emplace_back(key, key, alive);
    ours.erase(7);
    ours.erase(7);
    CHECK(alive.use_count() == 200);
    ours.clear();
    CHECK(alive.use_count() == 1);
    CHECK(ours.begin() == ours.end());
    for (uint64_t key = 300; key < 400; ++key)
      ours.emplace_back(key, key, alive);
    CHECK(ours.begin()->first == 300);
  }
  CHECK(alive.use_count() == 1);
}

TEST_CASE("an element that cannot be made leaves nothing", "[paged_map]") {
  struct fragile {
    explicit fragile(bool breaks) {
      if (breaks)
        throw std::runtime_error{"broken"};
    }
  };
  paged_map<fragile> ours;
  CHECK_THROWS_AS(ours.emplace_back(1, true), std::runtime_error);
  CHECK(ours.begin() == ours.end());
  ours.emplace_back(1, false);
  CHECK_THROWS_AS(ours.emplace_back(2, true), std::runtime_error);
  CHECK_THROWS_AS(ours.emplace_back(9000, true), std::runtime_error);
  CHECK(keys_of(ours) == std::vector<uint64_t>{1});
  CHECK(ours.find(2) == ours.end());
  ours.emplace_back(2, false);
  CHECK(ours.size() == 2);
}

TEST_CASE("elements larger than a page get one each", "[paged_map]") {
  struct huge {
    char bytes[10'000] = {};
  };
  paged_map<huge> ours;
  for (uint64_t key = 10; key < 20; ++key)
    ours.emplace_back(key);
  ours.erase(15);
  CHECK(ours.size() == 9);
  CHECK(ours.lower_bound(15)->first == 16);
  CHECK(std::prev(ours.lower_bound(15))->first == 14);
}
