#include "actors/strangers/messages.hpp"

#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/bulkhead/manager_requests.hpp>
#include <bulwark/calls/envelope.hpp>
#include <bulwark/calls/peer_answer.hpp>
#include <bulwark/dead_letters/dead_letter.hpp>
#include <bulwark/events/detail/durable_notes.hpp>
#include <bulwark/events/detail/monitor_protocol.hpp>
#include <bulwark/events/detail/state_reports.hpp>
#include <bulwark/events/monitor_requests.hpp>
#include <bulwark/quota/cpu_quota_stats.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <limits>
#include <utility>

namespace test {

namespace {

using namespace bulwark;
using messages = std::vector<stranger_message>;

caf::error poison() {
  return caf::make_error(caf::sec::runtime_error, "poison");
}

event of(const std::string& node, uint64_t boot, uint64_t sequence) {
  event result;
  result.kind = event_kind::failure_reported;
  result.component = "/root/forged";
  result.node = node;
  result.boot = boot;
  result.sequence = sequence;
  return result;
}

/// Notices of CAF, about each of those who matter.
void add_notices(messages& all, const stranger_view& about) {
  const std::pair<const char*, caf::actor_addr> named[] = {
    {"victim", about.victim},
    {"owner", about.owner},
    {"child", about.child},
    {"stranger", caf::actor_cast<caf::actor_addr>(about.stranger)},
    {"nobody", {}}};
  for (auto& [name, who] : named) {
    auto text = [name = name](const char* what) {
      return std::string{what} + " of " + name;
    };
    all.push_back(
      {text("down_msg"), caf::make_message(caf::down_msg{who, poison()})});
    for (auto reason : {caf::exit_reason::kill, caf::exit_reason::normal,
                        caf::exit_reason::user_shutdown})
      all.push_back(
        {text("exit_msg"), caf::make_message(caf::exit_msg{who, reason})});
    all.push_back({text("down_msg in the urgent lane"),
                   caf::make_message(caf::down_msg{who, poison()}),
                   caf::make_message_id(caf::message_priority::high)});
  }
  all.push_back({"error", caf::make_message(poison())});
}

/// Those that have no names of their own on the wire.
void add_local_notices(messages& all) {
  all.push_back({"group_down_msg", caf::make_message(caf::group_down_msg{})});
  for (auto type : {caf::atom("receive"), caf::atom("stream"), caf::atom("")})
    all.push_back(
      {"timeout_msg", caf::make_message(caf::timeout_msg{type, 1})});
}

void add_streams(messages& all, const stranger_view& about, bool remote) {
  auto me = caf::actor_cast<caf::actor_addr>(about.stranger);
  using up = caf::upstream_msg;
  using down = caf::downstream_msg;
  const caf::stream_slots slots{1, 1};
  const std::pair<const char*, caf::message> inside[] = {
    {"ack_open", caf::make_message(
                   up{slots, me, up::ack_open{me, about.stranger, 10, 10}})},
    {"ack_batch",
     caf::make_message(up{slots, me, up::ack_batch{10, 10, 1, 10}})},
    {"drop", caf::make_message(up{slots, me, up::drop{}})},
    {"forced_drop",
     caf::make_message(up{slots, me, up::forced_drop{poison()}})},
    {"batch", caf::make_message(
                down{slots, me, down::batch{1, caf::make_message(1), 1}})},
    {"close", caf::make_message(down{slots, me, down::close{}})},
    {"forced_close",
     caf::make_message(down{slots, me, down::forced_close{poison()}})},
    {"no stream message", caf::make_message(42)},
    {"nothing", caf::message{}}};
  for (auto& [name, content] : inside)
    for (uint64_t lane = 0; lane < 4; ++lane)
      all.push_back({std::string{name} + " in lane " + std::to_string(lane),
                     content, caf::make_message_id().with_category(lane)});
  for (auto& prev : {caf::strong_actor_ptr{}, about.stranger})
    all.push_back(
      {"open_stream_msg",
       caf::make_message(caf::open_stream_msg{
         1,
         remote ? caf::make_message() : caf::make_message(caf::stream<int>{}),
         prev, prev, caf::stream_priority::normal})});
}

/// Answers to questions that nobody asked, with ids of every shape.
void add_answers(messages& all) {
  constexpr uint64_t tracked = uint64_t{1} << 59;
  constexpr uint64_t most = std::numeric_limits<uint64_t>::max() >> 8;
  const uint64_t ids[] = {1,
                          2,
                          3,
                          100,
                          tracked,
                          tracked | 1,
                          tracked | 4095,
                          tracked | uint64_t{1} << 57,
                          most};
  const caf::message contents[] = {
    caf::make_message(1), caf::make_message(poison()),
    caf::make_message(child_counts{}), caf::make_message(peer_events_ack{}),
    caf::message{}};
  for (auto id : ids)
    for (auto& content : contents)
      all.push_back({"answer to " + std::to_string(id), content,
                     caf::make_message_id(id).response_id()});
}

template <class... Ts>
void add_types(messages& all) {
  (all.push_back({typeid(Ts).name(), caf::make_message(Ts{})}), ...);
}

/// Positions and questions for a report, with values that nobody has.
void add_odd_questions(messages& all, const stranger_view& about) {
  constexpr auto most = std::numeric_limits<uint64_t>::max();
  const std::vector<event_position> lists[] = {
    {},
    {{about.peer, about.peer_boot, most}},
    {{"alpha", 7, 0}, {"alpha", most, most}, {"", 0, 0}},
    {100, {"many", 1, 1}}};
  for (auto& has : lists)
    for (auto& node : {about.peer, std::string{"alpha"}, std::string{}})
      for (auto alive : {wall_time::min(), wall_time{}, wall_time::max()})
        all.push_back({"positions of " + node,
                       caf::make_message(peer_positions{
                         node, about.peer_boot, most, alive, true, has})});
  for (auto* format : {"text", "json", "", "\n"})
    for (auto window : {duration::min(), duration{0}, duration::max()})
      all.push_back({std::string{"report as "} + format,
                     caf::make_message(fault_tolerance_report_request{
                       format, std::string(5000, '*') + format, window})});
}

/// What a monitor's own parts tell it, without being in its hands.
void add_local_lies(messages& all, const stranger_view& about) {
  auto forged = of(about.peer, about.peer_boot, 4);
  auto add = [&](const char* name, auto what) {
    all.push_back({name, caf::make_message(std::move(what))});
  };
  add("batch for a peer",
      detail::batch_read{
        about.peer, 0, about.peer, about.peer_boot, 0, {forged}});
  add("batch for nobody", detail::batch_read{});
  add("history", detail::history_read{{forged}});
  add("no history", detail::history_read{});
  add("beat", detail::monitor_beat{});
  add("held events", detail::held_events_due{});
  add("durable events", detail::durable_waiting{});
  add("states",
      detail::states_told{0, 1, {{"/root/s", true, supervised_state::down}}});
}

/// What monitors, bulkheads and gates understand, said by the wrong one.
void add_lies(messages& all, const stranger_view& about) {
  auto tells = [&](const std::string& node, uint64_t boot, uint64_t sequence) {
    all.push_back({"events of " + node + " from " + std::to_string(sequence),
                   caf::make_message(peer_events{
                     node, boot, sequence, {of(node, boot, sequence)}})});
  };
  tells(about.peer, about.peer_boot, 1);
  tells(about.peer, about.peer_boot, 4);
  tells(about.peer, about.peer_boot, std::numeric_limits<uint64_t>::max());
  tells(about.peer, about.peer_boot + 1, 1);
  tells("alpha", 1, 1000);
  tells("nobody", 1, 1);
  auto add = [&](const char* name, auto... xs) {
    all.push_back({name, caf::make_message(xs...)});
  };
  add("release of the owner's permit", release_permits{about.permit});
  add("renewal of it", renew_permits{about.permit, std::chrono::hours{1}});
  add("release by the manager", at_bulkhead{"db"},
      release_permits{about.permit});
  add("acquisition by the manager", at_bulkhead{"db"}, acquire_permits{});
  add("at a bulkhead that there is not", at_bulkhead{"none"}, 1);
  add("call options alone and a number", call_options{}, 1);
  add("call options and an exit message", call_options{},
      caf::exit_msg{about.victim, caf::exit_reason::kill});
  add("envelope with an exit message",
      envelope{1000,
               {},
               about.stranger,
               caf::make_message(
                 caf::exit_msg{about.victim, caf::exit_reason::kill})});
  for (auto* key : {"info", "nothing"})
    add("query", caf::sys_atom_v, caf::get_atom_v, std::string{key});
  add("text", std::string{"text"});
  add("numbers", 1, 2.5);
  add("nothing at all");
}

} // namespace

messages stranger_messages(const stranger_view& about, bool remote) {
  messages all;
  add_notices(all, about);
  if (!remote)
    add_local_notices(all);
  add_streams(all, about, remote);
  add_answers(all);
  add_types<
    child_counts_request, child_counts, which_children, child_list,
    recent_events_request, recent_events, event_counts_request, event_counts,
    fault_tolerance_report_request, fault_tolerance_report_text, peer_positions,
    peer_events, peer_events_ack, dead_letters_request, dead_letter_list,
    call_options, call_report, envelope, peer_answer, acquire_permits, permit,
    release_permits, renew_permits, bulkhead_stats_request, bulkhead_stats,
    held_allocations_request, held_allocations, cpu_quota_stats_request,
    cpu_quota_stats, at_bulkhead, system_health_request, system_health,
    performance_trends_request, performance_trends>(all);
  add_lies(all, about);
  add_odd_questions(all, about);
  if (!remote)
    add_local_lies(all, about);
  return all;
}

} // namespace test
