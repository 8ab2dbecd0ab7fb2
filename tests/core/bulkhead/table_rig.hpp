#pragma once

#include <bulwark/bulkhead/detail/permit_table.hpp>

#include <string>
#include <vector>

namespace test {

/// A table with names for what its tests do; time passes when they say so.
///
/// Confined to one thread.
class table_rig {
public:
  explicit table_rig(const bulwark::bulkhead_options& options)
    : table(options) {}

  using answer = bulwark::permit_table::answer;
  using priority = bulwark::call_priority;

  /// What is not given is as for one normal request of source 1.
  struct acquisition {
    uint64_t id = 0;
    uint64_t amount = 1;
    priority level = priority::normal;
    std::string consumer = "orders";
    uint64_t tenant = 0;
    uint64_t source = 1;
    bool behind = false;
  };

  answer ask(const acquisition& what) {
    bulwark::permit_ticket who;
    who.key = {what.source, what.id};
    who.amount = what.amount;
    who.priority = what.level;
    who.consumer = account(what.consumer).number;
    who.tenant = what.tenant;
    who.since = now;
    who.expires = now + std::chrono::seconds{10};
    return table.ask(who, what.behind, now, changed);
  }

  bulwark::consumer_account& account(const std::string& name = "orders") {
    return *table.account(name, true);
  }

  void give(uint64_t amount = 1, const std::string& consumer = "orders",
            uint64_t tenant = 0) {
    changed.merge(table.give(account(consumer).number, amount, tenant, now));
  }

  bool allot(uint64_t amount, const std::string& consumer = "orders") {
    return table.allot(account(consumer), amount, now, changed);
  }

  uint64_t unallot(const std::string& consumer = "orders") {
    return table.unallot(account(consumer), now, changed);
  }

  std::string resize(uint64_t capacity, uint64_t reserved = 0) {
    return table.resize(capacity, reserved, now, changed).value_or("");
  }

  void isolate(bulwark::isolation level, bool draining = false) {
    changed.merge(table.isolate(level, draining, now));
  }

  bool waits(uint64_t id, uint64_t source = 1) const {
    return table.of({source, id}) == bulwark::permit_table::standing::waits;
  }

  bool granted(uint64_t id, uint64_t source = 1) const {
    return table.of({source, id}) == bulwark::permit_table::standing::granted;
  }

  uint64_t use() const { return table.counter().use(); }

  bulwark::permit_table table;
  bulwark::permit_table::sources changed;
  bulwark::time_point now = bulwark::time_point{} + std::chrono::hours{1};
};

} // namespace test
