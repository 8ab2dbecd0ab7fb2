#include "peers/otp/make_tree.hpp"

#include <string>

namespace test::otp {

namespace {

constexpr size_t depth_max = 3;
constexpr size_t children_max = 4;
constexpr uint32_t intensity_max = 4;

class tree_maker {
public:
  tree_maker(const case_plan& plan, dice& chance)
    : plan_(plan), chance_(chance) {}

  planned_tree run() && {
    // A supervisor with a template has no supervisors below it.
    focus_on_root_ = !plan_.nested
                     || (plan_.strategy != restart_strategy::simple_one_for_one
                         && chance_.roll(1, 2));
    node root;
    root.kind = node_kind::supervisor;
    root.id = "root";
    root.parent = "-";
    add_supervisor(root, 1);
    return std::move(made_);
  }

private:
  bool in_focus(const node& supervisor) const {
    return supervisor.id == (focus_on_root_ ? "root" : "s1");
  }

  void add_supervisor(node item, size_t depth) {
    const bool branches = depth == 1 && plan_.nested;
    const bool focused = in_focus(item);
    // Three of the strategies allow for any children.
    item.strategy = focused ? plan_.strategy
                            : chance_.any<restart_strategy>(branches ? 3 : 4);
    item.intensity = static_cast<uint32_t>(chance_.below(intensity_max + 1));
    if (chance_.roll(1, 3))
      item.on_significant = chance_.any<auto_shutdown>(3);
    if (focused) {
      made_.supervisor = item.id;
      // Or there would be no restart to disturb.
      if (plan_.disturbed && item.intensity < 2)
        item.intensity += 2;
    }
    made_.nodes.push_back(item);
    if (item.strategy == restart_strategy::simple_one_for_one)
      add_template(item, focused);
    else
      add_children(item, depth, focused);
  }

  void add_template(const node& parent, bool focused) {
    auto item = child_of(parent, node_kind::instance_template);
    item.id = "-";
    if (focused)
      item.restart = plan_.restart;
    add_leaf(item, parent);
  }

  // Every supervisor gets a worker at least, the branching root a supervisor
  // too: the last children make up for what chance did not give.
  void add_children(const node& parent, size_t depth, bool focused) {
    const bool branches = depth == 1 && plan_.nested;
    // Three make a group in which one can die between two others.
    const size_t least = focused && plan_.disturbed ? 3 : branches ? 2 : 1;
    const auto count = least + chance_.below(children_max + 1 - least);
    const auto worker_at = chance_.below(count);
    auto supervisor_at = count;
    if (branches)
      supervisor_at = (worker_at + 1 + chance_.below(count - 1)) % count;
    for (size_t i = 0; i < count; ++i) {
      const bool deeper = plan_.nested && depth < depth_max && i != worker_at;
      if (i == supervisor_at || (deeper && chance_.roll(1, 4)))
        add_branch(parent, depth);
      else
        add_worker(parent, focused && i == worker_at);
    }
  }

  void add_branch(const node& parent, size_t depth) {
    auto item = child_of(parent, node_kind::supervisor);
    item.id = "s" + std::to_string(++supervisors_);
    // Most are permanent in life, unless their end means something.
    const bool common =
      parent.on_significant == auto_shutdown::never && chance_.roll(1, 2);
    if (common)
      item.restart = restart_type::permanent;
    item.significant = significant(item, parent);
    add_supervisor(item, depth + 1);
  }

  void add_worker(const node& parent, bool focused) {
    auto item = child_of(parent, node_kind::worker);
    item.id = "w" + std::to_string(++made_.workers);
    if (focused) {
      item.restart = plan_.restart;
      made_.worker = item.id;
    }
    add_leaf(item, parent);
  }

  void add_leaf(node item, const node& parent) {
    item.significant = significant(item, parent);
    made_.nodes.push_back(item);
  }

  node child_of(const node& parent, node_kind kind) {
    node item;
    item.kind = kind;
    item.parent = parent.id;
    item.restart = chance_.any<restart_type>(3);
    return item;
  }

  bool significant(const node& item, const node& parent) {
    return parent.on_significant != auto_shutdown::never
           && item.restart != restart_type::permanent && chance_.roll(2, 3);
  }

  const case_plan& plan_;
  dice& chance_;
  planned_tree made_;
  bool focus_on_root_ = true;
  uint32_t supervisors_ = 0;
};

} // namespace

planned_tree make_tree(const case_plan& plan, dice& chance) {
  return tree_maker{plan, chance}.run();
}

} // namespace test::otp
