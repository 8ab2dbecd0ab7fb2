#include <bulwark/admin/detail/admin_actor.hpp>
#include <bulwark/admin/detail/admin_answers.hpp>
#include <bulwark/admin/detail/node_view.hpp>
#include <bulwark/caf/caf_error.hpp>

#include <algorithm>
#include <utility>

// What the page shows: of this node, and of all that are connected.

namespace bulwark::detail {

namespace {

constexpr const char* view_path = "/api/view";
constexpr const char* children_path = "/api/children";

/// Larger than any view; what is longer would hold up other messages.
constexpr size_t peer_body_max = size_t{4} * 1024 * 1024;

http_response of_supervisor(const std::string& service,
                            const std::string& why) {
  auto who =
    service.empty() ? "the root supervisor" : "the supervisor of " + service;
  return admin_error(503, who + ": " + why);
}

/// Nodes that are being asked.
struct cluster_reading {
  http_responder respond;
  std::vector<node_said> all;
  size_t open = 0;
};

} // namespace

/// Another node sees what is on the page of this one, and no more.
caf::response_promise admin_actor::on_peer_question(const node_question& what) {
  auto asked = make_response_promise();
  auto respond = [asked](const http_response& got) mutable {
    if (got.body.size() > peer_body_max)
      asked.deliver(node_answer{503, "{\"error\":\"too long an answer\"}\n"});
    else
      asked.deliver(node_answer{static_cast<uint16_t>(got.status), got.body});
  };
  try {
    if (what.path == view_path) {
      ask_view(respond);
    } else if (what.path == children_path) {
      auto wanted = children_query_of(what.query);
      if (const auto* wrong = std::get_if<bad_query>(&wanted))
        respond(admin_error(400, wrong->words));
      else
        ask_own_children(std::get<children_query>(wanted), respond);
    } else {
      respond(admin_not_found(what.path));
    }
  } catch (...) {
    // No memory: whoever asks waits no longer than it would for a lost node.
  }
  return asked;
}

void admin_actor::ask_view(const http_responder& respond) {
  auto view = std::make_shared<node_view>();
  view->respond = respond;
  request(sources_.root, patience_ / 5,
          children_page_request{0, node_view::listed_max})
    .then(
      [this, view](const children_page& got) {
        try {
          view->root = got;
          ask_branches(view);
        } catch (...) {
          // No memory: the server answers when the responder goes.
        }
      },
      [this, view](const caf::error&) {
        view->respond(view_answer(sources_, *view));
      });
}

/// Who does not answer is left out: the page says that nothing is known of it.
void admin_actor::ask_branches(const std::shared_ptr<node_view>& view) {
  auto listed = std::min(node_view::listed_of_one,
                         node_view::listed_max
                           / std::max<size_t>(view->root.children.size(), 1));
  auto end_one = [this, view] {
    if (--view->open == 0)
      view->respond(view_answer(sources_, *view));
  };
  for (auto& each : view->root.children) {
    if (!each.supervisor)
      continue;
    ++view->open;
    request(std::exchange(each.supervisor, caf::actor{}), patience_ / 5,
            children_page_request{0, listed})
      .then(
        [view, end_one, name = each.it.id](const children_page& got) {
          view->branches[name] = got;
          end_one();
        },
        [end_one](const caf::error&) { end_one(); });
  }
  end_one();
}

void admin_actor::ask_children(const admin_question& what) {
  auto wanted = children_query_of(what.request.query);
  if (const auto* wrong = std::get_if<bad_query>(&wanted))
    return what.respond(admin_error(400, wrong->words));
  const auto& query = std::get<children_query>(wanted);
  if (query.node.empty() || query.node == sources_.node)
    return ask_own_children(query, what.respond);
  auto text = "from=" + std::to_string(query.which.from)
              + "&max=" + std::to_string(query.which.max);
  if (!query.service.empty())
    text += "&service=" + query.service;
  ask_node(query.node, {children_path, text}, what.respond);
}

void admin_actor::ask_own_children(const children_query& what,
                                   const http_responder& respond) {
  if (what.service.empty())
    return ask_supervisor(sources_.root, what, respond);
  request(sources_.root, patience_ / 5,
          children_page_request{0, children_query::from_max})
    .then(
      [this, what, respond](const children_page& got) {
        auto found =
          std::find_if(got.children.begin(), got.children.end(),
                       [&](const auto& x) { return x.it.id == what.service; });
        if (found == got.children.end())
          return respond(admin_error(404, "the root supervisor has no child "
                                            + what.service));
        ask_supervisor(found->supervisor, what, respond);
      },
      [respond](const caf::error& why) {
        respond(of_supervisor({}, describe(why)));
      });
}

void admin_actor::ask_supervisor(const caf::actor& whom,
                                 const children_query& what,
                                 const http_responder& respond) {
  if (!whom)
    return respond(
      of_supervisor(what.service, "it is down, or supervises nobody"));
  request(whom, patience_ / 5, what.which)
    .then(
      [this, respond, service = what.service](const children_page& got) {
        respond(children_answer(sources_.node, service, got));
      },
      [respond, service = what.service](const caf::error& why) {
        respond(of_supervisor(service, describe(why)));
      });
}

void admin_actor::ask_cluster(const http_responder& respond) {
  request(sources_.monitor, patience_ / 4, peer_monitors_request{})
    .then(
      [this, respond](const peer_monitors& peers) {
        try {
          ask_nodes(respond, peers);
        } catch (...) {
          // No memory: the server answers when the responder goes.
        }
      },
      [respond](const caf::error& why) {
        respond(admin_error(503, "the monitor: " + describe(why)));
      });
}

/// All at once: one that hangs takes nobody's time but its own.
void admin_actor::ask_nodes(const http_responder& respond,
                            const peer_monitors& peers) {
  auto reading = std::make_shared<cluster_reading>();
  reading->respond = respond;
  reading->open = peers.all.size() + 1;
  reading->all.push_back({sources_.node});
  for (const auto& each : peers.all)
    reading->all.push_back({each.node});
  auto end_one = [this, reading](size_t n, node_said said) {
    said.node = reading->all[n].node;
    reading->all[n] = std::move(said);
    if (--reading->open == 0)
      reading->respond(cluster_answer(sources_.node, reading->all));
  };
  ask_view([end_one](const http_response& got) {
    end_one(0, {{}, got.body, {}});
  });
  for (size_t n = 0; n < peers.all.size(); ++n)
    request(peers.all[n].handle, patience_ / 2, node_question{view_path, {}})
      .then(
        [end_one, n](const node_answer& got) {
          auto good = got.status == 200;
          end_one(n + 1, {{}, good ? got.body : "", good ? "" : got.body});
        },
        [end_one, n](const caf::error& why) {
          end_one(n + 1, {{}, {}, describe(why)});
        });
}

void admin_actor::ask_node(const std::string& node, const node_question& what,
                           const http_responder& respond) {
  auto ask = [this, node, what, respond](const peer_monitors& peers) {
    auto found =
      std::find_if(peers.all.begin(), peers.all.end(),
                   [&](const auto& each) { return each.node == node; });
    if (found == peers.all.end())
      return respond(admin_error(404, "no node " + node + " is connected"));
    request(found->handle, patience_ / 2, what)
      .then(
        [respond](const node_answer& got) {
          respond({.status = got.status, .body = got.body});
        },
        [respond, node](const caf::error& why) {
          respond(admin_error(503, "node " + node + ": " + describe(why)));
        });
  };
  request(sources_.monitor, patience_ / 4, peer_monitors_request{})
    .then(ask, [respond](const caf::error& why) {
      respond(admin_error(503, "the monitor: " + describe(why)));
    });
}

} // namespace bulwark::detail
