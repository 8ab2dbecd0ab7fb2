#include "core/bulkhead/table_rig.hpp"

#include <bulwark/bulkhead/detail/tenant_shares.hpp>

#include <catch2/catch.hpp>

#include <map>

using namespace bulwark;
using namespace std::chrono_literals;
using test::table_rig;
using answer = permit_table::answer;

namespace {

constexpr uint64_t ada = 1;
constexpr uint64_t grace = 2;

bulkhead_options fair(uint64_t capacity, uint64_t reserved = 0) {
  bulkhead_options result;
  result.capacity = capacity;
  result.reserved_for_critical = reserved;
  result.fair = true;
  return result;
}

/// Tenants that ask as long as they get something.
struct crowd {
  table_rig& rig;
  uint64_t ids = 0;
  std::map<uint64_t, uint64_t> has = {};

  bool one(uint64_t tenant) {
    auto got = rig.ask({.id = ++ids, .tenant = tenant}) == answer::granted;
    has[tenant] += got ? 1 : 0;
    return got;
  }

  void all(uint64_t tenant) {
    while (one(tenant))
      ;
  }

  void give(uint64_t tenant) {
    rig.give(1, "orders", tenant);
    --has[tenant];
  }
};

} // namespace

TEST_CASE("names of tenants fit into what a gate notes of them",
          "[bulkhead][tenants]") {
  CHECK(tenant_shares::id_of("") == 0);
  CHECK(tenant_shares::id_of("ada") != tenant_shares::id_of("grace"));
  for (int i = 0; i < 1000; ++i) {
    auto id = tenant_shares::id_of(std::to_string(i));
    CHECK(id > 0);
    CHECK(id <= 0xffffffff);
  }
}

TEST_CASE("alone, a tenant may have everything", "[bulkhead][tenants]") {
  table_rig rig{fair(10)};
  crowd tenants{rig};
  tenants.all(ada);
  CHECK(tenants.has[ada] == 10);
}

TEST_CASE("what a greedy tenant gives back is there for the others",
          "[bulkhead][tenants]") {
  // Where a part is not for them the shares are of the rest: half of ten was
  // all that there was.
  auto reserved = GENERATE(0, 2, 5, 8);
  table_rig rig{fair(10, static_cast<uint64_t>(reserved))};
  auto all = 10 - static_cast<uint64_t>(reserved);
  crowd tenants{rig};
  tenants.all(ada);
  // Ada tries first whenever there is something.
  for (int i = 0; i < 20; ++i) {
    tenants.all(grace);
    tenants.give(ada);
    tenants.all(ada);
    tenants.all(grace);
  }
  CHECK(tenants.has[grace] == all / 2);
  CHECK(tenants.has[ada] == all - all / 2);
}

TEST_CASE("weights say how much of it", "[bulkhead][tenants]") {
  auto options = fair(12);
  options.weights = {{"grace", 3.0}};
  table_rig rig{options};
  crowd tenants{rig};
  auto heavy = tenant_shares::id_of("grace");
  tenants.all(ada);
  for (int i = 0; i < 30; ++i) {
    tenants.all(heavy);
    tenants.give(tenants.has[ada] > 0 ? ada : heavy);
    tenants.all(ada);
    tenants.all(heavy);
  }
  CHECK(tenants.has[heavy] == 9);
  CHECK(tenants.has[ada] == 3);
}

// Half of the capacity lay idle until she was forgotten.
TEST_CASE("who asks once and never again keeps what it asked for, no more",
          "[bulkhead][tenants]") {
  table_rig rig{fair(10)};
  crowd tenants{rig};
  tenants.all(ada);
  CHECK_FALSE(tenants.one(grace));
  for (int i = 0; i < 5; ++i)
    tenants.give(ada);
  tenants.all(ada);
  CHECK(tenants.has[ada] == 9);
  rig.now += 999ms;
  CHECK_FALSE(tenants.one(ada));
  rig.now += 1ms;
  CHECK(tenants.one(ada));
}

