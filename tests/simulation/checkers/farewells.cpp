#include "simulation/checkers/checkers.hpp"

#include <set>
#include <vector>

namespace test::sim {

namespace {

using bulwark::errc;

class farewells : public checker {
public:
  explicit farewells(const observed& world)
    : checker(world), rows_(world.where().services.size()) {}

  void on(const entry& what) override {
    switch (what.what) {
    case fact::acted:
      if (what.cause != nullptr && what.cause->what == verb::drain_gate)
        rows_[what.cause->service].drains = true;
      return;
    case fact::closing:
      for (auto& each : rows_)
        each.drains |= world().where().drains;
      return;
    case fact::asked:
      if (rows_[what.service].drains && what.message.part == 0)
        too_late_.insert(what.message);
      return;
    case fact::handled:
      if (too_late_.count(what.message) > 0)
        broken(name(what.node, what.incarnation) + " handled message "
               + to_string(what.message)
               + ", which came when its gate was draining");
      return;
    case fact::answered:
      if (what.code == errc::draining && too_late_.count(what.message) == 0)
        broken("request " + to_string(what.message)
               + " was refused by a gate that drains, but came before");
      return;
    case fact::emptied:
      return on_emptied(what.service);
    default:
      return;
    }
  }

private:
  struct row {
    bool drains = false;
  };

  void on_emptied(size_t service) const {
    for (auto& [message, it] : world().traffic().open())
      if (it->service == service && it->request && !it->part() && !it->answered
          && too_late_.count(message) == 0)
        broken("the gate of " + world().where().services[service].name
               + " is said to have nothing left, but request "
               + to_string(message) + " waits for its answer");
  }

  std::vector<row> rows_;

  // Came when their gates were draining.
  std::set<message_name> too_late_;
};

} // namespace

std::unique_ptr<checker> make_farewells(const observed& world) {
  return std::make_unique<farewells>(world);
}

} // namespace test::sim
