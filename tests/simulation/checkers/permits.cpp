#include "simulation/checkers/checkers.hpp"

namespace test::sim {

namespace {

class permits : public checker {
public:
  using checker::checker;

  void on(const entry& what) override {
    if (what.what == fact::quiet)
      quiet_ = true;
    if (what.what != fact::permits)
      return;
    auto& it = what.permits;
    auto& limits = world().where().bulkheads[it.bulkhead];
    auto who = "bulkhead " + std::to_string(it.bulkhead);
    // Nothing that clients send here is critical.
    auto most = limits.capacity - limits.reserved_for_critical;
    if (it.peak > most)
      broken(who + " had " + std::to_string(it.peak) + " in use of "
             + std::to_string(most));
    if (it.consumed != it.use)
      broken(who + " has " + std::to_string(it.use) + " in use, its consumers "
             + std::to_string(it.consumed));
    if (it.waiting > 0 && it.use == 0)
      broken(who + " lets " + std::to_string(it.waiting)
             + " wait with nothing in use");
    if (quiet_ && it.use > 0)
      broken(who + " has " + std::to_string(it.use)
             + " permits out after all is quiet");
  }

private:
  bool quiet_ = false;
};

} // namespace

std::unique_ptr<checker> make_permits(const observed& world) {
  return std::make_unique<permits>(world);
}

} // namespace test::sim
