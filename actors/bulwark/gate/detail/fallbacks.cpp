#include <bulwark/caf/detail/content_key.hpp>
#include <bulwark/calls/call_report_message.hpp>
#include <bulwark/gate/detail/fallbacks.hpp>
#include <bulwark/protection/detail/error_outcome.hpp>
#include <bulwark/protection/detail/wall_now.hpp>

#include <caf/make_message.hpp>

#include <stdexcept>
#include <utility>

namespace bulwark::detail {

namespace {

const fallback_options& checked_fallback(const std::string& service,
                                         const fallback_options& options) {
  if (auto complaint = validate(options))
    throw std::invalid_argument{"service " + service + ": " + *complaint};
  return options;
}

} // namespace

fallbacks::fallbacks(const std::string& service,
                     const fallback_options& options,
                     std::optional<caf::message> value, emitter events)
  : last_good_(options.last_good),
    value_(std::move(value)),
    events_(std::move(events)),
    known_(checked_fallback(service, options)) {}

void fallbacks::put(const std::string& key, const caf::message& good,
                    time_point now) noexcept {
  try {
    auto written = content_key(good.content());
    if (!written)
      return;
    auto at = wall_now(events_);
    lock_guard guard{lock_};
    known_.put(key, good, written->size(), now, at);
  } catch (...) {
    // Out of memory: it is not known then.
  }
}

std::optional<fallbacks::answer>
fallbacks::instead_of(errc code, const std::string& key,
                      time_point now) noexcept {
  if (code != errc{} && outcome_of(code) == call_outcome::ignored
      && !was_never_handled(code))
    return std::nullopt;
  try {
    if (!key.empty()) {
      lock_guard guard{lock_};
      if (const auto* known = known_.find(key, now))
        return answer{
          known->value,
          {.from_cache = true, .cache_timestamp = known->timestamp}};
    }
    if (value_)
      return answer{*value_, {.fallback = true}};
  } catch (...) {
    // Out of memory.
  }
  return std::nullopt;
}

caf::message with_report(const call_report& report,
                         const caf::message& answer) {
  return caf::make_message(report) + answer;
}

} // namespace bulwark::detail
