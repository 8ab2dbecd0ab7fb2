#include "simulation/checkers/checkers.hpp"

#include <set>
#include <vector>

namespace test::sim {

namespace {

using bulwark::event_kind;

class doors : public checker {
public:
  explicit doors(const observed& world)
    : checker(world), rows_(world.where().bulkheads.size()) {}

  void on(const entry& what) override {
    switch (what.what) {
    case fact::asked:
      return on_asked(world().traffic().of(what.message));
    case fact::handled:
      if (shut_out_.count(what.message) > 0)
        broken(name(what.node, what.incarnation)
               + " handled a message that came to a closed door");
      return;
    case fact::answered:
      return on_answer(what);
    case fact::steered:
      rows_[what.cause->bulkhead].drains += what.cause->what == verb::drain;
      if (what.cause->what == verb::drain)
        rows_[what.cause->bulkhead].drain_told = false;
      return on_order(what.cause->bulkhead);
    case fact::heeded:
      if (!what.refused)
        ++expected(*what.cause);
      return on_order(what.cause->bulkhead);
    case fact::event:
      for (size_t i = 0; i < rows_.size(); ++i)
        if (what.event->component == "bulkhead/b" + std::to_string(i))
          on_event(i, what);
      return;
    case fact::quiet:
      for (size_t i = 0; i < rows_.size(); ++i)
        check_events(i);
      return;
    default:
      return;
    }
  }

  void after_instant(bulwark::time_point now) override {
    if (world().closing())
      return;
    for (auto& [message, it] : world().traffic().open()) {
      auto index = world().traffic().bulkhead_of(*it);
      if (index != none && world().waits_for_permit(*it, now)
          && world().bulkhead(index).must_turn_away(it->what.priority))
        broken("request " + std::to_string(message.client) + '.'
               + std::to_string(message.number)
               + " waits behind a closed door");
    }
  }

private:
  struct row {
    // How many events there were, and how many there must be.
    size_t resized = 0;
    size_t isolated = 0;
    size_t reopened = 0;
    size_t must_be_resized = 0;
    size_t must_be_isolated = 0;
    size_t must_be_reopened = 0;
    size_t drains = 0;
    size_t drained = 0;
    bool drain_told = false;
  };

  size_t& expected(const act& what) {
    auto& it = rows_[what.bulkhead];
    if (what.what == verb::resize)
      return it.must_be_resized;
    return what.what == verb::isolate && what.level == bulwark::isolation::none
             ? it.must_be_reopened
             : it.must_be_isolated;
  }

  void on_asked(const parcel& it) {
    auto index = world().traffic().bulkhead_of(it);
    if (index == none)
      return;
    if (world().bulkhead(index).must_turn_away(it.what.priority))
      shut_out_.insert(it.name);
    if (world().bulkhead(index).may_turn_away(it.what.priority))
      may_be_told_.insert(it.name);
  }

  void on_order(size_t index) {
    auto& door = world().bulkhead(index);
    for (auto& [message, it] : world().traffic().open()) {
      if (world().traffic().bulkhead_of(*it) != index)
        continue;
      if (!door.must_turn_away(it->what.priority))
        shut_out_.erase(message);
      if (door.may_turn_away(it->what.priority))
        may_be_told_.insert(message);
    }
  }

  void on_answer(const entry& what) {
    shut_out_.erase(what.message);
    if (what.code != bulwark::errc::bulkhead_isolated
        || may_be_told_.count(what.message) > 0)
      return;
    for (const auto* part : world().traffic().parts_of(what.message))
      if (may_be_told_.count(part->name) > 0)
        return;
    broken("request " + to_string(what.message)
           + " was turned away at an open door");
  }

  void on_event(size_t index, const entry& what) {
    auto& it = rows_[index];
    it.resized += what.event->kind == event_kind::bulkhead_resized;
    it.isolated += what.event->kind == event_kind::bulkhead_isolated;
    it.reopened += what.event->kind == event_kind::bulkhead_reopened;
    if (what.event->kind != event_kind::bulkhead_drained)
      return;
    it.drain_told = true;
    if (++it.drained > it.drains)
      broken("bulkhead " + std::to_string(index)
             + " tells of a drain that nobody asked for");
    auto& door = world().bulkhead(index);
    if (!door.settled() || !door.last_answered().draining)
      return;
    for (auto& [message, each] : world().traffic().open())
      if (world().traffic().bulkhead_of(*each) == index && each->runs(what.at))
        broken("bulkhead " + std::to_string(index)
               + " is said to be drained while "
               + name(each->node, each->incarnation) + " works in it");
  }

  void check_events(size_t index) const {
    auto& it = rows_[index];
    if (it.resized != it.must_be_resized || it.isolated != it.must_be_isolated
        || it.reopened != it.must_be_reopened)
      broken("bulkhead " + std::to_string(index)
             + " was resized, isolated and reopened "
             + std::to_string(it.must_be_resized) + ", "
             + std::to_string(it.must_be_isolated) + " and "
             + std::to_string(it.must_be_reopened) + " times, its events say "
             + std::to_string(it.resized) + ", " + std::to_string(it.isolated)
             + " and " + std::to_string(it.reopened));
    if (world().bulkhead(index).last_answered().draining && !it.drain_told)
      broken("bulkhead " + std::to_string(index)
             + " does not tell that it is drained");
  }

  std::vector<row> rows_;

  // Came when the door was surely closed to them and has been since; saw it
  // closed, or might have.
  std::set<message_name> shut_out_;
  std::set<message_name> may_be_told_;
};

} // namespace

std::unique_ptr<checker> make_doors(const observed& world) {
  return std::make_unique<doors>(world);
}

} // namespace test::sim
