// Goal: where tenants share a bulkhead, nobody's burst, flood or fresh waiters
// keep another tenant from its turn, whatever the order within a tenant is.
// Method: by hand, and RapidCheck makes crowds of tenants that ask, give back
// and leave; counted is who is served while one waits with nothing.

#include "core/bulkhead/table_rig.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <rapidcheck.h>

using namespace bulwark;
using namespace std::chrono_literals;
using test::table_rig;
using answer = permit_table::answer;

namespace {

constexpr uint64_t ada = 1;
constexpr uint64_t grace = 2;
constexpr uint64_t joan = 3;

bulkhead_options shared(uint64_t capacity, size_t queue, queue_order order) {
  bulkhead_options result;
  result.capacity = capacity;
  result.queue = queue;
  result.queue_timeout = 10s;
  result.order = order;
  result.fair = true;
  return result;
}

bulkhead_options first_first(uint64_t capacity, size_t queue) {
  return shared(capacity, queue, queue_order::fifo);
}

bulkhead_options last_first(uint64_t capacity, size_t queue) {
  return shared(capacity, queue, queue_order::adaptive_lifo);
}

/// One permit after the other goes round between tenants.
struct round_trip {
  table_rig rig;
  uint64_t ids = 0;
  std::vector<permit_ticket> out = {};

  void ask(uint64_t tenant, uint64_t id) {
    if (rig.ask({.id = id, .tenant = tenant}) == answer::granted)
      out.push_back({.key = {1, id}, .tenant = tenant});
  }

  void ask(uint64_t tenant) { ask(tenant, 1000 + ++ids); }

  /// Returns who got what is given back by who has had it longest.
  permit_ticket next() {
    auto first = out.front();
    out.erase(out.begin());
    rig.give(1, "orders", first.tenant);
    auto granted = rig.table.take_granted(1);
    REQUIRE(granted.size() == 1);
    out.push_back(granted[0]);
    return granted[0];
  }

  /// Gives back `count` times.
  std::string served(size_t count) {
    std::string result;
    for (size_t i = 0; i < count; ++i)
      result += std::to_string(next().key.id) + " ";
    return result;
  }
};

} // namespace

// With one permit nobody has anything when it comes back: the whole burst had
// come first.
TEST_CASE("a single request is second at the latest behind a burst",
          "[bulkhead][tenants]") {
  round_trip trip{table_rig{first_first(1, 200)}};
  for (uint64_t id = 1; id <= 100; ++id)
    trip.ask(ada, id);
  trip.ask(grace, 1000);
  CHECK(trip.served(4) == "2 1000 3 4 ");
  // Who comes again has its next turn, and no earlier one.
  trip.ask(grace, 1001);
  trip.ask(joan, 2000);
  CHECK(trip.served(5) == "5 1001 2000 6 7 ");
}

TEST_CASE("the first to come is first where nobody shares",
          "[bulkhead][tenants]") {
  auto options = first_first(2, 200);
  options.fair = GENERATE(false, true);
  round_trip trip{table_rig{options}};
  auto ask = [&](uint64_t id) { trip.ask(options.fair ? ada : id % 3, id); };
  std::string expected;
  for (uint64_t id = 1; id <= 60; ++id) {
    ask(id);
    if (id > 2 && id % 7 != 0)
      expected += std::to_string(id) + " ";
  }
  auto got = trip.served(4);
  for (uint64_t id = 7; id <= 60; id += 7)
    trip.rig.table.forget({1, id}, trip.rig.now);
  for (uint64_t id = 61; id <= 69; ++id) {
    ask(id);
    got += trip.served(1);
    expected += std::to_string(id) + " ";
  }
  got += trip.served(trip.rig.table.waiting());
  CHECK(got == expected);
}

// Whose oldest waiter was never served came first whenever nobody had anything.
TEST_CASE("a flood of fresh waiters takes one turn, like everybody",
          "[bulkhead][tenants]") {
  round_trip trip{table_rig{last_first(1, 20)}};
  for (int i = 0; i < 15; ++i)
    trip.ask(ada);
  for (int i = 0; i < 3; ++i)
    trip.ask(joan);
  trip.ask(grace, 1);
  std::map<uint64_t, int> got;
  for (int i = 0; i < 30; ++i) {
    trip.ask(ada);
    trip.ask(grace);
    trip.ask(joan);
    ++got[trip.next().tenant];
    if (i == 2)
      CHECK(got[grace] == 1);
  }
  CHECK(got[ada] == 10);
  CHECK(got[grace] == 10);
  CHECK(got[joan] == 10);
}

TEST_CASE("who leaves and comes again is no earlier for that",
          "[bulkhead][tenants]") {
  round_trip trip{table_rig{last_first(1, 8)}};
  trip.ask(ada);
  for (uint64_t id = 1; id <= 3; ++id)
    trip.ask(grace, id);
  for (uint64_t id = 11; id <= 13; ++id)
    trip.ask(ada, id);
  // Not even when all of its others stay.
  trip.rig.table.forget({1, 11}, trip.rig.now);
  trip.ask(ada, 14);
  CHECK(trip.served(1) == "3 ");
  for (uint64_t id : {12, 13, 14})
    trip.rig.table.forget({1, id}, trip.rig.now);
  trip.ask(ada, 15);
  CHECK(trip.served(3) == "1 15 2 ");
}

