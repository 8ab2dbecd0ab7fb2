#pragma once

#include <bulwark/admin/detail/admin_page.hpp>
#include <bulwark/admin/detail/admin_query.hpp>
#include <bulwark/admin/detail/admin_sources.hpp>
#include <bulwark/admin/detail/ledger_figures.hpp>
#include <bulwark/admin/detail/node_view.hpp>
#include <bulwark/admin/detail/tree_reading.hpp>
#include <bulwark/events/detail/node_questions.hpp>
#include <bulwark/events/detail/system_actor.hpp>
#include <bulwark/events/monitor_requests.hpp>
#include <bulwark/http/message.hpp>
#include <bulwark/time/time.hpp>

#include <caf/allowed_unsafe_message_type.hpp>

#include <chrono>
#include <cstddef>
#include <memory>

namespace bulwark::detail {

/// A request for a page that takes an actor's answer.
struct admin_question {
  admin_page page = admin_page::live;
  http_request request;
  http_responder respond;
};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::admin_question)

namespace bulwark::detail {

/// Asks the node's own actors for those who ask over HTTP. It is a system
/// actor, and so runs while services hold every thread of the scheduler.
///
/// Confined to one actor.
class admin_actor final : public system_actor {
public:
  /// `patience`: how long any of them may take to answer.
  admin_actor(caf::actor_config& config, admin_sources sources,
              duration patience, emitter events);

  const char* name() const override { return "bulwark.admin"; }

protected:
  caf::behavior make_behavior() override;

private:
  void on_question(const admin_question& what);
  void ask_live(const http_responder& respond);
  void ask_root(const http_responder& respond);
  void ask_report(const admin_question& what);
  void ask_events(const admin_question& what);
  void ask_tree(const http_responder& respond);
  void ask_branches(const std::shared_ptr<tree_reading>& tree, size_t n);

  // -- what the page shows (cluster_reading.cpp) ------------------------------

  caf::response_promise on_peer_question(const node_question& what);
  void ask_view(const http_responder& respond);
  void ask_branches(const std::shared_ptr<node_view>& view);
  void ask_children(const admin_question& what);
  void ask_own_children(const children_query& what,
                        const http_responder& respond);
  void ask_supervisor(const caf::actor& whom, const children_query& what,
                      const http_responder& respond);
  void ask_cluster(const http_responder& respond);
  void ask_nodes(const http_responder& respond, const peer_monitors& peers);
  void ask_node(const std::string& node, const node_question& what,
                const http_responder& respond);

  // -- metrics ----------------------------------------------------------------

  void ask_metrics(const admin_question& what);
  void ask_figures(const admin_question& what, const event_counts& counts);
  http_response metrics_answer(const admin_question& what,
                               const event_counts& counts) const;

  /// Asks the monitor, and goes on with `then`, or answers 503.
  template <class Answer, class Request, class Then>
  void ask_monitor(Request what, const http_responder& respond, Then then);

  /// A report takes longer than all else in `/metrics`, and changes slowly.
  static constexpr duration figures_age_max = std::chrono::seconds{10};

  admin_sources sources_;
  duration patience_;
  figures_by_service figures_;
  time_point figures_due_ = time_point::min();
};

} // namespace bulwark::detail
