#include <bulwark/gate/detail/gate_errors.hpp>
#include <bulwark/gate/detail/substitute_answer.hpp>
#include <bulwark/gate/detail/substituting.hpp>

#include <caf/actor_cast.hpp>
#include <caf/make_message.hpp>

#include <utility>

namespace bulwark::detail {

void substituting::take_up(run_context eu) noexcept {
  for (auto& call : of_.instead.take_waiting())
    take_up(std::move(call), eu);
}

void substituting::end(run_context eu) noexcept {
  of_.instead.close();
  for (auto& call : of_.instead.take_waiting())
    answer_bereft(std::move(call), of_.instead.substitutes().value, of_.gate(),
                  eu);
}

void substituting::take_up(bereft_call call, run_context eu) noexcept {
  if (auto made = make(call))
    return answer_bereft(std::move(call), std::move(made), of_.gate(), eu);
  if (!ask(call, eu))
    answer_bereft(std::move(call), of_.instead.substitutes().value, of_.gate(),
                  eu);
}

std::optional<caf::message>
substituting::make(const bereft_call& call) noexcept {
  try {
    // The handler may be a mutable one: copies share their state.
    auto handler = of_.instead.substitutes().make;
    auto asked = call.asked;
    auto made = handler ? handler(asked) : caf::none;
    if (made && !made->match_elements<caf::error>())
      return std::move(*made);
  } catch (...) {
    // The error is the answer then.
  }
  return std::nullopt;
}

/// Nothing is begun after a deadline.
bool substituting::ask(bereft_call& call, run_context eu) noexcept {
  auto to =
    caf::actor_cast<caf::strong_actor_ptr>(of_.instead.substitutes().ask);
  auto left = call.deadline - of_.clock.now();
  if (!to || left <= duration::zero())
    return false;
  caf::strong_actor_ptr asker;
  try {
    auto how = call.call;
    how.within = left;
    how.report = false;
    how.endpoint.clear();
    auto content = caf::make_message(std::move(how)) + call.asked;
    asker = make_mailless<substitute_answer>(
      of_.sys, std::move(call), of_.instead.substitutes().value, of_.gate());
    deliver(to, make_element(asker, lone_request_id(), std::move(content)), eu);
  } catch (...) {
    // Out of memory.
    if (!asker)
      return false;
    static_cast<substitute_answer*>(asker->get())->give_up(eu);
  }
  return true;
}

} // namespace bulwark::detail
