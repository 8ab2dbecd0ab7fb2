#include "peers/otp/script_book.hpp"

#include <algorithm>

namespace test::otp {

bool starts_again(restart_type type, exit_class how) {
  return type == restart_type::permanent
         || (type == restart_type::transient
             && (how == exit_class::error || how == exit_class::kill));
}

script_book::script_book(std::vector<node> tree) {
  made_.tree = std::move(tree);
  for (const auto& item : made_.tree)
    if (item.id != "root" && item.kind != node_kind::instance_template)
      children_.push_back(item);
}

void script_book::add(const action& step) {
  made_.script.push_back(step);
  const bool ends = step.what == verb::terminate_child
                    || (step.what == verb::exit
                        && !starts_again(find(step.id).restart, step.how));
  if (ends && !is_down(step.id))
    down_.push_back(step.id);
  if (step.what == verb::restart_child || step.what == verb::start_child)
    std::erase(down_, step.id);
  const bool known =
    std::any_of(children_.begin(), children_.end(),
                [&](const node& item) { return item.id == step.id; });
  if (step.spec && !known)
    children_.push_back(*step.spec);
}

const node& script_book::find(const std::string& id) const {
  return *find_node(made_, id);
}

std::vector<node> script_book::children_of(const std::string& parent) const {
  std::vector<node> result;
  for (const auto& item : children_)
    if (item.parent == parent)
      result.push_back(item);
  return result;
}

std::vector<node> script_book::workers_of(const std::string& parent) const {
  auto result = children_of(parent);
  std::erase_if(
    result, [](const node& item) { return item.kind != node_kind::worker; });
  return result;
}

bool script_book::is_down(const std::string& id) const {
  return std::find(down_.begin(), down_.end(), id) != down_.end();
}

} // namespace test::otp
