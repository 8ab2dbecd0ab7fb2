#include <bulwark/admin/detail/admin_answers.hpp>
#include <bulwark/admin/detail/control_actor.hpp>
#include <bulwark/text/detail/json_writer.hpp>

#include <csignal>

// What experiments do at a node.

namespace bulwark::detail {

namespace {

/// After which a node that is to end has answered, and its event is durable.
constexpr std::chrono::milliseconds last_words{200};

http_response practise_answer(const std::string& node,
                              const std::vector<fault>& active) {
  json_writer out;
  out.begin_object().pair("node", node).key("faults").begin_array();
  for (const auto& each : active)
    out.value(to_string(each));
  out.end_array().end_object();
  return {.status = 200, .body = out.text() + '\n'};
}

} // namespace

void control_actor::practise(const control_question& what) {
  if (!means_.faults)
    return what.respond(admin_error(
      409, "the node was started without --chaos, and practises no failure"));
  const auto& order = what.order.faults;
  if (auto why = means_.faults->take(order, now()))
    return what.respond(admin_error(409, *why));
  what.respond(practise_answer(means_.node, means_.faults->active(now())));
  if (order.what == fault_order::act::lend
      && place_of(order.fault.kind) == fault_place::node)
    delayed_send(this, last_words, node_fault_due{order.fault.kind});
  await_faults();
}

void control_actor::on_node_fault(fault_kind what) {
  if (what == fault_kind::kill)
    std::raise(SIGKILL);
  means_.leave();
}

void control_actor::await_faults() {
  if (!means_.faults)
    return;
  auto next = means_.faults->look(now());
  if (!next || faults_awaited_)
    return;
  faults_awaited_ = true;
  delayed_send(this, std::max(*next - now(), duration::zero()), faults_due{});
}

} // namespace bulwark::detail
