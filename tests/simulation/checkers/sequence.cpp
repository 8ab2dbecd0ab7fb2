#include "simulation/checkers/checkers.hpp"

#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace test::sim {

namespace {

class sequence : public checker {
public:
  using checker::checker;

  void on(const entry& what) override {
    switch (what.what) {
    case fact::asked:
      waiting_[what.service].insert(what.message);
      if (!stopping_[what.service].empty())
        moved_.insert(what.message);
      return;
    case fact::handled:
      return on_handled(what);
    case fact::ended:
    case fact::threw:
      return on_given_back(what.node, false);
    case fact::changed:
      // One that retires gives back before it ends.
      if (what.state == bulwark::child_state::stopping)
        on_given_back(what.node, true);
      if (what.state == bulwark::child_state::abandoned)
        on_abandoned(what.node);
      return;
    default:
      return;
    }
  }

private:
  /// What waited for it may come to another replica, behind newer ones.
  void on_given_back(size_t node, bool stops) {
    auto service = at(node).service;
    if (at(node).supervisor || service == none)
      return;
    if (stops)
      stopping_[service].insert(node);
    else
      stopping_[service].erase(node);
    auto& waiting = waiting_[service];
    moved_.insert(waiting.begin(), waiting.end());
  }

  /// What waits for one that is stuck comes back when that one does.
  void on_abandoned(size_t node) {
    if (auto service = at(node).service; service != none)
      late_.insert(waiting_[service].begin(), waiting_[service].end());
  }

  void on_handled(const entry& what) {
    waiting_[what.service].erase(what.message);
    auto again = !handled_.insert(what.message).second;
    if (again && !what.task.idempotent)
      broken(name(what.node, what.incarnation) + " handled "
             + text(what.message) + " a second time");
    auto alone = world().where().services[what.service].replicas == 1;
    if (again || what.message.part > 0 || late_.count(what.message) > 0
        || (!alone && moved_.count(what.message) > 0)
        || last_come_first(what.service))
      return;
    auto& latest = latest_[line_of(what)];
    if (what.message.number < latest)
      broken(name(what.node, what.incarnation) + " handled "
             + text(what.message) + " after " + std::to_string(latest));
    latest = what.message.number;
  }

  /// Its bulkhead serves the last to come first when many wait.
  bool last_come_first(size_t service) const {
    auto index = world().where().services[service].bulkhead;
    return index != none
           && world().where().bulkheads[index].order
                == bulwark::queue_order::adaptive_lifo;
  }

  /// By client and replica; and those that may pass each other.
  using line =
    std::tuple<size_t, size_t, bulwark::call_priority, uint8_t, uint8_t>;

  line line_of(const entry& what) const {
    return {what.message.client, what.node, what.task.priority,
            takes_turns(what.service) ? what.task.tenant : uint8_t{0},
            what.task.key};
  }

  /// Only there it matters whose a message is: whoever waits for a rate of its
  /// own is not passed by what its client sends for another one.
  bool takes_turns(size_t service) const {
    auto index = world().where().services[service].bulkhead;
    return index != none && world().where().bulkheads[index].fair;
  }

  static std::string text(const message_name& it) {
    return "message " + to_string(it);
  }

  // By service; and all that were there when a replica ended.
  std::map<size_t, std::set<message_name>> waiting_;
  std::set<message_name> moved_;
  std::set<message_name> late_;
  std::map<size_t, std::set<size_t>> stopping_;
  std::set<message_name> handled_;

  std::map<line, uint64_t> latest_;
};

} // namespace

std::unique_ptr<checker> make_sequence(const observed& world) {
  return std::make_unique<sequence>(world);
}

} // namespace test::sim
