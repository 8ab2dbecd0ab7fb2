#include "simulation/checkers/checkers.hpp"

#include <bulwark/text/duration_text.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace test::sim {

namespace {

using bulwark::event_kind;
using bulwark::time_point;

class events : public checker {
public:
  using checker::checker;

  void on(const entry& what) override {
    switch (what.what) {
    case fact::born:
      ending_.erase(what.node);
      return;
    case fact::ended:
    case fact::threw:
      if (what.how == bulwark::exit_class::abnormal
          || what.how == bulwark::exit_class::killed
          || what.what == fact::threw)
        note_failure(what);
      // A supervisor beyond its limit has told so itself.
      if (at(what.node).parent != none && !what.gave_up)
        untold_.insert({what.node, what.incarnation});
      return;
    case fact::event:
      if (what.node != none)
        on_event(what);
      return;
    case fact::obeyed:
      // Nor does who was deleted.
      if (what.cause->what == verb::remove && !what.refused) {
        down_.erase(what.node);
        deleted_.insert(what.node);
        if (auto* last = world().of(what.node).last())
          forgotten_[what.node] = last->incarnation;
      }
      return;
    case fact::quiet:
      return on_quiet();
    default:
      return;
    }
  }

  void after_instant(time_point) override {
    for (auto& [node, incarnation] : untold_)
      if (world().of(at(node).parent).live()
          && !world().find(node, incarnation)->abandoned)
        broken("nobody told of the end of " + name(node, incarnation));
    untold_.clear();
    for (auto& [who, supervisor] : unfailed_)
      if (was_failure(who.first, who.second, supervisor))
        broken("nobody told of the failure of " + name(who.first, who.second));
    unfailed_.clear();
  }

private:
  void on_event(const entry& what) {
    auto& told = *what.event;
    switch (told.kind) {
    case event_kind::child_failed:
      must_be_over(what);
      // It may be heard of after somebody has had the child forgotten.
      if (told.incarnation > forgotten_[what.node])
        down_.try_emplace(what.node, what.at);
      untold_.erase({what.node, told.incarnation});
      unfailed_.erase({what.node, told.incarnation});
      return;
    case event_kind::child_restarted:
      return on_recovery(what);
    case event_kind::child_started:
      if (down_.count(what.node) > 0 && !at(what.node).supervisor
          && !at(what.node).dynamic)
        broken(name(what.node)
               + " was down, and child_started tells that it "
                 "is back");
      down_.erase(what.node);
      return;
    case event_kind::child_stopped:
      // Who is forgotten does not come back; a namesake may.
      if (at(what.node).restart.type == bulwark::restart_type::temporary
          || is_instance(what.node))
        down_.erase(what.node);
      [[fallthrough]];
    case event_kind::child_gave_up:
    case event_kind::child_abandoned:
    case event_kind::supervisor_failed:
      if (told.kind == event_kind::supervisor_failed)
        unfailed_.erase({what.node, told.incarnation});
      if (told.kind == event_kind::supervisor_failed && told.incarnation == 0)
        ending_.insert(what.node);
      untold_.erase({what.node, told.incarnation});
      return;
    case event_kind::service_down:
      if (!services_.emplace(what.node, what.at).second)
        broken(name(what.node) + " went down twice");
      return;
    case event_kind::service_up:
      return on_service_up(what);
    default:
      return;
    }
  }

  void note_failure(const entry& what) {
    auto parent = at(what.node).parent;
    if (parent != none && !is_instance(what.node))
      unfailed_[{what.node, what.incarnation}] =
        world().of(parent).last()->incarnation;
  }

  /// Unless it, or all, were to end anyway.
  bool was_failure(size_t node, uint64_t incarnation,
                   uint64_t supervisor) const {
    auto parent = at(node).parent;
    auto* it = world().find(node, incarnation);
    auto* above = world().find(parent, supervisor);
    return above->live() && !above->stopping && !it->stopping && !it->abandoned
           && !it->gave_up && !world().closing() && ending_.count(parent) == 0
           && at(parent).on_significant == bulwark::auto_shutdown::never;
  }

  bool is_instance(size_t node) const {
    return at(at(node).parent).strategy
           == bulwark::restart_strategy::simple_one_for_one;
  }

  void must_be_over(const entry& what) {
    auto* it = world().find(what.node, what.event->incarnation);
    auto late = what.event->failure == bulwark::failure_type::ready_timeout
                || what.event->failure == bulwark::failure_type::hung;
    // A namesake that is numbered from 1 again may live.
    auto earlier = [&](const life& each) {
      return each.incarnation == what.event->incarnation && each.over;
    };
    auto& lives = world().of(what.node).lives;
    if (is_instance(what.node)
        && std::any_of(lives.begin(), lives.end(), earlier))
      return;
    if (it == nullptr || (it->live() && !late))
      broken(name(what.node, what.event->incarnation)
             + " is said to have failed, but lives");
  }

  void on_recovery(const entry& what) {
    auto it = down_.find(what.node);
    // Who was forgotten may be known from an earlier life of its supervisor.
    if (is_instance(what.node)
        || at(what.node).restart.type == bulwark::restart_type::temporary
        || (it == down_.end() && deleted_.erase(what.node) > 0)) {
      down_.erase(what.node);
      return;
    }
    if (it == down_.end())
      return broken(name(what.node) + " is back without having failed");
    auto took = what.at - it->second;
    if (what.event->downtime != took)
      broken(name(what.node) + " was down for " + bulwark::to_text(took)
             + ", not as long as child_restarted tells");
    down_.erase(it);
  }

  void on_service_up(const entry& what) {
    auto it = services_.find(what.node);
    if (it == services_.end())
      return broken(name(what.node) + " came up without having been down");
    if (what.event->downtime != what.at - it->second)
      broken(name(what.node) + " was down for "
             + bulwark::to_text(what.at - it->second)
             + ", not as long as service_up tells");
    services_.erase(it);
  }

  void on_quiet() {
    for (auto& [node, since] : down_)
      if (world().of(node).live() && world().of(node).last()->ready)
        broken(name(node) + " failed and is back, but nothing tells of it");
    for (size_t i = 0; i < world().where().nodes.size(); ++i)
      if (at(i).min_healthy > 0 && world().of(i).live())
        check_service(i);
  }

  void check_service(size_t node) {
    size_t up = 0;
    for (auto child : world().children(node))
      up += world().of(child).live() && world().of(child).last()->ready;
    if (services_.count(node) > 0 && up >= at(node).min_healthy)
      broken(name(node) + " is up again, but no service_up tells of it");
  }

  // Since when, as the events tell.
  std::map<size_t, time_point> down_;
  std::map<size_t, time_point> services_;

  std::set<size_t> deleted_;

  // The last incarnation of those that were deleted.
  std::map<size_t, uint64_t> forgotten_;
  std::set<size_t> ending_;

  // Ends within this instant that no event tells of yet; and those of them
  // that may be failures, with the incarnation of the supervisor.
  std::set<std::pair<size_t, uint64_t>> untold_;
  std::map<std::pair<size_t, uint64_t>, uint64_t> unfailed_;
};

} // namespace

std::unique_ptr<checker> make_events(const observed& world) {
  return std::make_unique<events>(world);
}

} // namespace test::sim
