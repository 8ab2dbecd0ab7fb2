#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/bulkhead/manager_requests.hpp>
#include <bulwark/calls/envelope.hpp>
#include <bulwark/calls/peer_answer.hpp>
#include <bulwark/chaos/detail/flood_actor.hpp>
#include <bulwark/dead_letters/dead_letter.hpp>
#include <bulwark/events/detail/node_questions.hpp>
#include <bulwark/events/monitor_requests.hpp>
#include <bulwark/messages/message_types.hpp>
#include <bulwark/quota/cpu_quota_stats.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <caf/actor_system_config.hpp>

namespace bulwark {

void add_message_types(caf::actor_system_config& config) {
  config.add_message_type<child_counts_request>("bulwark.child_counts_request")
    .add_message_type<child_counts>("bulwark.child_counts")
    .add_message_type<which_children>("bulwark.which_children")
    .add_message_type<child_list>("bulwark.child_list")
    .add_message_type<recent_events_request>("bulwark.recent_events_request")
    .add_message_type<recent_events>("bulwark.recent_events")
    .add_message_type<event_counts_request>("bulwark.event_counts_request")
    .add_message_type<event_counts>("bulwark.event_counts")
    .add_message_type<fault_tolerance_report_request>(
      "bulwark.fault_tolerance_report_request")
    .add_message_type<fault_tolerance_report_text>(
      "bulwark.fault_tolerance_report_text")
    .add_message_type<peer_positions>("bulwark.peer_positions")
    .add_message_type<peer_events>("bulwark.peer_events")
    .add_message_type<peer_events_ack>("bulwark.peer_events_ack")
    .add_message_type<detail::node_question>("bulwark.node_question")
    .add_message_type<detail::node_answer>("bulwark.node_answer")
    .add_message_type<dead_letters_request>("bulwark.dead_letters_request")
    .add_message_type<dead_letter_list>("bulwark.dead_letter_list")
    .add_message_type<call_options>("bulwark.call_options")
    .add_message_type<call_report>("bulwark.call_report")
    .add_message_type<envelope>("bulwark.envelope")
    .add_message_type<peer_answer>("bulwark.peer_answer")
    .add_message_type<acquire_permits>("bulwark.acquire_permits")
    .add_message_type<permit>("bulwark.permit")
    .add_message_type<release_permits>("bulwark.release_permits")
    .add_message_type<renew_permits>("bulwark.renew_permits")
    .add_message_type<bulkhead_stats_request>("bulwark.bulkhead_stats_request")
    .add_message_type<bulkhead_stats>("bulwark.bulkhead_stats")
    .add_message_type<held_allocations_request>(
      "bulwark.held_allocations_request")
    .add_message_type<held_allocations>("bulwark.held_allocations")
    .add_message_type<cpu_quota_stats_request>(
      "bulwark.cpu_quota_stats_request")
    .add_message_type<cpu_quota_stats>("bulwark.cpu_quota_stats")
    .add_message_type<at_bulkhead>("bulwark.at_bulkhead")
    .add_message_type<system_health_request>("bulwark.system_health_request")
    .add_message_type<system_health>("bulwark.system_health")
    .add_message_type<performance_trends_request>(
      "bulwark.performance_trends_request")
    .add_message_type<performance_trends>("bulwark.performance_trends")
    .add_message_type<detail::flood_request>("bulwark.flood_request");
}

} // namespace bulwark
