#include "simulation/make_calls.hpp"
#include "simulation/make_dealings.hpp"
#include "simulation/make_groups.hpp"
#include "simulation/make_tree.hpp"

#include <algorithm>
#include <utility>

namespace test::sim {

namespace {

using namespace std::chrono_literals;

class act_maker {
public:
  act_maker(plan& to, dice& chance) : to_(to), chance_(chance) {
    for (size_t i = 0; i < to_.nodes.size(); ++i)
      (to_.nodes[i].supervisor ? supervisors_ : workers_).push_back(i);
  }

  void make() {
    auto spoiled = chance_.below(3);
    for (size_t i = 0; i < spoiled; ++i)
      to_.acts.push_back(spoil());
    auto count = 40 + chance_.below(120);
    for (size_t i = 0; i < count; ++i) {
      if (chance_.roll(1, 15))
        chance_.roll(1, 2) ? hang_together() : operate_in_a_round();
      to_.acts.push_back(any());
      if (to_.acts.back().what == verb::terminate && chance_.roll(1, 2))
        to_.acts.push_back(
          {.what = verb::restart, .node = to_.acts.back().node});
      if (chance_.roll(2, 5))
        to_.acts.back().jobs = chance_.below(20);
    }
  }

private:
  act any() {
    auto kind = chance_.below(100);
    if (kind < 25)
      return pass();
    if (kind < 53)
      return flood();
    if (kind < 70)
      return crash();
    if (kind < 82)
      return spoil();
    if (kind < 95)
      return operate();
    if (kind < 98)
      return {.what = verb::unstick};
    return {.what = verb::assail, .node = chance_.below(to_.nodes.size())};
  }

  // What chance alone brings together too rarely.

  /// Replicas hang, one fails, and those that follow die at once.
  void hang_together() {
    auto which = chance_.below(to_.services.size());
    to_.acts.push_back(
      {.what = verb::flood,
       .client = 0,
       .service = which,
       .works = std::vector<work>(3, {work_kind::hang, true})});
    for (auto index : workers_)
      if (to_.nodes[index].service == which && chance_.roll(2, 3))
        to_.acts.push_back(
          {.what = verb::spoil, .node = index, .next = {manner::start::dies}});
    for (auto index : workers_)
      if (to_.nodes[index].service == which && chance_.roll(1, 2))
        to_.acts.push_back({.what = verb::crash, .node = index});
    to_.acts.push_back({.what = verb::pass, .time = 2000ms});
  }

  /// One fails and comes back slowly; an operator has to do with another one
  /// meanwhile, which fails then.
  void operate_in_a_round() {
    auto parent = to_.nodes[chance_.pick(workers_)].parent;
    std::vector<size_t> siblings;
    for (auto index : workers_)
      if (to_.nodes[index].parent == parent)
        siblings.push_back(index);
    auto slow = siblings.front();
    auto other = siblings.back();
    to_.acts.push_back(
      {.what = verb::spoil,
       .node = slow,
       .next = {manner::start::late, manner::stop::prompt, 250ms}});
    to_.acts.push_back({.what = verb::crash, .node = slow});
    to_.acts.push_back({.what = verb::pass, .time = 20ms});
    to_.acts.push_back({.what = verb::terminate, .node = other});
    to_.acts.push_back({.what = verb::restart, .node = other});
    to_.acts.push_back({.what = verb::crash, .node = other});
  }

  act pass() {
    constexpr milliseconds times[] = {1ms, 10ms, 50ms, 100ms, 500ms, 2000ms};
    return {.what = verb::pass, .time = times[chance_.below(6)]};
  }

  act flood() {
    act result{.what = verb::flood,
               .client = chance_.below(to_.clients),
               .service = chance_.below(to_.services.size())};
    auto count = 1 + chance_.below(12);
    for (size_t i = 0; i < count; ++i)
      result.works.push_back(any_work());
    return result;
  }

  work any_work() {
    constexpr std::pair<size_t, work_kind> shares[] = {
      {60, work_kind::echo},  {73, work_kind::later}, {77, work_kind::nothing},
      {81, work_kind::error}, {84, work_kind::never}, {92, work_kind::poison},
      {95, work_kind::quit},  {98, work_kind::leave}, {100, work_kind::hang},
    };
    auto at = chance_.below(100);
    auto share =
      std::find_if(std::begin(shares), std::end(shares),
                   [=](const auto& each) { return at < each.first; });
    work result{share->second, chance_.roll(7, 10)};
    if (result.kind == work_kind::later)
      result.takes = milliseconds{1 + chance_.below(400)};
    return result;
  }

  act crash() {
    constexpr ending endings[] = {
      ending::exception, ending::exception,     ending::exception,
      ending::error,     ending::killed,        ending::normal,
      ending::shutdown,  ending::escalate_rule, ending::stop_rule,
    };
    act result{.what = verb::crash,
               .node = chance_.pick(workers_),
               .how = endings[chance_.below(9)]};
    if (result.how == ending::escalate_rule
        && to_.nodes[result.node].parent == 0 && chance_.roll(7, 8))
      result.how = ending::exception;
    return result;
  }

  act spoil() {
    act result{.what = verb::spoil, .node = chance_.pick(workers_)};
    result.next.starts =
      chance_.roll(1, 3) ? manner::start::good : chance_.any<manner::start>(6);
    result.next.stops = chance_.any<manner::stop>(3);
    result.next.takes = milliseconds{1 + chance_.below(700)};
    return result;
  }

  act operate() {
    act result;
    result.node = 1 + chance_.below(to_.nodes.size() - 1);
    auto dynamic = to_.nodes[result.node].dynamic;
    if (dynamic && chance_.roll(2, 3)) {
      result.what = verb::add;
      return result;
    }
    constexpr verb orders[] = {
      verb::terminate, verb::terminate,      verb::restart,       verb::restart,
      verb::remove,    verb::change_restart, verb::change_limits,
    };
    result.what = orders[chance_.below(7)];
    if (result.what == verb::change_restart) {
      result.restart = make_restart(chance_);
      // The others would be refused for a significant child.
      result.restart.type = to_.nodes[result.node].restart.type;
    }
    if (result.what == verb::change_limits) {
      result.node = chance_.pick(supervisors_);
      result.limits = make_limits(chance_);
    }
    return result;
  }

  plan& to_;
  dice& chance_;
  std::vector<size_t> supervisors_;
  std::vector<size_t> workers_;
};

} // namespace

plan make_plan(uint64_t seed) {
  dice chance{seed};
  plan result;
  result.seed = seed;
  make_tree(result, chance);
  result.clients = 1 + chance.below(3);
  act_maker{result, chance}.make();
  result.drains = chance.roll(1, 3);
  result.gates_first = chance.roll(1, 3);
  // From dice of their own, so that the rest is what it was without.
  make_bulkheads(result, dice{~seed});
  make_calls(result, dice{seed ^ 0x63616c6c73});
  make_dealings(result, dice{seed ^ 0x6465616c});
  make_groups(result, dice{seed ^ 0x67726f757073});
  return result;
}

} // namespace test::sim
