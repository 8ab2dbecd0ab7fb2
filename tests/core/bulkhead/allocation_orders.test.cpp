// Goal: however the ways of several services through the same bulkheads are
// interleaved, each gets all or nothing, no bulkhead gives more than it has,
// and services that are in each other's way never refuse each other all.
// Method: RapidCheck makes bulkheads, services and the order of their steps;
// the bulkheads are counters here.

#include <bulwark/bulkhead/detail/allocation_table.hpp>

#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include <map>
#include <numeric>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <rapidcheck.h>

using namespace bulwark;

namespace {

class world {
public:
  explicit world(std::vector<uint64_t> capacities)
    : capacities_(std::move(capacities)), use_(capacities_.size()) {
    for (size_t i = 0; i < capacities_.size(); ++i)
      RC_ASSERT(!table_.add(name_of(i)));
  }

  static std::string name_of(size_t bulkhead) {
    return "b" + std::to_string(bulkhead);
  }

  /// Begins, or moves one step on.
  void step(size_t service, const resource_amounts& wanted) {
    auto name = "s" + std::to_string(service);
    auto running = attempts_.find(name);
    if (running == attempts_.end()) {
      begin(name, wanted);
      return;
    }
    auto& [attempt, undone] = running->second;
    if (attempt.next() != nullptr)
      ask(attempt);
    else if (undone < attempt.undo().size())
      give(attempt.undo()[undone++]);
    else
      end(running);
  }

  void release(size_t service) {
    auto leaving = table_.begin_release("s" + std::to_string(service));
    if (auto* what = std::get_if<allocation_table::release>(&leaving)) {
      for (const auto& [bulkhead, amount] : what->amounts)
        use_[index_of(bulkhead)] -= amount;
      table_.finish(*what);
    }
  }

  void finish_all() {
    while (!attempts_.empty())
      step(std::stoull(attempts_.begin()->first.substr(1)), {});
  }

  /// What is in use is what was booked, and what those under way have so far.
  void check() const {
    auto sums = std::vector<uint64_t>(use_.size());
    for (const auto& [service, amounts] : table_.allocations())
      for (const auto& [bulkhead, amount] : amounts)
        sums[index_of(bulkhead)] += amount;
    for (const auto& [service, each] : attempts_)
      each.add_to(sums);
    RC_ASSERT(sums == use_);
    for (size_t i = 0; i < use_.size(); ++i)
      RC_ASSERT(use_[i] <= capacities_[i]);
  }

  bool under_way(size_t service) const {
    return attempts_.count("s" + std::to_string(service)) != 0;
  }

  const allocation_table& table() const { return table_; }
  size_t granted() const { return granted_; }
  uint64_t in_use() const {
    return std::accumulate(use_.begin(), use_.end(), uint64_t{0});
  }

private:
  struct way {
    allocation_attempt attempt;
    size_t undone = 0;

    void add_to(std::vector<uint64_t>& sums) const {
      auto undo = attempt.undo();
      for (auto i = undone; i < undo.size(); ++i)
        sums[index_of(undo[i].bulkhead)] += undo[i].amount;
      for (const auto& each : attempt.shares()) {
        if (attempt.refusal() || &each == attempt.next())
          break;
        sums[index_of(each.bulkhead)] += each.amount;
      }
    }
  };

  using attempts = std::map<std::string, way>;

  static size_t index_of(const std::string& bulkhead) {
    return std::stoull(bulkhead.substr(1));
  }

  void begin(const std::string& name, const resource_amounts& wanted) {
    auto begun = table_.begin(name, wanted);
    if (auto* attempt = std::get_if<allocation_attempt>(&begun))
      attempts_.emplace(name, way{*attempt});
  }

  void ask(allocation_attempt& attempt) {
    const auto& [bulkhead, amount] = *attempt.next();
    auto i = index_of(bulkhead);
    auto free = capacities_[i] - use_[i];
    if (amount > free) {
      attempt.refused(free, capacities_[i]);
      return;
    }
    use_[i] += amount;
    attempt.granted();
  }

  void give(const allocation_attempt::share& what) {
    use_[index_of(what.bulkhead)] -= what.amount;
  }

  void end(attempts::iterator which) {
    auto attempt = which->second.attempt;
    auto had = table_.allocations()[attempt.service()];
    table_.finish(attempt);
    // All or nothing.
    if (!attempt.refusal()) {
      ++granted_;
      for (const auto& each : attempt.shares())
        had.emplace(each.bulkhead, each.amount);
    }
    RC_ASSERT(table_.allocations()[attempt.service()] == had);
    attempts_.erase(which);
  }

  allocation_table table_;
  std::vector<uint64_t> capacities_;
  std::vector<uint64_t> use_;
  attempts attempts_;
  size_t granted_ = 0;
};

auto below(size_t count) {
  return rc::gen::inRange<size_t>(0, count);
}

std::vector<uint64_t> some_capacities() {
  auto count = *rc::gen::inRange<size_t>(1, 6);
  return *rc::gen::container<std::vector<uint64_t>>(
    count, rc::gen::inRange<uint64_t>(1, 20));
}

/// At least one bulkhead, of none more than it has.
resource_amounts some_request(const std::vector<uint64_t>& capacities) {
  resource_amounts result;
  auto count = *rc::gen::inRange<size_t>(1, capacities.size() + 1);
  for (size_t i = 0; i < count; ++i) {
    auto which = *below(capacities.size());
    auto most = capacities[which] + 1;
    result[world::name_of(which)] = *rc::gen::inRange<uint64_t>(1, most);
  }
  return result;
}

} // namespace

TEST_CASE("allocations are all or nothing, in every order") {
  rc::prop("random services come, step by step, and go", [] {
    auto capacities = some_capacities();
    auto services = *rc::gen::inRange<size_t>(2, 7);
    world all{capacities};
    for (auto steps = *rc::gen::inRange<size_t>(10, 100); steps > 0; --steps) {
      auto who = *below(services);
      if (*rc::gen::weightedElement<bool>({{1, true}, {7, false}}))
        all.release(who);
      else
        all.step(who, some_request(capacities));
      all.check();
    }
    all.finish_all();
    all.check();
    for (size_t i = 0; i < services; ++i)
      all.release(i);
    RC_ASSERT(all.in_use() == 0);
    RC_ASSERT(all.table().allocations().empty());
  });
}

TEST_CASE("services that are in each other's way do not all go without") {
  rc::prop("each of them would fit alone, so one of them at least gets it", [] {
    auto capacities = some_capacities();
    auto services = *rc::gen::inRange<size_t>(2, 7);
    std::vector<resource_amounts> wishes;
    std::vector<size_t> left;
    for (size_t i = 0; i < services; ++i) {
      wishes.push_back(some_request(capacities));
      // To begin, to ask each, to undo each but one, and to end.
      left.insert(left.end(), 2 * wishes.back().size() + 1, i);
    }
    world all{capacities};
    std::set<size_t> begun;
    while (!left.empty()) {
      auto at = left.begin() + static_cast<ptrdiff_t>(*below(left.size()));
      auto who = *at;
      left.erase(at);
      // Who is refused early has no steps left to take.
      if (all.under_way(who) || begun.insert(who).second)
        all.step(who, wishes[who]);
      all.check();
    }
    RC_ASSERT(all.granted() >= 1);
  });
}