TEST_CASE("many that ask once do not shut out one who works",
          "[bulkhead][tenants]") {
  table_rig rig{fair(10)};
  crowd tenants{rig};
  tenants.all(ada);
  for (uint64_t i = 0; i < 20'000; ++i)
    tenants.one(100 + i);
  for (int i = 0; i < 10; ++i)
    tenants.give(ada);
  CHECK(tenants.one(ada));
  // Everybody may have one still.
  for (uint64_t i = 0; i < 9; ++i)
    CHECK(tenants.one(100 + i));
  rig.now += 1s;
  tenants.give(ada);
  CHECK(tenants.one(ada));
}

TEST_CASE("who has nothing may have something large", "[bulkhead][tenants]") {
  table_rig rig{fair(10)};
  rig.ask({.id = 1, .amount = 10, .tenant = ada});
  rig.ask({.id = 2, .amount = 9, .tenant = grace});
  rig.give(10, "orders", ada);
  CHECK(rig.ask({.id = 3, .amount = 6, .tenant = ada}) == answer::granted);
  rig.give(6, "orders", ada);
  CHECK(rig.ask({.id = 4, .tenant = ada}) == answer::granted);
  CHECK(rig.ask({.id = 5, .amount = 9, .tenant = grace}) == answer::granted);
  CHECK(rig.ask({.id = 6, .tenant = ada}) == answer::full);
}

// Nobody else could get anything until that was forgotten.
TEST_CASE("what can never be had is not kept for anybody",
          "[bulkhead][tenants]") {
  table_rig rig{fair(10)};
  crowd tenants{rig};
  CHECK(rig.ask({.id = 100, .amount = 11, .tenant = grace}) == answer::full);
  tenants.all(ada);
  CHECK(tenants.has[ada] == 10);
}

TEST_CASE("what is set aside is no part of what tenants share",
          "[bulkhead][tenants]") {
  table_rig rig{fair(10)};
  REQUIRE(rig.allot(8, "users"));
  crowd tenants{rig};
  tenants.all(ada);
  REQUIRE(tenants.has[ada] == 2);
  tenants.one(grace);
  tenants.give(ada);
  CHECK_FALSE(tenants.one(ada));
  CHECK(tenants.one(grace));
}

TEST_CASE("of tenants that wait the one with least for its weight is next",
          "[bulkhead][tenants]") {
  auto options = fair(4);
  options.queue = 100;
  options.queue_timeout = 10s;
  table_rig rig{options};
  crowd tenants{rig};
  for (int i = 0; i < 20; ++i)
    tenants.one(ada);
  for (int i = 0; i < 5; ++i)
    tenants.one(grace);
  CHECK(rig.table.waiting() == 21);
  // Half of what ada has had goes to grace before she gets one more.
  for (int i = 0; i < 4; ++i)
    rig.give(1, "orders", ada);
  auto granted = rig.table.take_granted(1);
  REQUIRE(granted.size() == 4);
  std::map<uint64_t, int> got;
  for (const auto& each : granted)
    ++got[each.tenant];
  CHECK(got[grace] == 2);
  CHECK(got[ada] == 2);
}

// Nobody looked who is next when what a tenant has had become more.
TEST_CASE("who is next because another tenant got something is served",
          "[bulkhead][tenants]") {
  auto options = fair(10, 5);
  options.queue = 10;
  options.queue_timeout = 10s;
  table_rig rig{options};
  rig.ask({.id = 1, .amount = 3, .tenant = 3});
  REQUIRE(rig.ask({.id = 2, .amount = 3, .tenant = ada}) == answer::waits);
  REQUIRE(rig.ask({.id = 3, .tenant = grace, .source = 2}) == answer::waits);
  CHECK(rig.ask({.id = 4, .level = call_priority::critical, .tenant = ada})
        == answer::granted);
  CHECK(rig.granted(3, 2));
  CHECK(rig.changed.count(2) == 1);
}

// Who came once in a while found all places taken, and never got one.
TEST_CASE("a tenant with many places gives way to one with few",
          "[bulkhead][tenants]") {
  auto policy = GENERATE(overflow_policy::refuse, overflow_policy::drop_oldest,
                         overflow_policy::drop_newest);
  auto options = fair(1);
  options.queue = 10;
  options.queue_timeout = 10s;
  options.overflow = policy;
  table_rig rig{options};
  for (uint64_t i = 1; i <= 11; ++i)
    rig.ask({.id = i, .tenant = ada});
  for (uint64_t i = 21; i <= 25; ++i)
    CHECK(rig.ask({.id = i, .tenant = grace}) == answer::waits);
  CHECK(rig.table.counted().dropped == 5);
  // From here on she has as many as ada.
  auto sixth = rig.ask({.id = 26, .tenant = grace});
  if (policy == overflow_policy::refuse) {
    CHECK(sixth == answer::full);
    CHECK(rig.waits(25));
  } else {
    // One of her own.
    CHECK(sixth == answer::waits);
    CHECK(rig.waits(21) == (policy == overflow_policy::drop_newest));
    CHECK(rig.waits(25) == (policy == overflow_policy::drop_oldest));
  }
  int still = 0;
  for (uint64_t i = 2; i <= 11; ++i)
    still += rig.waits(i) ? 1 : 0;
  CHECK(still == 5);
  CHECK(rig.waits(policy == overflow_policy::drop_oldest ? 11 : 2));
}
