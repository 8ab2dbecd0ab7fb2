#include <bulwark/protection/detail/time_window.hpp>

namespace bulwark {

namespace {

uint64_t added_since(uint64_t present, uint64_t past,
                     uint32_t period) noexcept {
  if (!tagged::is_of(present, period))
    return 0;
  auto before = tagged::is_of(past, period) ? tagged::value(past) : 0;
  auto now = tagged::value(present);
  return now > before ? now - before : 0;
}

} // namespace

uint64_t time_window::calls_of(uint32_t period) const noexcept {
  uint64_t result = 0;
  for (const auto& each : lanes_)
    if (auto word = each.calls.word(); tagged::is_of(word, period))
      result += tagged::value(word);
  return tagged::make(period, result);
}

void time_window::begin(uint32_t period) noexcept {
  for (auto& each : lanes_)
    each.calls.begin(period);
  failures_.begin(period);
  slow_.begin(period);
}

time_window::history::totals time_window::present() const noexcept {
  // All lanes were told of the period.
  auto period = static_cast<uint32_t>(lanes_.front().calls.word() >> 48);
  return {calls_of(period), failures_.word(), slow_.word()};
}

std::optional<window_sums> time_window::add(uint32_t period, bool failed,
                                            bool slow,
                                            time_point now) noexcept {
  past_.notice(now, [this] { return present(); });
  // The call first, so that no share is ever too high.
  if (!lanes_[thread_lane()].calls.add(period))
    return std::nullopt;
  if (failed)
    failures_.add(period);
  if (slow)
    slow_.add(period);
  return read(period, now);
}

window_sums time_window::read(uint32_t period, time_point now) const noexcept {
  auto before = past_.at(now, steps - 1);
  if (!before)
    return {};
  window_sums result;
  result.failures = added_since(failures_.word(), (*before)[1], period);
  result.slow = added_since(slow_.word(), (*before)[2], period);
  if (result.failures > 0 || result.slow > 0)
    result.calls = added_since(calls_of(period), (*before)[0], period);
  return result;
}

} // namespace bulwark
