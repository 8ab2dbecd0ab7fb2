#include "simulation/checkers/checkers.hpp"

#include <algorithm>
#include <vector>

namespace test::sim {

namespace {

/// Judges by what replicas are at, not by what a bulkhead says.
class running : public checker {
public:
  explicit running(const observed& world)
    : checker(world), limits_(world.where().bulkheads.size()) {
    for (size_t i = 0; i < limits_.size(); ++i)
      note_limits(i);
  }

  void on(const entry& what) override {
    switch (what.what) {
    case fact::steered:
    case fact::heeded:
      return note_limits(what.cause->bulkhead);
    case fact::handled:
      if (auto index = world().where().services[what.service].bulkhead;
          index != none)
        check(index, what.at);
      return;
    default:
      return;
    }
  }

private:
  /// What may be in use from an entry on.
  struct limits {
    uint64_t from = 0;
    uint64_t normal = 0;
    uint64_t all = 0;
  };

  /// How many there are, and from when on the last one may have its permit.
  struct count {
    uint64_t running = 0;
    uint64_t since = 0;

    void add(const parcel& what) {
      ++running;
      since = std::max(since, what.since);
    }
  };

  void note_limits(size_t index) {
    auto& now = world().bulkhead(index);
    limits_[index].push_back(
      {world().traffic().entries(), now.most_for_normal(), now.most()});
  }

  /// The largest one in force since an entry.
  uint64_t most(size_t index, uint64_t since, uint64_t limits::*which) const {
    uint64_t result = 0;
    auto& all = limits_[index];
    for (size_t i = 0; i < all.size(); ++i)
      if (i + 1 == all.size() || all[i + 1].from >= since)
        result = std::max(result, all[i].*which);
    return result;
  }

  /// When the last of them took its permit, all the others had theirs.
  void check(size_t index, bulwark::time_point now) const {
    count all;
    count normal;
    for (auto& [name, it] : world().traffic().open()) {
      if (!it->runs(now) || world().traffic().bulkhead_of(*it) != index)
        continue;
      all.add(*it);
      if (it->what.priority != bulwark::call_priority::critical)
        normal.add(*it);
    }
    complain_of(index, "", all.running, most(index, all.since, &limits::all));
    complain_of(index, " that are not critical", normal.running,
                most(index, normal.since, &limits::normal));
  }

  void complain_of(size_t index, const std::string& which, uint64_t seen,
                   uint64_t limit) const {
    if (seen > limit)
      broken(std::to_string(seen) + " messages" + which
             + " are being handled in bulkhead " + std::to_string(index)
             + ", of " + std::to_string(limit));
  }

  std::vector<std::vector<limits>> limits_;
};

} // namespace

std::unique_ptr<checker> make_running(const observed& world) {
  return std::make_unique<running>(world);
}

} // namespace test::sim
