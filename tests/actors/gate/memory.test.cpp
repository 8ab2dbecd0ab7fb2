#include "actors/gate/memory_fixture.hpp"
#include "actors/gate/permits.hpp"

#include <catch2/catch.hpp>

// Each allocation that a gate makes for a request fails once.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

using place = shortage::place;

const std::string long_key = "a key that is longer than a short string";
const std::string long_tenant = "a tenant whose name is longer than that";

bulkhead_options rated(bulkhead_options result, rate_options rate,
                       duration wait = duration::zero()) {
  result.rate = rate;
  result.rate_per_tenant = true;
  result.rate_wait = wait;
  return result;
}

std::vector<scene> scenes() {
  call_options keyed{.key = long_key};
  call_options idempotent{.idempotent = true, .tenant = long_tenant};
  call_options all{.key = long_key, .idempotent = true, .tenant = long_tenant};
  auto queue = permits(1, 10, 10s);
  auto fair = queue;
  fair.fair = true;
  rate_options twice{.rate = 2, .period = 24h, .burst = 2};
  rate_options soon{.rate = 1, .period = 2s, .burst = 1};
  std::vector<scene> result{
    {.name = "nothing said"},
    {.name = "never answered", .silent = true},
    {.name = "keyed", .call = keyed},
    {.name = "idempotent", .call = idempotent},
    {.name = "permit", .bulkhead = permits(10)},
    {.name = "permit, all said", .call = all, .bulkhead = permits(10)},
    {.name = "rate", .call = all, .bulkhead = rated(permits(10), twice)},
    {.name = "plain send", .call = idempotent, .plain = true},
    {.name = "waits for a permit", .bulkhead = queue, .busy = true},
    {.name = "waits for a fair permit",
     .call = all,
     .bulkhead = fair,
     .busy = true},
    {.name = "finds no permit", .bulkhead = permits(1), .busy = true},
    {.name = "waits for its turn",
     .call = all,
     .bulkhead = rated(permits(10), soon, 10s),
     .busy = true},
    {.name = "comes too soon",
     .call = all,
     .bulkhead = rated(permits(10), soon),
     .busy = true},
    {.name = "peer", .call = all, .peer = true},
    {.name = "peer, permits here",
     .call = all,
     .bulkhead = permits(1),
     .peer = true},
  };
  for (auto each : std::vector<scene>{result}) {
    if (each.busy)
      continue;
    each.name += ", closed";
    each.closed = true;
    result.push_back(std::move(each));
  }
  return result;
}

void check_all(place where, bool all) {
  for (const auto& what : scenes()) {
    bool failed = true;
    for (int n = 1; failed; ++n) {
      CAPTURE(what.name, n);
      memory_fixture fixture{what, {where, n, all}};
      CHECK(fixture.left_over() == "");
      failed = fixture.failed();
      // Where not even an answer can be made there is none.
      if (const auto* asked = fixture.asked(); asked != nullptr && !all) {
        CHECK_FALSE(asked->open());
        if (failed && !asked->value && where == place::entrance && !what.silent)
          CHECK(asked->code() == errc::memory_exhausted);
      }
      if (failed)
        CHECK(fixture.next_passes());
      REQUIRE(n < 200);
    }
  }
}

} // namespace

TEST_CASE("a request is answered whatever allocation fails at its entrance",
          "[gate][memory]") {
  check_all(place::entrance, false);
}

TEST_CASE("without memory for an answer a gate keeps nothing",
          "[gate][memory]") {
  check_all(place::entrance, true);
}

TEST_CASE("no allocation that fails keeps a reply from its way",
          "[gate][memory]") {
  check_all(place::exit, false);
}

TEST_CASE("no allocation that fails in a turn of the gate loses a request",
          "[gate][memory]") {
  check_all(place::turns, false);
}
