#include <bulwark/caf/detail/content_key.hpp>
#include <bulwark/calls/call_error.hpp>
#include <bulwark/gate/detail/endings.hpp>

#include <utility>

// What stands in for errors.

namespace bulwark::detail {

namespace {

/// Nothing, where there is no memory for the report.
std::optional<caf::message> reported(fallbacks::answer found,
                                     const call_options& call,
                                     const call_report& so_far) noexcept {
  if (!call.report)
    return std::move(found.content);
  found.report.attempts = so_far.attempts;
  found.report.hedged = so_far.hedged;
  try {
    return with_report(found.report, found.content);
  } catch (...) {
    return std::nullopt;
  }
}

} // namespace

endings::in_place endings::instead_of(pending_id id, errc code,
                                      gate_reason why) noexcept {
  auto& said = of_.requests.said(id);
  if (!of_.instead.armed() || !fallbacks::covers(code) || said.from_peer
      || !of_.requests.asked(id))
    return {};
  static const kept_request none{};
  const auto& kept = said.kept ? *said.kept : none;
  call_report so_far{.attempts = kept.attempts(), .hedged = kept.hedged()};
  if (auto known = of_.instead.known(kept.answer_key, of_.clock.now()))
    return {false, reported(std::move(*known), kept.call, so_far)};
  if (of_.instead.asks() && !kept.content.empty() && waits(id, so_far, why))
    return {true};
  auto value = of_.instead.agreed();
  return {false, value ? reported(std::move(*value), kept.call, so_far)
                       : std::nullopt};
}

/// @pre its message is kept
bool endings::waits(pending_id id, const call_report& so_far,
                    gate_reason why) noexcept {
  try {
    const auto& kept = *of_.requests.said(id).kept;
    auto told = error_of(why);
    if (auto attempts = call_retries::told(&kept); attempts > 0)
      told = with_attempts(told, attempts);
    auto& call = of_.requests.call_of(id);
    bereft_call one{{nullptr, call.mid, {}},
                    kept.content,
                    kept.call,
                    so_far,
                    std::move(told),
                    time_point{duration{of_.requests.deadline(id)}}};
    one.to.client = std::move(call.client);
    one.to.route = std::move(call.route);
    if (of_.instead.wait(one)) {
      of_.pokes.poke();
      return true;
    }
    call.client = std::move(one.to.client);
    call.route = std::move(one.to.route);
  } catch (...) {
    // Out of memory.
  }
  return false;
}

endings::in_place endings::instead_of(bereft_call& call, errc code,
                                      const element& asked) noexcept {
  if (!of_.instead.armed() || !fallbacks::covers(code))
    return {};
  try {
    auto key =
      of_.instead.keeps() ? content_key(content_of(asked)) : std::nullopt;
    if (auto known = of_.instead.known(key.value_or(""), of_.clock.now()))
      return {false, reported(std::move(*known), call.call, call.report)};
    if (of_.instead.asks()) {
      call.asked = copy_content(asked);
      if (of_.instead.wait(call)) {
        of_.pokes.poke();
        return {true};
      }
    }
  } catch (...) {
    // Out of memory, or its types cannot be copied.
  }
  auto value = of_.instead.agreed();
  return {false, value ? reported(std::move(*value), call.call, call.report)
                       : std::nullopt};
}

} // namespace bulwark::detail
