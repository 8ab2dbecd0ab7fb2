#include "simulation/crash_points.hpp"

#include <utility>

namespace test::sim {

namespace {

using bulwark::restart_strategy;
using bulwark::restart_type;
using namespace std::chrono_literals;

enum class place : uint8_t { alone, behind_gate, in_bulkhead };

class scene_maker {
public:
  crash_scene make(restart_strategy strategy, restart_type type, size_t victim,
                   place where) {
    add(none, "root").supervisor = true;
    add_team(strategy, type, where != place::alone);
    if (where == place::in_bulkhead)
      add_bulkhead();
    for (auto& each : what_.nodes)
      each.path = path_of(each);
    add_acts(where);
    constexpr const char* names[] = {" worker ", " replica ",
                                     " replica in a bulkhead "};
    auto name = to_string(strategy) + ' ' + bulwark::to_string(type)
                + names[static_cast<size_t>(where)]
                + std::to_string(victim + 1);
    return {name, std::move(what_), 2 + victim};
  }

private:
  /// Smaller than what comes, shared by tenants.
  void add_bulkhead() {
    bulwark::bulkhead_options limits;
    limits.capacity = 3;
    limits.reserved_for_critical = 1;
    limits.queue = 20;
    limits.queue_timeout = 1s;
    limits.fair = true;
    what_.bulkheads.push_back(limits);
    what_.services.front().bulkhead = 0;
  }

  node& add(size_t parent, const std::string& id) {
    node fresh;
    fresh.parent = parent;
    fresh.id = id;
    fresh.restart.initial = 10ms;
    fresh.restart.shutdown = 100ms;
    fresh.ready_within = 300ms;
    fresh.abandon_after = 50ms;
    what_.nodes.push_back(std::move(fresh));
    return what_.nodes.back();
  }

  std::string path_of(const node& it) const {
    return (it.parent == none ? "" : path_of(what_.nodes[it.parent])) + '/'
           + it.id;
  }

  void add_team(restart_strategy strategy, restart_type type,
                bool behind_gate) {
    auto& team = add(0, "team");
    team.supervisor = true;
    team.strategy = strategy;
    team.service = behind_gate ? 0 : none;
    team.min_healthy = behind_gate ? 2 : 0;
    for (uint8_t i = 0; i < 3; ++i) {
      auto& it = add(1, std::string{"c"} + static_cast<char>('1' + i));
      it.restart.type = type;
      it.reports_ready = i == 1;
      it.service = behind_gate ? 0 : none;
      it.replica = i;
      it.dynamic = strategy == restart_strategy::simple_one_for_one;
    }
    if (behind_gate)
      what_.services.push_back({"team", 1, 3, {.timeout = 1s, .grace = 100ms}});
  }

  void add_acts(place where) {
    for (size_t i = 2; i < what_.nodes.size(); ++i)
      if (what_.nodes[i].dynamic)
        what_.acts.push_back({.what = verb::add, .node = i});
    for (int i = 0; i < 3; ++i) {
      if (where != place::alone)
        what_.acts.push_back({.what = verb::flood,
                              .client = 0,
                              .service = 0,
                              .works = works(where == place::in_bulkhead)});
      what_.acts.push_back({.what = verb::pass, .time = 20ms});
    }
    // So that every child is told to end, too.
    what_.acts.push_back({.what = verb::terminate, .node = 1});
    what_.acts.push_back({.what = verb::restart, .node = 1});
  }

  static std::vector<work> works(bool dressed) {
    std::vector<work> result;
    for (uint8_t i = 0; i < 4; ++i) {
      result.push_back({work_kind::echo, true});
      result.push_back({work_kind::later, true, 5ms});
      result.push_back({work_kind::echo, false});
      if (!dressed)
        continue;
      result[result.size() - 3].priority = bulwark::call_priority::critical;
      result[result.size() - 2].tenant = 1 + i % tenants;
      result[result.size() - 2].idempotent = i % 2 == 0;
      result.back().key = 1;
    }
    return result;
  }

  plan what_;
};

} // namespace

std::vector<crash_scene> make_crash_scenes() {
  std::vector<crash_scene> result;
  for (auto strategy :
       {restart_strategy::one_for_one, restart_strategy::one_for_all,
        restart_strategy::rest_for_one, restart_strategy::simple_one_for_one})
    for (auto type : {restart_type::permanent, restart_type::transient})
      for (size_t victim = 0; victim < 3; ++victim)
        for (auto where :
             {place::alone, place::behind_gate, place::in_bulkhead})
          if (where == place::alone
              || strategy != restart_strategy::simple_one_for_one)
            result.push_back(scene_maker{}.make(strategy, type, victim, where));
  return result;
}

} // namespace test::sim
