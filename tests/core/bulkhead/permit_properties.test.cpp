// Goal: whatever is asked, given, resized, isolated, set aside and forgotten,
// in whatever order, a permit table does what the plainest table would do, and
// keeps what a bulkhead promises.
// Method: RapidCheck makes options and sequences of acts; both books live
// through them, and are compared after each.

#include "core/bulkhead/naive_table.hpp"
#include "core/bulkhead/table_acts.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <rapidcheck.h>

using namespace bulwark;
using namespace std::chrono_literals;
using answer = permit_table::answer;
using test::act;
using test::verb;

namespace {

const std::vector<uint64_t> tenants{0, tenant_shares::id_of("ada"),
                                    tenant_shares::id_of("grace"),
                                    tenant_shares::id_of("joan")};

class world {
public:
  explicit world(const bulkhead_options& options)
    : options_(options), table_(options), naive_(options) {
    for (uint32_t i = 0; i < consumers; ++i)
      table_.account("c" + std::to_string(i), true);
  }

  void perform(const act& x) {
    auto before = table_.counter().use();
    changed_.clear();
    critical_ = false;
    now_ += 1ms;
    act_out(x);
    compare();
    promises(before);
  }

  void end() {
    for (uint64_t source = 1; source <= sources; ++source)
      perform({verb::die, source - 1});
    for (uint64_t i = 0; i < consumers; ++i)
      perform({verb::unallot, i});
    while (!fast_.empty())
      perform({verb::give, holders_.size(), 1000});
    perform({verb::isolate, 0, 0});
    RC_ASSERT(table_.counter().use() == 0u);
    RC_ASSERT(table_.idle() == 0u);
    RC_ASSERT(table_.waiting() == 0u);
    for (const auto& account : table_.accounts())
      RC_ASSERT(account.use() == 0u && account.own == 0u
                && account.allotted == 0u);
    const auto& n = table_.counted();
    RC_ASSERT(n.granted + n.refused + n.isolated + n.dropped + n.timeouts
                + n.withdrawn
              == ids_);
  }

private:
  static constexpr uint32_t consumers = 3;
  static constexpr uint64_t sources = 3;

  struct holder {
    uint64_t source = 0;
    uint32_t consumer = 0;
    uint64_t amount = 0;
    uint64_t tenant = 0;
  };

  void act_out(const act& x) {
    switch (x.what) {
    case verb::ask:
      return ask(x);
    case verb::fast:
      return fast(x);
    case verb::give:
      return give(x);
    case verb::claim:
      return claim(x);
    case verb::forget:
      return forget(x);
    case verb::die:
      return die(1 + x.a % sources);
    case verb::wait:
      now_ += std::chrono::milliseconds{x.a * 5};
      changed_.merge(table_.expire(now_));
      return naive_.expire(now_);
    case verb::resize:
      return resize(1 + x.a % 14, x.b);
    case verb::isolate:
      changed_.merge(table_.isolate(isolation{static_cast<uint8_t>(x.a % 4)},
                                    x.b % 2, now_));
      naive_.isolate(isolation{static_cast<uint8_t>(x.a % 4)}, x.b % 2 != 0);
      RC_ASSERT(table_.drained() == naive_.drained());
      return;
    case verb::allot:
      return allot(x);
    case verb::unallot: {
      auto& account = account_named(x.a % consumers);
      RC_ASSERT(table_.unallot(account, now_, changed_)
                == naive_.unallot(account.number));
      return;
    }
    }
  }

  consumer_account& account_named(uint64_t number) {
    return const_cast<consumer_account&>(table_.accounts()[number]);
  }

  void ask(const act& x) {
    permit_ticket who;
    who.key = {1 + x.a % sources, ++ids_};
    who.amount = 1 + (x.b % 10 == 0 ? x.b % 15 : x.b % 3);
    who.priority = call_priority{static_cast<uint8_t>(x.c % 3)};
    who.consumer = static_cast<uint32_t>(x.a / sources % consumers);
    who.tenant = tenants[x.c / 3 % tenants.size()];
    who.since = now_;
    who.expires = x.b % 7 == 0 ? time_point::max() : now_ + 2s;
    who.exempt = x.b % 11 == 0;
    auto behind = x.b % 13 == 0;
    auto got = table_.ask(who, behind, now_, changed_);
    RC_ASSERT(got == naive_.ask(who, behind, now_));
    if (got == answer::granted) {
      hold(who);
      critical_ |= who.priority == call_priority::critical;
    }
  }

  void hold(const permit_ticket& who) {
    holders_.push_back({who.key.source, who.consumer, who.amount, who.tenant});
  }

  /// As `bulkhead_core` does it.
  void fast(const act& x) {
    auto& account = account_named(x.a % consumers);
    auto priority = call_priority{static_cast<uint8_t>(x.c % 3)};
    if (account.budgeted)
      return;
    auto got = table_.counter().try_take(1, priority).has_value();
    RC_ASSERT(got == naive_.try_take(account.number, 1, priority));
    if (!got)
      return;
    account.tally->took(1);
    critical_ |= priority == call_priority::critical;
    fast_.push_back({0, account.number, 1, 0});
  }

  void give(const act& x) {
    auto all = holders_.size() + fast_.size();
    if (all == 0)
      return;
    auto index = x.a % all;
    auto& list = index < holders_.size() ? holders_ : fast_;
    auto& from =
      list[index < holders_.size() ? index : index - holders_.size()];
    auto amount = std::min(from.amount, 1 + x.b % 5);
    // What is fair counts tenants, also of those that took the fast path
    // before: there are none.
    give_back(from, amount);
    from.amount -= amount;
    std::erase_if(list, [](const auto& each) { return each.amount == 0; });
  }

