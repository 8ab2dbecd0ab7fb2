#include <bulwark/gate/detail/fallbacks.hpp>
#include <bulwark/gate/detail/gate_errors.hpp>
#include <bulwark/gate/detail/substitute_answer.hpp>

#include <caf/error.hpp>

#include <utility>

namespace bulwark::detail {

void answer_bereft(bereft_call call, std::optional<caf::message> substitute,
                   caf::strong_actor_ptr responder, run_context eu) noexcept {
  auto& to = call.to;
  if (!substitute)
    return answer_with_error(
      std::move(to), std::move(responder), [&] { return std::move(call.why); },
      eu);
  call.report.fallback = true;
  try {
    if (call.call.report)
      substitute = with_report(call.report, *substitute);
  } catch (...) {
    // Out of memory: its client does not know what to do with that.
    return answer_with_error(
      std::move(to), std::move(responder), [&] { return std::move(call.why); },
      eu);
  }
  answer_with_value(std::move(to), std::move(responder), std::move(*substitute),
                    eu);
}

substitute_answer::substitute_answer(caf::actor_config& cfg, bereft_call call,
                                     std::optional<caf::message> otherwise,
                                     caf::strong_actor_ptr gate)
  : mailless_actor(cfg),
    call_(std::move(call)),
    otherwise_(std::move(otherwise)),
    gate_(std::move(gate)) {}

const char* substitute_answer::name() const {
  return "bulwark.substitute_answer";
}

/// The first response counts; what is none is not for it.
void substitute_answer::accept(element_ptr what, run_context eu) noexcept {
  if (!is_response(*what) || answered_.exchange(true))
    return;
  auto substitute = std::move(otherwise_);
  try {
    if (!is_error(*what))
      substitute = take_content(*what);
  } catch (...) {
    // Out of memory, or a type of the service's cannot be moved.
  }
  answer_bereft(std::move(call_), std::move(substitute), std::move(gate_), eu);
}

void substitute_answer::give_up(run_context eu) noexcept {
  if (!answered_.exchange(true))
    answer_bereft(std::move(call_), std::move(otherwise_), std::move(gate_),
                  eu);
}

} // namespace bulwark::detail
