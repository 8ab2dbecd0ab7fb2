#include "simulation/checkers/checkers.hpp"

#include <map>
#include <set>
#include <utility>

namespace test::sim {

namespace {

using bulwark::child_state;
using bulwark::restart_strategy;

class order_of_children : public checker {
public:
  using checker::checker;

  void on(const entry& what) override {
    switch (what.what) {
    case fact::born:
      return on_born(what.node, what);
    case fact::threw:
    case fact::ended:
    case fact::ready:
      tried_.insert(what.node);
      return;
    case fact::ordered:
      excused_.insert(what.node);
      return;
    case fact::changed:
      if (what.state == child_state::stopping)
        on_stopping(what);
      return;
    case fact::event:
      if (what.event->kind == bulwark::event_kind::restart_scheduled)
        groups_[what.node] = {what.at, cause_of(what)};
      if (what.event->kind == bulwark::event_kind::supervisor_failed)
        failing_.insert(what.node);
      return;
    default:
      return;
    }
  }

  void after_instant(bulwark::time_point) override {
    for (auto& [node, supervisor] : unexplained_) {
      auto parent = at(node).parent;
      auto* it = world().find(parent, supervisor);
      if (it != nullptr && it->live() && !it->stopping
          && failing_.count(parent) == 0)
        broken(name(node) + " was stopped for no reason");
    }
    unexplained_.clear();
  }

private:
  struct group {
    bulwark::time_point at{};
    uint64_t from = 0;
  };

  bool grouped(size_t parent) const {
    auto strategy = at(parent).strategy;
    return strategy == restart_strategy::one_for_all
           || strategy == restart_strategy::rest_for_one;
  }

  /// The first one that a group restart concerns, by its rank.
  uint64_t cause_of(const entry& what) const {
    if (at(what.node).strategy == restart_strategy::one_for_all)
      return 0;
    auto& reason = what.event->reason;
    for (auto child : world().children(what.node))
      if (reason.compare(0, at(child).id.size() + 1, at(child).id + ':') == 0)
        return world().rank(child);
    return 0;
  }

  void on_born(size_t node, const entry& what) {
    if (at(node).supervisor)
      begin_anew(node);
    auto parent = at(node).parent;
    auto by_hand = world().of(node).last()->by_hand;
    auto first = !std::exchange(started_[node], true);
    if (parent == none || by_hand
        || at(parent).strategy == restart_strategy::simple_one_for_one)
      return;
    for (auto other : world().children(parent)) {
      if (other == node || excused_.count(other) > 0 || world().is_new(other))
        continue;
      if (world().rank(other) < world().rank(node))
        check_earlier(node, other, first, what);
      else
        check_later(node, other, what);
    }
  }

  void begin_anew(size_t supervisor) {
    groups_.erase(supervisor);
    failing_.erase(supervisor);
    for (auto child : world().children(supervisor)) {
      started_[child] = false;
      tried_.erase(child);
      excused_.erase(child);
    }
  }

  void check_earlier(size_t node, size_t other, bool first, const entry& what) {
    if (first && !at(other).dynamic && tried_.count(other) == 0)
      return broken(name(node, what.incarnation) + " is started before "
                    + at(other).id + " is up");
    auto parent = at(node).parent;
    auto& seen = world().of(other);
    if (!grouped(parent) || !seen.live())
      return;
    if (!seen.last()->ready)
      broken(name(node, what.incarnation) + " is started while " + at(other).id
             + " is starting");
    auto it = groups_.find(parent);
    if (it != groups_.end() && world().rank(other) >= it->second.from
        && seen.last()->born < it->second.at)
      broken(name(node, what.incarnation) + " is started with its group, but "
             + at(other).id + " was not");
  }

  void check_later(size_t node, size_t other, const entry& what) {
    auto& seen = world().of(other);
    if (grouped(at(node).parent) && seen.live())
      broken(name(node, what.incarnation) + " is started while " + at(other).id
             + ", which comes after it, still runs");
  }

  void on_stopping(const entry& what) {
    auto parent = at(what.node).parent;
    auto& seen = world().of(what.node);
    auto& self = at(what.node);
    auto* it = world().find(what.node, what.incarnation);
    auto overdue = it != nullptr && !it->ready && !self.supervisor
                   && what.at - it->born == self.ready_within;
    auto hangs = it != nullptr && self.hung_after > bulwark::duration::zero()
                 && it->stuck(what.at) >= self.hung_after;
    if (seen.terminations > 0 || overdue || hangs
        || at(parent).strategy == restart_strategy::simple_one_for_one)
      return;
    if (at(parent).strategy == restart_strategy::one_for_one
        && at(parent).on_significant == bulwark::auto_shutdown::never
        && !world().closing())
      unexplained_.insert({what.node, world().of(parent).last()->incarnation});
    for (auto other : world().children(parent))
      if (world().rank(other) > world().rank(what.node)
          && world().of(other).live() && !world().is_new(other)
          && !world().is_new(what.node))
        broken(name(what.node, what.incarnation) + " is stopped before "
               + at(other).id + ", which was started after it");
  }

  // Within the life of their supervisor: who was started, whose first start
  // is over, whom an operator gave orders about.
  std::map<size_t, bool> started_;
  std::set<size_t> tried_;
  std::set<size_t> excused_;
  std::map<size_t, group> groups_;

  std::set<size_t> failing_;

  // Stopped within this instant, not because of a group; and by which
  // incarnation of their supervisor.
  std::set<std::pair<size_t, uint64_t>> unexplained_;
};

} // namespace

std::unique_ptr<checker> make_order(const observed& world) {
  return std::make_unique<order_of_children>(world);
}

} // namespace test::sim
