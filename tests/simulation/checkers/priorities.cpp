#include "simulation/checkers/checkers.hpp"

#include <map>
#include <vector>

namespace test::sim {

namespace {

/// Looks at who waited for a permit through a whole instant, and who was served
/// in it.
class priorities : public checker {
public:
  using checker::checker;

  void on(const entry& what) override {
    if (what.what == fact::handled)
      served_.push_back(&world().traffic().of(what.message));
  }

  void after_instant(bulwark::time_point now) override {
    waiters waits;
    for (auto& [message, it] : world().traffic().open()) {
      if (world().traffic().bulkhead_of(*it) == none
          || !world().waits_for_permit(*it, now))
        continue;
      auto known = waited_.find(it);
      auto since =
        known != waited_.end() ? known->second : world().traffic().entries();
      waits.emplace(it, since);
      if (known != waited_.end())
        check(*it, since, now);
    }
    waited_ = std::move(waits);
    served_.clear();
  }

private:
  /// And since which entry they surely do.
  using waiters = std::map<const parcel*, uint64_t>;

  void check(const parcel& waits, uint64_t since,
             bulwark::time_point now) const {
    for (const auto* each : served_) {
      if (world().traffic().bulkhead_of(*each)
            != world().traffic().bulkhead_of(waits)
          || !world().steady(each->service, now))
        continue;
      auto lower =
        each->what.priority > waits.what.priority && waited_.count(each) > 0;
      auto later = each->asked > since
                   && each->what.priority >= waits.what.priority
                   && first_come_first(*each, waits);
      if (lower || later)
        broken(name(each->node, each->incarnation) + " handled "
               + to_string(each->what.priority) + " message " + text(each->name)
               + " while " + to_string(waits.what.priority) + " request "
               + text(waits.name) + " waited for the same bulkhead");
    }
  }

  bool first_come_first(const parcel& one, const parcel& other) const {
    auto& limits =
      world().where().bulkheads[world().traffic().bulkhead_of(one)];
    return limits.order == bulwark::queue_order::fifo
           && (!limits.fair || one.what.tenant == other.what.tenant
               || one.what.priority != other.what.priority);
  }

  static std::string text(const message_name& it) {
    return std::to_string(it.client) + '.' + std::to_string(it.number);
  }

  waiters waited_;
  std::vector<const parcel*> served_;
};

} // namespace

std::unique_ptr<checker> make_priorities(const observed& world) {
  return std::make_unique<priorities>(world);
}

} // namespace test::sim
