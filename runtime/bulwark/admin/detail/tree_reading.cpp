#include <bulwark/admin/detail/admin_actor.hpp>
#include <bulwark/admin/detail/admin_answers.hpp>
#include <bulwark/caf/caf_error.hpp>
#include <bulwark/text/detail/json_writer.hpp>

#include <algorithm>

namespace bulwark::detail {

namespace {

void write_children(json_writer& out, const std::vector<child_info>& all) {
  auto listed = std::min(all.size(), tree_reading::listed_max);
  out.key("children").begin_array();
  for (size_t i = 0; i < listed; ++i) {
    out.begin_object();
    write_child(out, all[i]);
    out.end_object();
  }
  out.end_array();
  if (listed < all.size())
    out.pair("not_listed", uint64_t{all.size() - listed});
}

} // namespace

const char* word_of(child_state state) {
  switch (state) {
  case child_state::starting:
    return "starting";
  case child_state::up:
    return "up";
  case child_state::waiting:
    return "waiting";
  case child_state::failed:
    return "failed";
  case child_state::stopping:
    return "stopping";
  case child_state::stopped:
    return "stopped";
  case child_state::abandoned:
    return "abandoned";
  }
  return "unknown";
}

void write_child(json_writer& out, const child_info& what) {
  out.pair("id", what.id)
    .pair("kind", what.kind == child_kind::supervisor ? "supervisor" : "worker")
    .pair("state", word_of(what.state))
    .pair("incarnation", what.incarnation)
    .pair("restarts", what.restarts);
}

http_response tree_answer(const tree_reading& tree) {
  json_writer out;
  out.begin_object().pair("node", tree.node).key("children").begin_array();
  for (const auto& each : tree.branches) {
    out.begin_object();
    write_child(out, each.it);
    if (!each.unknown.empty())
      out.pair("unknown", each.unknown);
    else if (each.it.kind == child_kind::supervisor)
      write_children(out, each.children);
    out.end_object();
  }
  out.end_array().end_object();
  return {.status = 200, .body = out.text() + '\n'};
}

void admin_actor::ask_tree(const http_responder& respond) {
  auto tree = std::make_shared<tree_reading>();
  tree->node = sources_.node;
  tree->respond = respond;
  request(sources_.root, patience_, which_children{})
    .then(
      [this, tree](const child_list& got) {
        try {
          for (const auto& each : got.children)
            tree->branches.push_back({each});
          ask_branches(tree, 0);
        } catch (...) {
          // No memory: the server answers when the responder goes.
        }
      },
      [tree](const caf::error& why) {
        tree->respond(
          admin_error(503, "the root supervisor: " + describe(why)));
      });
}

/// One after the other: a supervisor answers at once or not at all.
void admin_actor::ask_branches(const std::shared_ptr<tree_reading>& tree,
                               size_t n) {
  while (n < tree->branches.size()
         && tree->branches[n].it.kind != child_kind::supervisor)
    ++n;
  if (n == tree->branches.size())
    return tree->respond(tree_answer(*tree));
  auto next = [this, tree, n](const caf::error& why) {
    try {
      if (why)
        tree->branches[n].unknown = describe(why);
      ask_branches(tree, n + 1);
    } catch (...) {
      // See above.
    }
  };
  auto supervisor = sources_.supervisor(tree->branches[n].it.id);
  if (!supervisor)
    return next(make_error(errc::stopped, "it is down, or no service"));
  request(supervisor, patience_ / 4, which_children{})
    .then(
      [tree, n, next](const child_list& got) {
        tree->branches[n].children = got.children;
        next({});
      },
      next);
}

} // namespace bulwark::detail
