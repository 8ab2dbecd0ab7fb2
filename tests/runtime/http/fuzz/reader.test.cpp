// The server's reader of requests, judged by a second one that was written
// for nothing but this, and by Boost.Beast.
#include "fuzz/compare.hpp"
#include "fuzz/mutations.hpp"

#include <catch2/catch.hpp>

using namespace bulwark::test;

namespace {

constexpr size_t inputs = 1'000'000 / TEST_SHARE;

/// Lengths of pieces; sometimes all at once, sometimes byte by byte.
std::function<size_t()> pieces(test::dice& chance) {
  auto longest = chance.pick(std::vector<size_t>{1, 2, 8, 100, 10'000});
  return [longest, &chance] { return chance.below(longest) + 1; };
}

} // namespace

TEST_CASE("two readings of the same bytes find the same requests", "[fuzz]") {
  test::dice chance{20261128};
  size_t requests = 0;
  size_t refused = 0;
  size_t unfinished = 0;
  for (size_t i = 0; i < inputs; ++i) {
    auto bytes = mutated_requests(chance);
    auto found = compare_readings(bytes, pieces(chance));
    if (!found.difference.empty()) {
      CAPTURE(i, bytes, found.difference);
      FAIL("two readings differ");
    }
    requests += found.requests;
    refused += found.refused ? 1 : 0;
    unfinished += found.requests == 0 && !found.refused ? 1 : 0;
  }
  // Inputs are neither all good nor all bad.
  CHECK(requests > inputs / 2);
  CHECK(refused > inputs / 10);
  CHECK(unfinished > inputs / 100);
}

TEST_CASE("what is taken for a request is one for Boost.Beast as well",
          "[fuzz]") {
  test::dice chance{20261129};
  for (size_t i = 0; i < inputs / 10; ++i) {
    auto bytes = mutated_requests(chance);
    auto difference = compare_with_beast(bytes);
    if (!difference.empty()) {
      CAPTURE(i, bytes, difference);
      FAIL("two readings differ");
    }
  }
}
