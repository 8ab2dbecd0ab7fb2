#include <bulwark/admin/detail/admin_actor.hpp>
#include <bulwark/admin/detail/admin_answers.hpp>
#include <bulwark/admin/detail/admin_query.hpp>
#include <bulwark/admin/detail/node_metrics.hpp>
#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/metrics/metrics_text.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

http_response answer_of(const caf::error& why) {
  // What the monitor finds wrong with a question, beside being late.
  auto status =
    code_of(why, errc::timed_out) == errc::invalid_option ? 400 : 503;
  return admin_error(status, "the monitor: " + describe(why));
}

/// No exception ends the actor: without memory for one answer there may be some
/// for the next. The server answers when the responder goes.
template <class Action>
void guarded(Action action) noexcept {
  try {
    action();
  } catch (...) {
    // See above.
  }
}

} // namespace

admin_actor::admin_actor(caf::actor_config& config, admin_sources sources,
                         duration patience, emitter events)
  : system_actor(config, "node/" + sources.node + "/admin", std::move(events)),
    sources_(std::move(sources)),
    patience_(patience) {}

caf::behavior admin_actor::make_behavior() {
  return {
    [this](const admin_question& what) { guarded([&] { on_question(what); }); },
    [this](const node_question& what) { return on_peer_question(what); },
    [this](stop_actor) {
      // Handles of others would keep these until this one is gone.
      sources_ = {};
      quit(caf::exit_reason::user_shutdown);
    },
  };
}

void admin_actor::on_question(const admin_question& what) {
  switch (what.page) {
  case admin_page::live:
    return ask_live(what.respond);
  case admin_page::report:
    return ask_report(what);
  case admin_page::events:
    return ask_events(what);
  case admin_page::tree:
    return ask_tree(what.respond);
  case admin_page::view:
    return ask_view(what.respond);
  case admin_page::children:
    return ask_children(what);
  case admin_page::cluster:
    return ask_cluster(what.respond);
  case admin_page::metrics:
    return ask_metrics(what);
  default:
    // The others take no actor's answer.
    return;
  }
}

template <class Answer, class Request, class Then>
void admin_actor::ask_monitor(Request what, const http_responder& respond,
                              Then then) {
  request(sources_.monitor, patience_, std::move(what))
    .then([then](const Answer& got) { guarded([&] { then(got); }); },
          [respond](const caf::error& why) {
            guarded([&] { respond(answer_of(why)); });
          });
}

void admin_actor::ask_live(const http_responder& respond) {
  request(sources_.monitor, patience_, recent_events_request{0, {}})
    .then(
      [this, respond](const recent_events&) {
        guarded([&] { ask_root(respond); });
      },
      [this, respond](const caf::error&) {
        guarded([&] { respond(live_answer(sources_.node, false, "monitor")); });
      });
}

/// The supervisor of all ends while the node drains: that is no hang.
void admin_actor::ask_root(const http_responder& respond) {
  auto tell = [this, respond](bool answered) {
    guarded([&] {
      auto live = answered || sources_.phase() == node_phase::draining;
      respond(live_answer(sources_.node, live, "root supervisor"));
    });
  };
  request(sources_.root, patience_, child_counts_request{})
    .then([tell](const child_counts&) { tell(true); },
          [tell](const caf::error&) { tell(false); });
}

void admin_actor::ask_report(const admin_question& what) {
  auto wanted = report_request_of(what.request.query);
  if (const auto* wrong = std::get_if<bad_query>(&wanted))
    return what.respond(admin_error(400, wrong->words));
  ask_monitor<fault_tolerance_report_text>(
    std::get<fault_tolerance_report_request>(std::move(wanted)), what.respond,
    [respond = what.respond](const fault_tolerance_report_text& got) {
      respond({.status = 200, .body = got.text + '\n'});
    });
}

void admin_actor::ask_events(const admin_question& what) {
  auto wanted = events_request_of(what.request.query);
  if (const auto* wrong = std::get_if<bad_query>(&wanted))
    return what.respond(admin_error(400, wrong->words));
  ask_monitor<recent_events>(std::get<recent_events_request>(std::move(wanted)),
                             what.respond,
                             [respond = what.respond](const recent_events& x) {
                               respond(events_answer(x.events));
                             });
}

void admin_actor::ask_metrics(const admin_question& what) {
  ask_monitor<event_counts>(event_counts_request{}, what.respond,
                            [this, what](const event_counts& got) {
                              if (now() < figures_due_)
                                return what.respond(metrics_answer(what, got));
                              ask_figures(what, got);
                            });
}

/// While a monitor reads its journal it gives no report: then the metrics have
/// the figures of the last one.
void admin_actor::ask_figures(const admin_question& what,
                              const event_counts& counts) {
  fault_tolerance_report_request wanted;
  wanted.format = "json";
  wanted.component = ledger_figures_component;
  auto end = [this, what, counts] {
    guarded([&] { what.respond(metrics_answer(what, counts)); });
  };
  request(sources_.monitor, patience_ / 2, std::move(wanted))
    .then(
      [this, end](const fault_tolerance_report_text& got) {
        guarded([&] { figures_ = read_ledger_figures(got.text); });
        figures_due_ = now() + figures_age_max;
        end();
      },
      [end](const caf::error&) { end(); });
}

http_response admin_actor::metrics_answer(const admin_question& what,
                                          const event_counts& counts) const {
  auto format = metrics_format_for(what.request.field("Accept").value_or(""));
  auto reading = read_node(sources_);
  reading.counts = counts;
  reading.ledger = figures_;
  return {.status = 200,
          .body = metrics_text(node_metrics(reading), format),
          .content_type = std::string{content_type_of(format)}};
}

} // namespace bulwark::detail
