#include "simulation/checkers/checkers.hpp"
#include "simulation/checkers/own_limits.hpp"
#include "simulation/checkers/window.hpp"

#include <map>
#include <set>

namespace test::sim {

namespace {

using bulwark::event_kind;

class intensity : public checker {
public:
  explicit intensity(const observed& world)
    : checker(world), own_(world.where().nodes.size()), all_(own_.size()) {}

  void on(const entry& what) override {
    switch (what.what) {
    case fact::born:
      return on_born(what);
    case fact::ended:
      // A supervisor beyond its limit cools down, with a fresh window.
      if (what.gave_up)
        own_[what.node].clear();
      return;
    case fact::ordered:
      if (what.cause->what == verb::change_limits)
        all_[what.node].doubt(what.at + longest);
      else if (what.cause->what != verb::terminate)
        own_[what.node].doubt(what.at + longest);
      return;
    case fact::obeyed:
      // A start that was refused because it failed has counted that already.
      if (what.refused)
        return;
      if (what.cause->what == verb::change_limits)
        all_[what.node].clear();
      else if (what.cause->what != verb::terminate)
        own_[what.node].clear();
      return;
    case fact::event:
      if (what.node != none)
        on_event(what);
      limits_.on(what);
      return;
    default:
      return;
    }
  }

  void after_instant(bulwark::time_point) override {
    for (auto node : beyond_)
      if (failed_.count(node) == 0 && world().of(node).live())
        broken(name(node) + " goes on after "
               + std::to_string(all_[node].size()) + " restarts; its limit is "
               + std::to_string(world().of(node).limits.intensity));
    beyond_.clear();
    failed_.clear();
  }

private:
  // No period of a plan is longer.
  static constexpr bulwark::duration longest = std::chrono::seconds{5};

  void on_born(const entry& what) {
    all_[what.node].clear();
    auto* life = world().of(what.node).last();
    if (life->by_hand)
      own_[what.node].clear();
    // What an operator had changed is as it was in the plan again.
    for (auto child : world().children(what.node))
      if (own_[child].doubted()) {
        own_[child].clear();
        own_[child].doubt(what.at + longest);
      }
  }

  void on_event(const entry& what) {
    auto& told = *what.event;
    if (told.kind == event_kind::supervisor_failed && what.node < all_.size()
        && told.incarnation == 0)
      return on_supervisor_failed(what);
    auto failed = told.kind == event_kind::child_failed
                  || told.kind == event_kind::supervisor_failed;
    if (failed && has(told, "restart_in"))
      return on_restart(what);
    if (!(failed && has(told, "cool_down")) && !limits_.escalates(what))
      return;
    auto& options = world().of(what.node).restart;
    auto seen = own_[what.node].count(what.at, options.period);
    if (seen < options.intensity && !own_[what.node].doubted_at(what.at))
      broken(name(what.node) + " gave up after " + std::to_string(seen)
             + " restarts; its limit is " + std::to_string(options.intensity));
    own_[what.node].clear();
  }

  void on_restart(const entry& what) {
    auto& options = world().of(what.node).restart;
    auto& mine = own_[what.node];
    mine.add(what.at);
    auto seen = mine.count(what.at, options.period);
    if (seen > options.intensity && !mine.doubted_at(what.at))
      broken(name(what.node) + " is restarted " + std::to_string(seen)
             + " times; its limit is " + std::to_string(options.intensity));
    auto parent = at(what.node).parent;
    // The event may come when its supervisor has been restarted already.
    auto* failed = world().find(what.node, what.event->incarnation);
    if (failed == nullptr || failed->serial < world().of(parent).last()->serial)
      return;
    auto& limits = world().of(parent).limits;
    auto& siblings = all_[parent];
    siblings.add(what.at);
    if (siblings.count(what.at, limits.period) > limits.intensity
        && !siblings.doubted_at(what.at))
      beyond_.insert(parent);
  }

  void on_supervisor_failed(const entry& what) {
    failed_.insert(what.node);
    if (world().of(what.node).last()->born == what.at)
      return; // It was restarted already.
    auto& limits = world().of(what.node).limits;
    auto& siblings = all_[what.node];
    auto seen = siblings.count(what.at, limits.period);
    auto& reason = what.event->reason;
    auto by_limit = reason.substr(0, reason.find("; last failures"))
                      .find("one restart too many")
                    != std::string::npos;
    if (by_limit && seen <= limits.intensity && !siblings.doubted_at(what.at))
      broken(name(what.node) + " failed after " + std::to_string(seen)
             + " restarts; its limit is " + std::to_string(limits.intensity));
  }

  own_limits limits_;

  // By node: its own restarts, and those of its children.
  std::vector<window> own_;
  std::vector<window> all_;
  std::set<size_t> beyond_;
  std::set<size_t> failed_;
};

} // namespace

std::unique_ptr<checker> make_intensity(const observed& world) {
  return std::make_unique<intensity>(world);
}

} // namespace test::sim
