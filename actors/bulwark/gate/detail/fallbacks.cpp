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
                     gate_substitutes substitutes, emitter events)
  : options_(options),
    substitutes_(std::move(substitutes)),
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

bool fallbacks::covers(errc code) noexcept {
  return code == errc{} || outcome_of(code) != call_outcome::ignored
         || was_never_handled(code);
}

std::optional<fallbacks::answer> fallbacks::known(const std::string& key,
                                                  time_point now) noexcept {
  if (key.empty())
    return std::nullopt;
  try {
    lock_guard guard{lock_};
    if (const auto* found = known_.find(key, now))
      return answer{found->value,
                    {.from_cache = true, .cache_timestamp = found->timestamp}};
  } catch (...) {
    // Out of memory.
  }
  return std::nullopt;
}

std::optional<fallbacks::answer> fallbacks::agreed() const noexcept {
  if (!substitutes_.value)
    return std::nullopt;
  return answer{*substitutes_.value, {.fallback = true}};
}

bool fallbacks::wait(bereft_call& call) noexcept {
  try {
    lock_guard guard{lock_};
    if (closed_ || waiting_.size() >= waiting_max)
      return false;
    if (waiting_.size() == waiting_.capacity())
      waiting_.reserve(2 * waiting_.size() + 1);
    waiting_.push_back(std::move(call)); // Cannot fail.
    return true;
  } catch (...) {
    return false; // Out of memory.
  }
}

std::vector<bereft_call> fallbacks::take_waiting() noexcept {
  std::vector<bereft_call> result;
  lock_guard guard{lock_};
  result.swap(waiting_);
  return result;
}

void fallbacks::close() noexcept {
  lock_guard guard{lock_};
  closed_ = true;
}

caf::message with_report(const call_report& report,
                         const caf::message& answer) {
  return caf::make_message(report) + answer;
}

} // namespace bulwark::detail
