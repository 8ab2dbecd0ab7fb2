#include "peers/otp/cases.hpp"

#include <algorithm>

namespace test::otp {

namespace {

using complaint = std::optional<std::string>;

bool is_simple(const node* supervisor) {
  return supervisor->strategy == restart_strategy::simple_one_for_one;
}

// `parent` is nullptr when it is not a supervisor that comes before.
complaint check_child(const node& child, const node* parent) {
  if (parent == nullptr || parent->kind != node_kind::supervisor)
    return child.id + ": no such supervisor: " + child.parent;
  if ((child.kind == node_kind::instance_template) != is_simple(parent))
    return child.id
           + ": templates are for simple_one_for_one, which has "
             "nothing else";
  if (child.significant && child.restart == restart_type::permanent)
    return child.id + ": what is permanent cannot be significant";
  if (child.significant && parent->on_significant == auto_shutdown::never)
    return child.id + ": significant, but " + parent->id
           + " never shuts down by itself";
  return {};
}

complaint check_tree(const std::vector<node>& tree) {
  if (tree.empty() || tree[0].id != "root" || tree[0].parent != "-"
      || tree[0].kind != node_kind::supervisor)
    return "the first node is the supervisor `root` of `-`";
  for (auto child = tree.begin() + 1; child != tree.end(); ++child) {
    const auto same_id = [&](const node& other) {
      return other.id == child->id
             && (child->id != "-" || other.parent == child->parent);
    };
    if (std::any_of(tree.begin(), child, same_id))
      return child->id + ": declared twice";
    const auto parent =
      std::find_if(tree.begin(), child, [&](const node& other) {
        return other.id == child->parent;
      });
    if (auto bad = check_child(*child, parent == child ? nullptr : &*parent))
      return bad;
  }
  return {};
}

// Looks at the tree alone: a worker that is started later has no children.
const node* find_in_tree(const peer_case& item, std::string_view id) {
  const auto found =
    std::find_if(item.tree.begin(), item.tree.end(),
                 [&](const node& other) { return other.id == id; });
  return found == item.tree.end() ? nullptr : &*found;
}

complaint check_instance(const peer_case& item, const action& step) {
  const auto of_same_parent = [&](const node& other) {
    return other.kind == node_kind::instance_template
           && other.parent == step.spec->parent;
  };
  const auto made_from =
    std::find_if(item.tree.begin(), item.tree.end(), of_same_parent);
  if (made_from == item.tree.end())
    return step.id + ": there is no template";
  if (made_from->restart != step.spec->restart
      || made_from->significant != step.spec->significant
      || made_from->shutdown_ms != step.spec->shutdown_ms)
    return step.id + ": unlike its template";
  const auto starts = std::count_if(
    item.script.begin(), item.script.end(),
    [&](const action& other) { return other.spec && other.id == step.id; });
  if (starts > 1)
    return step.id + ": an instance starts once";
  return {};
}

complaint check_start(const peer_case& item, const action& step) {
  if (!step.spec || step.spec->id != step.id
      || step.spec->kind != node_kind::worker)
    return step.id + ": only workers can be started";
  if (*find_node(item, step.id) != *step.spec)
    return step.id + ": started as something else than before";
  const auto* parent = find_in_tree(item, step.spec->parent);
  if (parent != nullptr && parent->kind == node_kind::supervisor
      && is_simple(parent))
    return check_instance(item, step);
  return check_child(*step.spec, parent);
}

complaint check_step(const peer_case& item, const action& step) {
  if (step.what == verb::wait)
    return {};
  if (step.what == verb::count) {
    const auto* asked = find_in_tree(item, step.id);
    if (asked == nullptr || asked->kind != node_kind::supervisor)
      return step.id + ": not a supervisor";
    return {};
  }
  const auto* child = find_node(item, step.id);
  if (child == nullptr || step.id == "-" || step.id == "root")
    return step.id + ": no such child";
  switch (step.what) {
  case verb::exit:
  case verb::fail_start:
  case verb::ignore_start:
  case verb::deaf:
    if (child->kind != node_kind::worker)
      return step.id + ": not a worker";
    return {};
  case verb::die_during: {
    const auto* other = find_node(item, step.other);
    if (child->kind != node_kind::worker || other == nullptr
        || other->id == child->id || other->parent != child->parent)
      return step.id + ": not a worker beside " + step.other;
    return {};
  }
  case verb::start_child:
    return check_start(item, step);
  default:
    return {};
  }
}

} // namespace

const node* find_node(const peer_case& item, std::string_view id) {
  if (const auto* in_tree = find_in_tree(item, id))
    return in_tree;
  for (const auto& step : item.script)
    if (step.spec && step.id == id)
      return &*step.spec;
  return nullptr;
}

std::optional<std::string> validate(const peer_case& item) {
  if (auto bad = check_tree(item.tree))
    return bad;
  for (const auto& step : item.script)
    if (auto bad = check_step(item, step))
      return to_text(step) + ": " + *bad;
  return {};
}

} // namespace test::otp
