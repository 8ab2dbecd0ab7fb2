#include <bulwark/caf/detail/reply_route.hpp>
#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/gate/detail/inheritance.hpp>
#include <bulwark/gate/detail/request_in_hand.hpp>
#include <bulwark/gate/detail/running_service.hpp>

namespace bulwark::detail {

inheritance inherit(const element& what) {
  auto* running = this_service();
  if (running == nullptr || !is_request(what))
    return {};
  const auto* handled = running->handled();
  if (handled == nullptr)
    return {};
  std::optional<deadline_memory::origin> from;
  if (is_response(*handled))
    from = running->hand->memory().recall(request_number(id_of(*handled)));
  else if (auto id = running->hand->request_of(*handled))
    if (auto until = running->core->deadline_of(*id))
      from = {*until, *id};
  if (!from)
    return {};
  // Also where this request ends sooner: what follows its answer may not. The
  // answer to what is handed on goes to another one, and its number is that
  // one's.
  if (!tracked_id(what))
    running->hand->memory().remember(request_number(id_of(what)), *from);
  return {from->deadline, running->core->requests().is_later(from->request)};
}

} // namespace bulwark::detail
