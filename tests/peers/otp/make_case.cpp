#include "peers/otp/make_case.hpp"

#include "peers/otp/disturb.hpp"
#include "peers/otp/make_tree.hpp"
#include "peers/otp/script_book.hpp"

#include <algorithm>

namespace test::otp {

namespace {

class script_maker {
public:
  script_maker(const case_plan& plan, const planned_tree& tree, dice& chance)
    : plan_(plan),
      supervisor_(tree.supervisor),
      worker_(tree.worker),
      workers_(tree.workers),
      chance_(chance),
      book_(tree.nodes) {}

  peer_case run() && {
    start_instances();
    const bool triggers = starts_again(plan_.restart, plan_.how);
    if (plan_.disturbed && triggers)
      disturb_restart(worker_, book_, chance_);
    exit(worker_, plan_.how);
    if (plan_.disturbed && !triggers)
      disturb_by_another();
    for (auto steps = 4 + chance_.below(7); steps > 0; --steps)
      any_step();
    return book_.made();
  }

private:
  // -- what the case is about -------------------------------------------------

  void start_instances() {
    const auto tree = book_.made().tree;
    for (const auto& item : tree) {
      if (item.kind != node_kind::instance_template)
        continue;
      const bool focused = item.parent == supervisor_;
      const size_t least = focused && plan_.disturbed ? 2 : 1;
      for (auto count = least + chance_.below(5 - least); count > 0; --count)
        start(instance_of(item));
      if (focused)
        worker_ = book_.children().back().id;
    }
  }

  void disturb_by_another() {
    auto others = book_.workers_of(supervisor_);
    std::erase_if(others, [&](const node& item) {
      return item.id == worker_ || item.restart == restart_type::temporary;
    });
    if (others.empty())
      return;
    const auto other = chance_.pick(others).id;
    disturb_restart(other, book_, chance_);
    exit(other, chance_.roll(1, 2) ? exit_class::error : exit_class::kill);
  }

  // -- what else happens ------------------------------------------------------

  void any_step() {
    const auto number = chance_.below(20);
    if (number < 7)
      any_exit();
    else if (number < 8)
      any_overflow();
    else if (number < 9)
      any_wind_down();
    else if (number < 12)
      any_terminate();
    else if (number < 15)
      any_restart();
    else if (number < 17)
      book_.add({.what = verb::delete_child, .id = any_id(2)});
    else if (number < 19)
      any_start();
    else
      any_trap();
  }

  void any_exit() {
    std::vector<std::string> ids;
    for (const auto& item : book_.children())
      if (item.kind == node_kind::worker && !book_.is_down(item.id))
        ids.push_back(item.id);
    if (ids.empty())
      return;
    // One roll per statement: compilers differ in the order of arguments.
    const auto id = chance_.pick(ids);
    exit(id, chance_.any<exit_class>(4));
  }

  // Ends a worker until its supervisor, below the root, gives up.
  void any_overflow() {
    auto supervisors = book_.children();
    std::erase_if(supervisors, [](const node& item) {
      return item.kind != node_kind::supervisor;
    });
    if (supervisors.empty())
      return any_exit();
    const auto supervisor = chance_.pick(supervisors);
    auto workers = book_.workers_of(supervisor.id);
    std::erase_if(workers, [](const node& item) {
      return item.restart == restart_type::temporary;
    });
    if (workers.empty())
      return any_exit();
    const auto id = chance_.pick(workers).id;
    for (uint32_t i = 0; i <= supervisor.intensity; ++i)
      exit(id, exit_class::error);
  }

  // Prefers those that do not run `weight` times of 4.
  std::string any_id(size_t weight) {
    const bool known = !book_.down().empty() && chance_.roll(weight, 4);
    return known ? chance_.pick(book_.down())
                 : chance_.pick(book_.children()).id;
  }

  // Ends the significant workers of a supervisor, by themselves or not.
  void any_wind_down() {
    auto supervisors = book_.made().tree;
    std::erase_if(supervisors, [](const node& item) {
      return item.on_significant == auto_shutdown::never;
    });
    if (supervisors.empty())
      return any_exit();
    for (const auto& item : book_.workers_of(chance_.pick(supervisors).id))
      if (item.significant && chance_.roll(1, 3))
        book_.add({.what = verb::terminate_child, .id = item.id});
      else if (item.significant)
        exit(item.id, exit_class::normal);
  }

