#include <bulwark/protection/detail/answer_cache.hpp>

#include <catch2/catch.hpp>

#include <string>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using cache = answer_cache<std::string>;

constexpr time_point start{1h};
constexpr wall_time noon{1'795'000'000s};

void put(cache& to, const std::string& key, size_t bytes = 10) {
  to.put(key, "answer to " + key, bytes, start, noon);
}

bool knows(cache& from, const std::string& key, time_point now = start) {
  return from.find(key, now) != nullptr;
}

} // namespace

TEST_CASE("the last good answer for a content is found again", "[fallback]") {
  cache x{{}};
  CHECK_FALSE(knows(x, "a"));
  put(x, "a");
  x.put("a", "newer", 10, start + 1s, noon + 1s);
  const auto* found = x.find("a", start + 1h);
  REQUIRE(found);
  CHECK(found->value == "newer");
  CHECK(found->timestamp == noon + 1s);
  CHECK(x.size() == 1);
  CHECK(x.bytes() == 11);
}

TEST_CASE("beyond its bounds the answer goes that was wanted longest ago",
          "[fallback]") {
  cache x{{.entries_max = 3}};
  put(x, "a");
  put(x, "b");
  put(x, "c");
  CHECK(knows(x, "a"));
  put(x, "d");
  CHECK(knows(x, "a"));
  CHECK_FALSE(knows(x, "b"));
  put(x, "e");
  CHECK_FALSE(knows(x, "c"));
  CHECK(x.size() == 3);
}

TEST_CASE("bytes are counted, with the key, and given back", "[fallback]") {
  cache x{{.entries_max = 100, .bytes_max = 100}};
  for (auto* key : {"a", "b", "c", "d"})
    put(x, key, 24);
  CHECK(x.bytes() == 100);
  put(x, "e", 49);
  CHECK(x.bytes() == 100);
  CHECK(x.size() == 3);
  CHECK_FALSE(knows(x, "b"));
  put(x, "c", 99);
  CHECK(x.size() == 1);
  CHECK(x.bytes() == 100);
}

TEST_CASE("an answer that is larger than all of it is not kept, and drives "
          "out no other",
          "[fallback]") {
  cache x{{.bytes_max = 100}};
  put(x, "a");
  put(x, "b", 100);
  CHECK(knows(x, "a"));
  CHECK_FALSE(knows(x, "b"));
}

TEST_CASE("an answer that is too old is none", "[fallback]") {
  cache x{{.age_max = 1min}};
  put(x, "a");
  CHECK(knows(x, "a", start + 1min));
  CHECK_FALSE(knows(x, "a", start + 1min + 1ns));
  CHECK(x.size() == 0);
  CHECK(x.bytes() == 0);
}
