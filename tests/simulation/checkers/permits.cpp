#include "simulation/checkers/checkers.hpp"

#include <algorithm>
#include <vector>

namespace test::sim {

namespace {

class permits : public checker {
public:
  explicit permits(const observed& world)
    : checker(world), rows_(world.where().bulkheads.size()) {
    for (size_t i = 0; i < rows_.size(); ++i)
      note_limits(i);
  }

  void on(const entry& what) override {
    switch (what.what) {
    case fact::asked:
      if (auto index = world().where().services[what.service].bulkhead;
          index != none
          && what.task.priority == bulwark::call_priority::critical)
        rows_[index].any_critical = true;
      return;
    case fact::steered:
    case fact::heeded:
      return note_limits(what.cause->bulkhead);
    case fact::quiet:
    case fact::stopped:
      quiet_ = true;
      return;
    case fact::acted:
      quiet_ = false;
      return;
    case fact::begged:
      if (what.cause->wanted.priority == bulwark::call_priority::critical)
        rows_[what.cause->bulkhead].any_critical = true;
      return;
    case fact::permits:
      return check(what.permits);
    default:
      return;
    }
  }

private:
  struct row {
    /// So much may be in use until it was less: what was taken under larger
    /// limits comes back by itself.
    uint64_t ceiling = 0;

    // The largest limits so far.
    uint64_t most = 0;
    uint64_t most_for_normal = 0;
    bool any_critical = false;
  };

  void note_limits(size_t index) {
    auto& now = world().bulkhead(index);
    auto& it = rows_[index];
    it.ceiling = std::max(it.ceiling, now.most());
    it.most = std::max(it.most, now.most());
    it.most_for_normal = std::max(it.most_for_normal, now.most_for_normal());
  }

  void check(const use_of_permits& now) {
    auto& it = rows_[now.bulkhead];
    auto who = "bulkhead " + std::to_string(now.bulkhead);
    if (now.use > it.ceiling)
      broken(who + " has " + std::to_string(now.use) + " in use, after "
             + std::to_string(it.ceiling) + " at most");
    it.ceiling = std::max(world().bulkhead(now.bulkhead).most(), now.use);
    auto most = it.any_critical ? it.most : it.most_for_normal;
    if (now.peak > most)
      broken(who + " had " + std::to_string(now.peak) + " in use of "
             + std::to_string(most));
    if (now.consumed != now.use)
      broken(who + " has " + std::to_string(now.use) + " in use, its consumers "
             + std::to_string(now.consumed));
    if (now.waiting > 0 && now.use == 0)
      broken(who + " lets " + std::to_string(now.waiting)
             + " wait with nothing in use");
    if (quiet_ && now.use > 0)
      broken(who + " has " + std::to_string(now.use)
             + " permits out after all is quiet");
  }

  std::vector<row> rows_;
  bool quiet_ = false;
};

} // namespace

std::unique_ptr<checker> make_permits(const observed& world) {
  return std::make_unique<permits>(world);
}

} // namespace test::sim