  // Of those who are significant one time of three: it does not count as their
  // end.
  void any_terminate() {
    auto children = book_.children();
    if (chance_.roll(1, 3))
      std::erase_if(children,
                    [](const node& item) { return !item.significant; });
    if (children.empty())
      children = book_.children();
    book_.add({.what = verb::terminate_child, .id = chance_.pick(children).id});
  }

  void any_restart() {
    const auto id = any_id(3);
    if (book_.find(id).kind == node_kind::worker && chance_.roll(1, 4))
      fail_start(id, 1);
    book_.add({.what = verb::restart_child, .id = id});
  }

  void any_start() {
    auto places = book_.made().tree;
    std::erase_if(
      places, [](const node& item) { return item.kind == node_kind::worker; });
    const auto& place = chance_.pick(places);
    if (place.kind == node_kind::instance_template)
      start(instance_of(place));
    else if (place.strategy != restart_strategy::simple_one_for_one)
      start_below(place);
  }

  void start_below(const node& place) {
    const auto item =
      chance_.roll(1, 2) ? known_worker_of(place) : new_worker(place);
    if (chance_.roll(1, 6))
      fail_start(item.id, 1);
    start(item);
  }

  void any_trap() {
    const auto& item = chance_.pick(book_.children());
    if (item.kind != node_kind::worker)
      return;
    const auto beside = book_.children_of(item.parent);
    const auto& other = chance_.pick(beside);
    if (other.id == item.id)
      fail_start(item.id, 1);
    else
      trap(item.id, other.id);
  }

  // -- steps ------------------------------------------------------------------

  void exit(const std::string& id, exit_class how) {
    book_.add({.what = verb::exit, .id = id, .how = how});
  }

  void fail_start(const std::string& id, uint32_t times) {
    book_.add({.what = verb::fail_start, .id = id, .times = times});
  }

  void trap(const std::string& worker, const std::string& other) {
    book_.add({.what = verb::die_during,
               .id = worker,
               .other = other,
               .how = chance_.any<exit_class>(4)});
  }

  void start(const node& item) {
    book_.add({.what = verb::start_child, .id = item.id, .spec = item});
  }

  // -- workers ----------------------------------------------------------------

  node new_worker(const node& parent) {
    node item;
    item.id = next_id();
    item.parent = parent.id;
    item.restart = chance_.any<restart_type>(3);
    item.significant = parent.on_significant != auto_shutdown::never
                       && item.restart != restart_type::permanent
                       && chance_.roll(1, 2);
    return item;
  }

  node instance_of(const node& made_from) {
    auto item = made_from;
    item.kind = node_kind::worker;
    item.id = next_id();
    return item;
  }

  // Prefers one that does not run.
  node known_worker_of(const node& parent) {
    const auto workers = book_.workers_of(parent.id);
    for (const auto& item : workers)
      if (book_.is_down(item.id) && chance_.roll(1, 2))
        return item;
    return workers.empty() ? new_worker(parent) : chance_.pick(workers);
  }

  std::string next_id() { return "w" + std::to_string(++workers_); }

  const case_plan& plan_;
  std::string supervisor_;
  std::string worker_;
  uint32_t workers_;
  dice& chance_;
  script_book book_;
};

} // namespace

peer_case make_case(uint64_t seed) {
  dice chance{seed};
  const auto cell = seed % 48;
  case_plan plan;
  plan.strategy = static_cast<restart_strategy>(cell / 12);
  plan.restart = static_cast<restart_type>(cell / 4 % 3);
  plan.how = static_cast<exit_class>(cell % 4);
  // Turned around from one round of the cells to the next.
  plan.nested = (cell + seed / 48) % 2 == 0;
  plan.disturbed = chance.roll(3, 4);
  auto made = script_maker{plan, make_tree(plan, chance), chance}.run();
  made.number = seed;
  // Of instances that end together OTP reports only how many.
  made.reports =
    std::none_of(made.tree.begin(), made.tree.end(), [](const node& item) {
      return item.kind == node_kind::instance_template;
    });
  return made;
}

} // namespace test::otp