  void give_back(const holder& from, uint64_t amount) {
    auto& account = account_named(from.consumer);
    if (options_.fair) {
      changed_.merge(table_.give(account.number, amount, from.tenant, now_));
    } else {
      account.tally->gave(amount);
      auto given = table_.counter().give_unless(
        [&] { return account.budgeted.load(); }, amount);
      if (!given)
        changed_.merge(table_.gave(account.number, amount, from.tenant, now_));
      else if (given->marked)
        changed_.merge(table_.decide(now_));
    }
    naive_.give(account.number, amount, from.tenant);
    RC_ASSERT(table_.drained() == naive_.drained());
  }

  void claim(const act& x) {
    if (x.b % 2 == 0) {
      auto source = 1 + x.a % sources;
      for (const auto& each : table_.take_granted(source)) {
        RC_ASSERT(naive_.granted.erase(each.key) == 1u);
        hold(each);
      }
      for (const auto& [id, why] : table_.take_refused(source)) {
        RC_ASSERT(naive_.refused.at({source, id}) == why);
        naive_.refused.erase({source, id});
      }
      return;
    }
    permit_key key{1 + x.a % sources, 1 + x.c % (ids_ + 1)};
    auto known = naive_.granted.find(key);
    RC_ASSERT(table_.claim(key) == (known != naive_.granted.end()));
    if (known == naive_.granted.end())
      return;
    hold(known->second);
    naive_.granted.erase(known);
  }

  void forget(const act& x) {
    permit_key key{1 + x.a % sources, 1 + x.c % (ids_ + 1)};
    changed_.merge(table_.forget(key, now_));
    naive_.forget(key);
  }

  /// All that it waits for and has not fetched, and all that it holds.
  void die(uint64_t source) {
    changed_.merge(table_.forget_source(source, now_));
    naive_.forget_source(source);
    compare();
    for (const auto& each : holders_)
      if (each.source == source)
        give_back(each, each.amount);
    std::erase_if(holders_,
                  [=](const auto& each) { return each.source == source; });
  }

  void resize(uint64_t capacity, uint64_t reserved) {
    reserved %= capacity;
    RC_ASSERT(!table_.resize(capacity, reserved, now_, changed_));
    naive_.resize(capacity, reserved);
    options_.capacity = capacity;
    options_.reserved_for_critical = reserved;
  }

  void allot(const act& x) {
    auto& account = account_named(x.a % consumers);
    auto amount = 1 + x.b % 6;
    auto got = table_.allot(account, amount, now_, changed_);
    RC_ASSERT(got == naive_.allot(account.number, amount));
  }

  void compare() {
    RC_ASSERT(table_.waiting() == naive_.waiting().size());
    for (const auto& each : naive_.waiting())
      RC_ASSERT(table_.of(each.key) == permit_table::standing::waits);
    for (const auto& [key, ticket] : naive_.granted)
      RC_ASSERT(table_.of(key) == permit_table::standing::granted);
    RC_ASSERT(table_.counter().use() == naive_.use());
    for (const auto& [number, account] : naive_.accounts) {
      RC_ASSERT(account_named(number).use() == account.use);
      RC_ASSERT(account_named(number).own == account.own);
      RC_ASSERT(account_named(number).allotted == account.allotted);
    }
    RC_ASSERT(table_.counter().give(0).marked == naive_.marked());
    // Whoever has a verdict to fetch was told.
    std::set<permit_key> verdicts;
    for (const auto& [key, ticket] : naive_.granted) {
      verdicts.insert(key);
      if (!told_.count(key))
        critical_ |= ticket.priority == call_priority::critical;
    }
    for (const auto& [key, why] : naive_.refused)
      verdicts.insert(key);
    for (const auto& key : verdicts)
      RC_ASSERT(told_.count(key) || changed_.count(key.source));
    told_ = verdicts;
  }

  /// What holds whatever the plain table says.
  void promises(uint64_t before) {
    auto use = table_.counter().use();
    uint64_t charged = 0;
    for (const auto& account : table_.accounts())
      charged += account.allotted + account.use() - account.own;
    RC_ASSERT(charged == use);
    auto counted = table_.counter().peak();
    RC_ASSERT(counted >= use);
    if (options_.mode == bulkhead_mode::shadow)
      return;
    // A smaller capacity is reached by what comes back, and only so.
    auto limit =
      options_.capacity - (critical_ ? 0 : options_.reserved_for_critical);
    RC_ASSERT(use <= std::max(limit, before));
    RC_ASSERT(table_.waiting() <= options_.queue + exempt());
  }

  size_t exempt() const {
    const auto& all = naive_.waiting();
    return static_cast<size_t>(std::count_if(
      all.begin(), all.end(), [](const auto& each) { return each.exempt; }));
  }

  bulkhead_options options_;
  permit_table table_;
  test::naive_table naive_;
  permit_table::sources changed_;
  std::set<permit_key> told_;
  std::vector<holder> holders_;
  std::vector<holder> fast_;
  time_point now_ = time_point{} + 1h;
  uint64_t ids_ = 0;
  // Whether critical work got something in this act.
  bool critical_ = false;
};

} // namespace

TEST_CASE("a permit table does what the plainest table does",
          "[bulkhead][properties]") {
  rc::prop("over random acts", [] {
    world w{*rc::gen::exec(test::any_options)};
    for (const auto& each :
         *rc::gen::container<std::vector<act>>(test::act_of(test::any_verb())))
      w.perform(each);
    w.end();
  });
  rc::prop("with crowds of tenants", [] {
    world w{*rc::gen::exec(test::crowded)};
    for (const auto& each :
         *rc::gen::scale(3.0, rc::gen::container<std::vector<act>>(
                                test::act_of(test::coming_and_going()))))
      w.perform(each);
    w.end();
  });
}
