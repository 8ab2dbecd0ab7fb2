#include <bulwark/caf/detail/foreign_content.hpp>
#include <bulwark/calls/envelope.hpp>
#include <bulwark/gate/detail/dispatch.hpp>

#include <utility>

namespace bulwark::detail {

void dispatch::set_handles(caf::weak_actor_ptr gate,
                           caf::weak_actor_ptr path) noexcept {
  handles_.fill_from(std::move(gate), std::move(path));
}

/// Another node's gate gets what its client said, too.
void dispatch::wrap(request_table& requests, const gate_slot& to,
                    element_ptr& what, pending_id id,
                    const caf::strong_actor_ptr& stage) {
  if (to.handle->node() != sys_.node())
    if (auto type = unregistered_type(content_of(*what), sys_)) {
      auto why = reports_.cannot_travel(
        complain_unregistered(travel_failure::message_written, *type));
      what = make_element(nullptr, id_of(*what), std::move(why));
      return;
    }
  auto now = clock_.now();
  auto left = time_point{duration{requests.end_of_attempt(id, now)}} - now;
  auto us = std::chrono::duration_cast<std::chrono::microseconds>(left);
  const auto* kept = requests.said(id).kept.get();
  envelope outer{us.count(),
                 kept != nullptr ? kept->call : call_options{},
                 sender_of(*what),
                 take_content(*what),
                 {},
                 requests.is_later(id)};
  what = make_element(stage, id_of(*what), std::move(outer));
}

/// What cannot travel has become its answer: no client's message is an error.
void dispatch::put(bool local, gate_slot& to, element_ptr what, run_context eu,
                   const caf::strong_actor_ptr& stage) noexcept {
  try {
    auto answered = !local && is_error(*what);
    deliver(answered ? stage : to.handle, std::move(what), eu);
  } catch (...) {
    // CAF is out of memory, and may have it or not: it counts as taken up, and
    // is answered at its deadline.
  }
}

} // namespace bulwark::detail
