#include "simulation/checkers/checkers.hpp"

#include <map>

namespace test::sim {

namespace {

class lives : public checker {
public:
  using checker::checker;

  void on(const entry& what) override {
    switch (what.what) {
    case fact::born:
      return on_born(what);
    case fact::handled:
      return on_handled(what);
    case fact::ended:
      return on_ended(what);
    case fact::closed:
      if (what.count > 0)
        broken(std::to_string(what.count) + " actors still run after the end");
      return;
    default:
      return;
    }
  }

private:
  void on_born(const entry& what) {
    auto& before = latest_[what.node];
    auto& self = at(what.node);
    // Instances that were forgotten are nobody's replicas.
    auto anew = what.incarnation <= before && self.dynamic
                && at(self.parent).strategy
                     == bulwark::restart_strategy::simple_one_for_one;
    if (what.incarnation != before + 1 && !anew)
      broken(name(what.node, what.incarnation) + " follows incarnation "
             + std::to_string(before));
    before = what.incarnation;
    auto& all = world().of(what.node).lives;
    for (size_t i = 0; i + 1 < all.size(); ++i)
      if (all[i].live())
        broken(name(what.node, what.incarnation)
               + " was started while incarnation "
               + std::to_string(all[i].incarnation) + " lives");
    if (self.parent != none && !world().of(self.parent).live())
      broken(name(what.node, what.incarnation)
             + " was started by a supervisor that has ended");
  }

  void on_handled(const entry& what) {
    auto* newest = world().of(what.node).last();
    if (newest == nullptr || newest->incarnation != what.incarnation)
      broken(name(what.node, what.incarnation)
             + " handled a message after a newer one was started");
    else if (newest->over)
      broken(name(what.node, what.incarnation)
             + " handled a message after its end");
    else if (newest->abandoned)
      broken(name(what.node, what.incarnation)
             + " handled a message after it was abandoned");
  }

  void on_ended(const entry& what) {
    for (auto child : world().children(what.node))
      if (world().of(child).live())
        broken(name(child) + " outlives its supervisor");
  }

  std::map<size_t, uint64_t> latest_;
};

} // namespace

std::unique_ptr<checker> make_lives(const observed& world) {
  return std::make_unique<lives>(world);
}

} // namespace test::sim
