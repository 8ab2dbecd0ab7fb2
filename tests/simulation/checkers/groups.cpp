#include "simulation/checkers/checkers.hpp"

#include <algorithm>
#include <vector>

namespace test::sim {

namespace {

class groups : public checker {
public:
  explicit groups(const observed& world)
    : checker(world), rows_(world.where().services.size()) {}

  void on(const entry& what) override {
    if (what.what == fact::acted && what.cause->what == verb::drain_gate)
      rows_[what.cause->service].drains = true;
    if (world().closing() || what.service == none
        || !world().where().services[what.service].grouped()
        || world().traffic().stopped(what.service)
        || rows_[what.service].drains)
      return;
    if (what.what == fact::ejected)
      check_ejected(what);
    if (what.what == fact::open)
      check_serving(what);
  }

private:
  struct row {
    bool drains = false;
    size_t ejected = 0;
  };

  size_t up(size_t service) const {
    size_t result = 0;
    for (size_t i = 0; i < world().where().nodes.size(); ++i)
      result += !at(i).supervisor && at(i).service == service
                && world().of(i).live() && world().of(i).last()->up
                && !world().of(i).last()->stopping;
    return result;
  }

  /// Half of those that are up, rounded down, which is never the only one.
  void check_ejected(const entry& what) {
    auto most = up(what.service) / 2;
    rows_[what.service].ejected = what.count;
    if (what.count > most)
      broken(text(what) + " replicas are ejected; at most "
             + std::to_string(most) + " may be");
  }

  void check_serving(const entry& what) const {
    const auto& it = world().where().services[what.service];
    auto there = up(what.service);
    auto good = there - std::min(there, rows_[what.service].ejected);
    auto least = it.standby == 0 ? good : std::min(it.min_active, good);
    if (what.count > it.replicas - it.standby)
      broken(text(what) + " replicas serve; at most "
             + std::to_string(it.replicas - it.standby) + " are to");
    if (what.count < std::max(least, size_t{there > 0}))
      broken(text(what) + " replicas serve; " + std::to_string(there)
             + " are up, and at least " + std::to_string(it.min_active)
             + " are to serve");
  }

  std::string text(const entry& what) const {
    return "of " + world().where().services[what.service].name + ' '
           + std::to_string(what.count);
  }

  std::vector<row> rows_;
};

} // namespace

std::unique_ptr<checker> make_groups(const observed& world) {
  return std::make_unique<groups>(world);
}

} // namespace test::sim
