#include "simulation/make_calls.hpp"

#include <algorithm>
#include <utility>

namespace test::sim {

namespace {

using namespace std::chrono_literals;

class call_maker {
public:
  call_maker(plan& to, dice& chance) : to_(to), chance_(chance) {}

  void make() {
    choose();
    for (auto& each : to_.services) {
      each.gate.poison_limit = static_cast<uint32_t>(1 + chance_.below(3));
      each.gate.bystander_limit = static_cast<uint32_t>(chance_.below(4));
    }
    for (auto& each : to_.acts)
      for (auto& message : each.works)
        dress(message);
    if (to_.bulkheads.empty())
      return;
    if (chance_.roll(1, 2))
      insert_orders();
    if (tenants_)
      insert_crowds();
  }

private:
  /// What is said at all in this plan.
  void choose() {
    priorities_ = chance_.roll(1, 2);
    tenants_ = chance_.roll(1, 2);
    keys_ = chance_.roll(1, 2);
    idempotent_ = chance_.roll(1, 2);
  }

  void dress(work& what) {
    if (priorities_ && chance_.roll(1, 2))
      what.priority =
        chance_.any<bulwark::call_priority>(bulwark::call_priorities);
    if (tenants_ && chance_.roll(2, 3))
      what.tenant = static_cast<uint8_t>(1 + chance_.below(tenants));
    if (keys_ && chance_.roll(1, 3))
      what.key = static_cast<uint8_t>(1 + chance_.below(keys));
    if (idempotent_ && chance_.roll(1, 3))
      what.idempotent = true;
  }

  void insert(size_t at, std::vector<act> what) {
    to_.acts.insert(to_.acts.begin() + static_cast<ptrdiff_t>(at),
                    std::make_move_iterator(what.begin()),
                    std::make_move_iterator(what.end()));
  }

  void insert_orders() {
    auto count = 2 + chance_.below(8);
    for (size_t i = 0; i < count; ++i) {
      auto at = chance_.below(to_.acts.size());
      auto index = chance_.below(to_.bulkheads.size());
      if (chance_.roll(1, 2)) {
        insert(at, {resize(index)});
        continue;
      }
      insert(at, {close(index)});
      // Mostly not for good.
      auto until = std::min(at + 2 + chance_.below(10), to_.acts.size());
      if (chance_.roll(4, 5))
        insert(until, {{.what = verb::isolate, .bulkhead = index}});
    }
  }

  /// Also to what makes no sense.
  act resize(size_t index) {
    auto capacity = chance_.below(9);
    return {.what = verb::resize,
            .bulkhead = index,
            .capacity = capacity,
            .reserved = chance_.below(capacity + 1)};
  }

  act close(size_t index) {
    if (chance_.roll(1, 3))
      return {.what = verb::drain, .bulkhead = index};
    return {.what = verb::isolate,
            .bulkhead = index,
            .level = chance_.any<bulwark::isolation>(4)};
  }

  /// One tenant asks for much more than there is, others for a little.
  void insert_crowds() {
    auto count = 1 + chance_.below(3);
    for (size_t i = 0; i < count; ++i) {
      auto which = chance_.below(to_.services.size());
      if (to_.services[which].bulkhead == none)
        continue;
      act crowd{.what = verb::flood,
                .client = chance_.below(to_.clients),
                .service = which};
      auto greedy = static_cast<uint8_t>(1 + chance_.below(tenants));
      auto size = 8 + chance_.below(8);
      for (size_t each = 0; each < size; ++each) {
        work one{work_kind::later, true, milliseconds{1 + chance_.below(60)}};
        one.tenant = greedy;
        if (each * 2 > size && chance_.roll(1, 2))
          one.tenant = static_cast<uint8_t>(1 + chance_.below(tenants));
        crowd.works.push_back(one);
      }
      insert(chance_.below(to_.acts.size()),
             {std::move(crowd), {.what = verb::pass, .time = 100ms}});
    }
  }

  plan& to_;
  dice& chance_;
  bool priorities_ = false;
  bool tenants_ = false;
  bool keys_ = false;
  bool idempotent_ = false;
};

} // namespace

void make_bulkheads(plan& to, dice chance) {
  if (chance.roll(1, 2))
    return;
  auto longest = bulwark::duration{1ms};
  for (auto& each : to.services)
    longest = std::max(longest, each.gate.stash_wait);
  auto count = 1 + chance.below(2);
  for (size_t i = 0; i < count; ++i) {
    bulwark::bulkhead_options it;
    it.capacity = 1 + chance.below(6);
    it.reserved_for_critical = chance.below(it.capacity);
    if (chance.roll(2, 3)) {
      it.queue = 1 + chance.below(20);
      // Not below what a gate waits for a replica: who waited for a permit and
      // then for a replica has that long for both.
      it.queue_timeout = longest;
    }
    it.overflow = chance.any<bulwark::overflow_policy>(3);
    if (chance.roll(1, 4))
      it.order = bulwark::queue_order::adaptive_lifo;
    it.fair = chance.roll(1, 2);
    if (it.fair && chance.roll(1, 2))
      it.weights = {{"t1", 2.0}, {"t2", 0.5}};
    to.bulkheads.push_back(it);
  }
  for (auto& each : to.services)
    if (chance.roll(3, 4))
      each.bulkhead = chance.below(count);
}

void make_calls(plan& to, dice chance) {
  call_maker{to, chance}.make();
}

} // namespace test::sim
