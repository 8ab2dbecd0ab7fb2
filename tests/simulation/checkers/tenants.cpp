#include "simulation/checkers/checkers.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace test::sim {

namespace {

using bulwark::call_priority;

/// Whoever has least for its weight is next; those that have the same take
/// turns. So one that has nothing lets each other one that waits pass once,
/// however much these ask for.
///
/// The order within an instant is not seen: judged is what is wrong in any.
class fair_shares : public checker {
public:
  explicit fair_shares(const observed& world)
    : checker(world), before_(world.where().bulkheads.size()) {}

  void on(const entry& what) override {
    if (what.what == fact::begged)
      lends_.insert(what.cause->bulkhead);
    if (what.what == fact::handled)
      served_.push_back(&world().traffic().of(what.message));
  }

  void after_instant(bulwark::time_point now) override {
    for (size_t i = 0; i < before_.size(); ++i) {
      if (!world().where().bulkheads[i].fair || lends_.count(i) > 0)
        continue;
      auto latest = look(i, now);
      if (latest.steady)
        judge(i, latest, now);
      before_[i] = std::move(latest);
    }
    served_.clear();
  }

private:
  using parcels = std::vector<const parcel*>;

  /// Who waits longest of its tenant; how many other tenants waited when that
  /// was seen first, or when its own had something last; and how many of others
  /// were served since while its tenant had nothing.
  struct waiter {
    const parcel* who = nullptr;
    size_t before = 0;
    size_t served = 0;
  };

  /// What is seen of a bulkhead when nobody has anything left to do.
  struct view {
    bool steady = true;
    std::map<std::pair<call_priority, uint8_t>, waiter> first;
    std::array<parcels, tenants + 1> running;
  };

  view look(size_t index, bulwark::time_point now) const {
    view result;
    auto& services = world().where().services;
    for (size_t i = 0; i < services.size(); ++i)
      if (services[i].bulkhead == index
          && (!world().steady(i, now) || world().keeps_permits(i, now)))
        result.steady = false;
    for (auto& [message, it] : world().traffic().open()) {
      if (world().traffic().bulkhead_of(*it) != index)
        continue;
      if (may_run(*it, now))
        result.running[it->what.tenant].push_back(it);
      if (!world().waits_for_permit(*it, now))
        continue;
      auto& first = result.first[{it->what.priority, it->what.tenant}];
      if (first.who == nullptr || it->asked < first.who->asked)
        first.who = it;
    }
    for (auto& [where, it] : result.first)
      it.before = others_waiting(index, *it.who, now);
    return result;
  }

  /// Tenants; with plain sends too, unless they are lost for certain.
  size_t others_waiting(size_t index, const parcel& than,
                        bulwark::time_point now) const {
    std::set<uint8_t> whose;
    for (auto& [message, it] : world().traffic().open())
      if (world().traffic().bulkhead_of(*it) == index
          && it->is == parcel::state::waits && now < it->given_up
          && it->what.priority == than.what.priority
          && it->what.tenant != than.what.tenant)
        whose.insert(it->what.tenant);
    return whose.size();
  }

  /// A gate may look a little later than it may give something up.
  bool may_run(const parcel& it, bulwark::time_point now) const {
    auto& limits = world().where().services[it.service].gate;
    return it.is == parcel::state::runs
           && now < it.given_up + limits.grace + milliseconds{10};
  }

  double weight(size_t index, uint8_t tenant) const {
    work one;
    one.tenant = tenant;
    auto& weights = world().where().bulkheads[index].weights;
    auto known = weights.find(call_of(one).tenant);
    return known == weights.end() ? 1.0 : known->second;
  }

  void judge(size_t index, view& latest, bulwark::time_point now) const {
    for (auto& [where, it] : latest.first) {
      auto known = before_[index].first.find(where);
      if (known == before_[index].first.end() || known->second.who != it.who)
        continue;
      auto [priority, tenant] = where;
      auto most = before_[index].running[tenant].size()
                  + served_in(index, tenant, std::nullopt).size();
      // Its oldest may stay, however many turns its newest have taken.
      if (most == 0) {
        it.before = known->second.before;
        it.served = known->second.served;
      }
      for (uint8_t other = 0; other <= tenants; ++other) {
        if (other == tenant)
          continue;
        if (most == 0)
          it.served += served_in(index, other, priority).size();
        compare(index, tenant,
                static_cast<double>(most) / weight(index, tenant),
                {latest, other, priority, now});
      }
      if (it.served > it.before)
        broken("tenant " + std::to_string(tenant)
               + " waits with nothing while others got "
               + std::to_string(it.served) + " permits, of whom "
               + std::to_string(it.before) + " may have gone before it");
    }
  }

  parcels served_in(size_t index, uint8_t tenant,
                    std::optional<call_priority> priority) const {
    parcels result;
    for (const auto* it : served_)
      if (world().traffic().bulkhead_of(*it) == index
          && it->what.tenant == tenant
          && (!priority || it->what.priority == *priority))
        result.push_back(it);
    return result;
  }

  struct rival {
    const view& latest;
    uint8_t tenant;
    call_priority priority;
    bulwark::time_point now;
  };

  /// `tenant` waited all the time, and had no more than `most` for its weight.
  void compare(size_t index, uint8_t tenant, double most,
               const rival& other) const {
    auto served = served_in(index, other.tenant, other.priority);
    if (served.empty())
      return;
    auto runs = [&](const parcel* it) { return it->runs(other.now); };
    auto& had = before_[index].running[other.tenant];
    auto& has = other.latest.running[other.tenant];
    auto through = std::count_if(had.begin(), had.end(), [&](const auto* it) {
      return runs(it) && std::find(has.begin(), has.end(), it) != has.end();
    });
    // What it had when the last of those was served that still run.
    auto added = std::count_if(served.begin(), served.end(), runs);
    auto use = through + std::max<ptrdiff_t>(added - 1, 0);
    auto least = static_cast<double>(use) / weight(index, other.tenant);
    if (least > most)
      broken("bulkhead " + std::to_string(index) + " served tenant "
             + std::to_string(other.tenant) + " though it had "
             + std::to_string(least) + " for its weight, while tenant "
             + std::to_string(tenant) + " with " + std::to_string(most)
             + " waited");
  }

  std::vector<view> before_;
  parcels served_;

  // Who borrows of it has a share that nobody sees.
  std::set<size_t> lends_;
};

} // namespace

std::unique_ptr<checker> make_tenants(const observed& world) {
  return std::make_unique<fair_shares>(world);
}

} // namespace test::sim
