#include "simulation/make_tree.hpp"

#include <algorithm>
#include <utility>

namespace test::sim {

namespace {

using bulwark::auto_shutdown;
using bulwark::restart_strategy;
using bulwark::restart_type;
using namespace std::chrono_literals;

class tree_maker {
public:
  tree_maker(plan& to, dice& chance) : to_(to), chance_(chance) {}

  void make() {
    make_root();
    make_service(0);
    auto parts = 1 + chance_.below(4);
    for (size_t i = 0; i < parts; ++i)
      make_part(0, chance_.below(12));
  }

private:
  size_t add(size_t parent, const char* prefix) {
    node fresh;
    fresh.parent = parent;
    fresh.id = prefix + std::to_string(to_.nodes.size());
    fresh.path = to_.nodes[parent].path + "/" + fresh.id;
    fresh.restart = make_restart(chance_);
    fresh.ready_within = chance_.roll(1, 2) ? 300ms : 1s;
    // The root should live through most of it.
    if (parent != 0 && chance_.roll(1, 8))
      fresh.on_limit = bulwark::limit_action::escalate;
    to_.nodes.push_back(std::move(fresh));
    make_significant(to_.nodes.back());
    return to_.nodes.size() - 1;
  }

  void make_significant(node& child) {
    auto& parent = to_.nodes[child.parent];
    child.significant = parent.on_significant != auto_shutdown::never
                        && child.restart.type != restart_type::permanent
                        && chance_.roll(1, 2);
  }

  void make_root() {
    node root;
    root.supervisor = true;
    root.id = "root";
    root.path = "/root";
    make_supervisor(root);
    if (root.strategy == restart_strategy::simple_one_for_one)
      root.strategy = restart_strategy::one_for_one;
    root.on_significant = auto_shutdown::never;
    root.limits.intensity = static_cast<uint32_t>(20 + chance_.below(40));
    to_.nodes.push_back(std::move(root));
  }

  void make_supervisor(node& it) {
    constexpr restart_strategy strategies[] = {
      restart_strategy::one_for_one,
      restart_strategy::one_for_one,
      restart_strategy::one_for_one,
      restart_strategy::one_for_all,
      restart_strategy::one_for_all,
      restart_strategy::rest_for_one,
      restart_strategy::rest_for_one,
      restart_strategy::simple_one_for_one,
      restart_strategy::simple_one_for_one,
    };
    it.supervisor = true;
    it.strategy = strategies[chance_.below(9)];
    it.limits = make_limits(chance_);
    it.abandon_after = chance_.roll(1, 2) ? 50ms : 300ms;
    if (chance_.roll(1, 6))
      it.on_significant = chance_.roll(1, 2) ? auto_shutdown::any_significant
                                             : auto_shutdown::all_significant;
  }

  void make_part(size_t parent, size_t kind) {
    if (kind < 4)
      make_service(parent);
    else if (kind < 7)
      make_worker(parent);
    else
      make_branch(parent);
  }

  void make_worker(size_t parent) {
    auto& it = to_.nodes[add(parent, "w")];
    it.reports_ready = chance_.roll(1, 2);
  }

  void make_branch(size_t parent) {
    auto index = add(parent, "s");
    make_supervisor(to_.nodes[index]);
    auto strategy = to_.nodes[index].strategy;
    if (strategy == restart_strategy::simple_one_for_one) {
      make_instances(index);
      return;
    }
    auto parts = 1 + chance_.below(3);
    for (size_t i = 0; i < parts; ++i)
      make_part(index, to_.nodes.size() > 9 ? 5 : chance_.below(8));
    auto extra = chance_.below(3);
    for (size_t i = 0; i < extra; ++i) {
      make_worker(index);
      to_.nodes.back().dynamic = true;
    }
  }

  /// All like the first one.
  void make_instances(size_t parent) {
    make_worker(parent);
    auto model = to_.nodes.back();
    to_.nodes.back().dynamic = true;
    auto more = 1 + chance_.below(3);
    for (size_t i = 0; i < more; ++i) {
      auto again = model;
      again.dynamic = true;
      again.id = "w" + std::to_string(to_.nodes.size());
      again.path = to_.nodes[parent].path + "/" + again.id;
      to_.nodes.push_back(std::move(again));
    }
  }

  void make_service(size_t parent) {
    auto index = add(parent, "svc");
    auto& it = to_.nodes[index];
    make_supervisor(it);
    if (it.strategy == restart_strategy::simple_one_for_one)
      it.strategy = restart_strategy::one_for_one;
    service fresh;
    fresh.name = it.id;
    fresh.supervisor = index;
    fresh.replicas = 1 + chance_.below(3);
    fresh.gate.timeout = chance_.roll(1, 2) ? 300ms : 2s;
    fresh.gate.grace = chance_.roll(1, 2) ? 100ms : 1s;
    fresh.gate.stash_wait = chance_.roll(1, 2) ? 200ms : 1500ms;
    fresh.gate.stash_messages = 3 + chance_.below(20);
    it.min_healthy = 1 + chance_.below(fresh.replicas);
    it.service = to_.services.size();
    for (size_t i = 0; i < fresh.replicas; ++i) {
      auto& replica = to_.nodes[add(index, "r")];
      replica.reports_ready = chance_.roll(1, 2);
      if (chance_.roll(1, 2))
        replica.hung_after = chance_.roll(1, 2) ? 40ms : 400ms;
      replica.service = to_.services.size();
      replica.replica = static_cast<uint8_t>(i);
    }
    to_.services.push_back(std::move(fresh));
  }

  plan& to_;
  dice& chance_;
};

} // namespace

void make_tree(plan& to, dice& chance) {
  tree_maker{to, chance}.make();
}

bulwark::restart_options make_restart(dice& chance) {
  constexpr restart_type types[] = {
    restart_type::permanent, restart_type::permanent, restart_type::permanent,
    restart_type::permanent, restart_type::transient, restart_type::transient,
    restart_type::temporary,
  };
  constexpr milliseconds delays[] = {0ms, 10ms, 10ms, 50ms, 100ms};
  constexpr double growths[] = {1, 2, 2, 3};
  constexpr double jitters[] = {0, 0.2, 0.5};
  constexpr uint32_t intensities[] = {0, 1, 2, 2, 3, 5};
  bulwark::restart_options result;
  result.type = types[chance.below(7)];
  result.initial = delays[chance.below(5)];
  result.multiplier = growths[chance.below(4)];
  result.max = result.initial * (chance.roll(1, 4) ? 1 : 8);
  result.jitter = jitters[chance.below(3)];
  result.reset_after = chance.roll(1, 2) ? 200ms : 2s;
  result.intensity = intensities[chance.below(6)];
  result.period = chance.roll(1, 2) ? 1s : 5s;
  result.cool_down = chance.roll(1, 2) ? 300ms : 1s;
  result.cool_down_max = chance.roll(1, 2) ? 1s : 4s;
  result.shutdown = chance.roll(1, 6) ? 0ms : chance.roll(1, 2) ? 100ms : 500ms;
  return result;
}

bulwark::supervisor_options make_limits(dice& chance) {
  constexpr uint32_t intensities[] = {1, 3, 3, 5, 10};
  return {intensities[chance.below(5)], chance.roll(1, 2) ? 1s : 5s};
}

} // namespace test::sim
