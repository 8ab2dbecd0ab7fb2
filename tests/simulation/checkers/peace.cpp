#include "simulation/checkers/checkers.hpp"

namespace test::sim {

namespace {

class peace : public checker {
public:
  using checker::checker;

  void on(const entry& what) override {
    if (what.what == fact::quiet)
      for (size_t i = 1; i < world().where().nodes.size(); ++i)
        if (should_run(i) && !runs(i))
          broken(name(i) + " does not run, though nothing keeps it down");
    if (what.what == fact::open && !world().closing()
        && !world().where().services[what.service].grouped()
        && !world().traffic().stopped(what.service))
      check_gate(what);
    if (what.what == fact::books && what.count > 0)
      broken("the gate of " + world().where().services[what.service].name
             + " has " + std::to_string(what.count)
             + " requests on its books after all is quiet");
  }

private:
  bool runs(size_t node) const {
    auto& it = world().of(node);
    return it.live() && it.last()->ready;
  }

  bool should_run(size_t node) const {
    auto& self = at(node);
    auto& seen = world().of(node);
    if (!runs(self.parent) || seen.laid_off)
      return false;
    auto* last = seen.last();
    // Of its supervisor's life, if it was started in it at all.
    auto begun =
      last != nullptr && last->serial > world().of(self.parent).last()->serial;
    if (!begun)
      return !self.dynamic && !seen.orders;
    if (last->live())
      return true;
    if (self.restart.type == bulwark::restart_type::temporary)
      return false;
    if (at(self.parent).strategy
          == bulwark::restart_strategy::simple_one_for_one
        && seen.orders)
      return false;
    if (last->left_by_rule)
      return false;
    return last->stopping
           || bulwark::must_restart(self.restart.type, last->how);
  }

  void check_gate(const entry& what) const {
    size_t up = 0;
    for (size_t i = 0; i < world().where().nodes.size(); ++i)
      up += !at(i).supervisor && at(i).service == what.service
            && world().of(i).live() && world().of(i).last()->up
            && !world().of(i).last()->stopping;
    if (what.count != up)
      broken("the gate of " + world().where().services[what.service].name
             + " lets requests in to " + std::to_string(what.count)
             + " replicas; " + std::to_string(up) + " are up");
  }
};

} // namespace

std::unique_ptr<checker> make_peace(const observed& world) {
  return std::make_unique<peace>(world);
}

} // namespace test::sim
