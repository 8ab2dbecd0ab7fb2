#include "simulation/checkers/checkers.hpp"
#include "simulation/checkers/own_limits.hpp"

#include <bulwark/text/duration_text.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace test::sim {

namespace {

using bulwark::duration;
using bulwark::event_kind;
using bulwark::restart_options;
using namespace std::chrono_literals;

class delays : public checker {
public:
  using checker::checker;

  void on(const entry& what) override {
    switch (what.what) {
    case fact::born:
      return on_born(what);
    case fact::ended:
      if (!world().find(what.node, what.incarnation)->abandoned)
        went_down(what);
      return;
    case fact::changed:
      if (what.state == bulwark::child_state::abandoned)
        went_down(what);
      return;
    case fact::ordered:
      // From here on its counts may start anew, or its options change.
      rows_[what.node].known = false;
      due_.erase(what.node);
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

private:
  /// How far a child is in its series of delays.
  struct row {
    uint32_t failures = 0;
    uint32_t cool_downs = 0;
    bool known = true;
  };

  struct span {
    bulwark::time_point first{};
    bulwark::time_point last{};

    /// Of the restart.
    uint64_t incarnation = 0;
  };

  void on_born(const entry& what) {
    if (at(what.node).supervisor)
      for (auto child : world().children(what.node))
        due_.erase(child);
    if (auto it = due_.find(what.node); it != due_.end()) {
      check(what.node, *world().of(what.node).last(), it->second);
      due_.erase(it);
    }
  }

  void check(size_t node, const life& next, const span& due) const {
    if (next.incarnation != due.incarnation || next.by_hand)
      return;
    if (next.born < due.first)
      broken(name(node, next.incarnation) + " is started "
             + bulwark::to_text(due.first - next.born) + " too early");
    if (next.born > due.last)
      broken(name(node, next.incarnation) + " is started "
             + bulwark::to_text(next.born - due.last) + " too late");
  }

  void on_event(const entry& what) {
    auto& told = *what.event;
    auto* it = world().find(what.node, told.incarnation);
    auto failed =
      told.kind == event_kind::child_failed
      || (told.kind == event_kind::supervisor_failed && told.incarnation > 0);
    // Of a supervisor beyond its limit only this one tells.
    auto gave_up =
      told.kind == event_kind::child_gave_up && it != nullptr && it->gave_up;
    if (limits_.escalates(what))
      count_cool_down(what);
    else if (gave_up || (failed && has(told, "cool_down")))
      on_cool_down(what);
    else if (failed && has(told, "restart_in"))
      on_delay(what);
  }

  void on_cool_down(const entry& what) {
    auto& mine = rows_[what.node];
    auto due =
      what.at + cool_down_of(world().of(what.node).restart, mine.cool_downs);
    count_cool_down(what);
    expect(what, mine, {due, due});
  }

  void count_cool_down(const entry& what) {
    rows_[what.node].failures = 0;
    ++rows_[what.node].cool_downs;
  }

  void on_delay(const entry& what) {
    auto& mine = rows_[what.node];
    auto& options = world().of(what.node).restart;
    auto middle = middle_of(options, mine.failures++);
    expect(what, mine,
           {what.at + scaled(middle, 1 - options.jitter) - 1us,
            what.at + scaled(middle, 1 + options.jitter) + 1us});
  }

  /// A child that stayed up for long begins anew.
  void went_down(const entry& what) {
    auto& mine = rows_[what.node];
    auto* it = world().find(what.node, what.incarnation);
    if (it->ready
        && what.at - it->ready_at >= world().of(what.node).restart.reset_after)
      mine = {0, 0, mine.known};
  }

  /// The event may come later than the restart that it tells of.
  void expect(const entry& what, const row& mine, span due) {
    auto alone = at(at(what.node).parent).strategy
                 == bulwark::restart_strategy::one_for_one;
    due.incarnation = what.event->incarnation + 1;
    due_.erase(what.node);
    // Its supervisor may have been restarted already, and all with it.
    auto* failed = world().find(what.node, what.event->incarnation);
    if (!mine.known || !alone || failed == nullptr
        || failed->serial < world().of(at(what.node).parent).last()->serial)
      return;
    if (auto* next = world().find(what.node, due.incarnation))
      check(what.node, *next, due);
    else
      due_[what.node] = due;
  }

  static duration scaled(duration from, double factor) {
    return duration{static_cast<duration::rep>(
      std::llround(static_cast<double>(from.count()) * factor))};
  }

  static duration middle_of(const restart_options& options, uint32_t before) {
    auto result = options.initial;
    for (uint32_t i = 0; i < before && result < options.max; ++i)
      result = scaled(result, options.multiplier);
    return std::min(result, options.max);
  }

  static duration cool_down_of(const restart_options& options,
                               uint32_t before) {
    auto result = options.cool_down;
    for (uint32_t i = 0; i < before; ++i)
      result = std::min(result * 2, options.cool_down_max);
    return result;
  }

  own_limits limits_;
  std::map<size_t, row> rows_;
  std::map<size_t, span> due_;
};

} // namespace

std::unique_ptr<checker> make_delays(const observed& world) {
  return std::make_unique<delays>(world);
}

} // namespace test::sim
