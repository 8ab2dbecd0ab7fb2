#include <bulwark/caf/detail/reply_route.hpp>
#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/gate/detail/inheritance.hpp>
#include <bulwark/gate/detail/request_in_hand.hpp>
#include <bulwark/gate/detail/running_service.hpp>

#include <algorithm>

namespace bulwark::detail {

time_point inherited_deadline(const element& what, time_point deadline) {
  auto* running = this_service();
  if (running == nullptr || !is_request(what))
    return deadline;
  const auto* handled = running->handled();
  if (handled == nullptr)
    return deadline;
  std::optional<deadline_memory::origin> from;
  if (is_response(*handled))
    from = running->hand->memory().recall(request_number(id_of(*handled)));
  else if (auto id = running->hand->request_of(*handled))
    if (auto until = running->core->deadline_of(*id))
      from = {*until, *id};
  if (!from)
    return deadline;
  // Also where this request ends sooner: what follows its answer may not. The
  // answer to what is handed on goes to another one, and its number is that
  // one's.
  if (!tracked_id(what))
    running->hand->memory().remember(request_number(id_of(what)), *from);
  return std::min(from->deadline, deadline);
}

} // namespace bulwark::detail