TEST_CASE("within a tenant the last to come is first, while many wait",
          "[bulkhead][tenants]") {
  round_trip trip{table_rig{last_first(1, 8)}};
  trip.ask(joan);
  for (uint64_t id : {1, 2, 3, 4})
    trip.ask(ada, id);
  for (uint64_t id : {11, 12, 13, 14})
    trip.ask(grace, id);
  CHECK(trip.served(4) == "4 14 3 13 ");
  CHECK(trip.served(4) == "1 11 2 12 ");
}

TEST_CASE("weights say how much of it, also where the last come first",
          "[bulkhead][tenants]") {
  auto options = last_first(12, 40);
  options.weights = {{"heavy", 3.0}};
  round_trip trip{table_rig{options}};
  auto heavy = tenant_shares::id_of("heavy");
  for (int i = 0; i < 40; ++i)
    trip.ask(ada);
  for (int i = 0; i < 10; ++i)
    trip.ask(heavy);
  for (int i = 0; i < 50; ++i) {
    trip.ask(ada);
    trip.next();
    trip.ask(heavy);
  }
  CHECK(std::count_if(trip.out.begin(), trip.out.end(),
                      [=](const auto& it) { return it.tenant == heavy; })
        == 9);
}

namespace {

/// What the table did to each tenant in one line, as its callers see it.
class judge {
public:
  static constexpr uint64_t tenants = 4;

  explicit judge(const bulkhead_options& options) : rig_(options) {}

  void act(uint64_t what, uint64_t a, uint64_t b) {
    before_ = now_;
    served_.clear();
    auto tenant = a % tenants;
    if (what < 6)
      ask(tenant, b);
    else if (what < 9)
      give(a);
    else
      forget(a);
    for (const auto& each : rig_.table.take_granted(1))
      take(each);
    for (const auto& [id, why] : rig_.table.take_refused(1))
      erase({1, id});
    for (uint64_t each = 0; each < tenants; ++each)
      look_at(each);
  }

private:
  struct standing {
    uint64_t use = 0;
    std::vector<permit_key> waits;
  };

  /// Since one waits with nothing: how many others did so then, and how many
  /// of others were served.
  struct patience {
    size_t others = 0;
    size_t served = 0;
  };

  void ask(uint64_t tenant, uint64_t amount) {
    permit_ticket who{.key = {1, ++ids_}, .amount = 1 + amount % 3 / 2};
    who.tenant = tenant;
    auto got = rig_.ask({.id = ids_, .amount = who.amount, .tenant = tenant});
    if (got == answer::granted)
      hold(who);
    if (got == answer::waits)
      now_[tenant].waits.push_back(who.key);
  }

  void give(uint64_t which) {
    if (held_.empty())
      return;
    auto at = held_.begin() + static_cast<ptrdiff_t>(which % held_.size());
    auto what = *at;
    held_.erase(at);
    now_[what.tenant].use -= what.amount;
    rig_.give(what.amount, "orders", what.tenant);
  }

  void forget(uint64_t which) {
    permit_key key{1, 1 + which % (ids_ + 1)};
    if (rig_.waits(key.id))
      rig_.table.forget(key, rig_.now);
    erase(key);
  }

  void hold(const permit_ticket& what) {
    now_[what.tenant].use += what.amount;
    held_.push_back(what);
  }

  void take(const permit_ticket& what) {
    erase(what.key);
    served_.push_back(what.tenant);
    hold(what);
  }

  void erase(permit_key key) {
    for (auto& [tenant, each] : now_)
      std::erase(each.waits, key);
  }

  void look_at(uint64_t tenant) {
    auto& it = patience_[tenant];
    auto had = before_[tenant];
    auto served =
      static_cast<size_t>(std::count(served_.begin(), served_.end(), tenant));
    if (had.use > 0 || had.waits.empty() || served > 0
        || now_[tenant].waits.empty()) {
      it = {};
      for (const auto& [other, each] : now_)
        it.others += other != tenant && !each.waits.empty();
      return;
    }
    it.served += served_.size();
    RC_ASSERT(it.served <= it.others);
  }

  table_rig rig_;
  uint64_t ids_ = 0;
  std::vector<permit_ticket> held_;
  std::map<uint64_t, standing> before_;
  std::map<uint64_t, standing> now_;
  std::map<uint64_t, patience> patience_;
  std::vector<uint64_t> served_;
};

} // namespace

TEST_CASE("who waits with nothing lets each other tenant pass once at most",
          "[bulkhead][tenants][properties]") {
  auto order = GENERATE(queue_order::fifo, queue_order::adaptive_lifo);
  rc::prop("where order is " + to_string(order), [=] {
    auto capacity = *rc::gen::inRange<uint64_t>(1, 5);
    auto options = shared(capacity, *rc::gen::inRange<size_t>(1, 12), order);
    options.overflow =
      *rc::gen::element(overflow_policy::refuse, overflow_policy::drop_oldest,
                        overflow_policy::drop_newest);
    judge all{options};
    auto number = rc::gen::inRange<uint64_t>(0, 1000);
    auto one =
      rc::gen::tuple(rc::gen::inRange<uint64_t>(0, 10), number, number);
    using acts = std::vector<std::tuple<uint64_t, uint64_t, uint64_t>>;
    for (const auto& [what, a, b] :
         *rc::gen::scale(3.0, rc::gen::container<acts>(one)))
      all.act(what, a, b);
  });
}
