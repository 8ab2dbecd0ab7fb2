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

time_window::history::totals time_window::present() const noexcept {
  return {calls_.word(), failures_.word(), slow_.word()};
}

std::optional<window_sums> time_window::add(uint32_t period, bool failed,
                                            bool slow,
                                            time_point now) noexcept {
  past_.notice(now, [this] { return present(); });
  // The call first, so that no share is ever too high.
  if (!calls_.add(period))
    return std::nullopt;
  if (failed)
    failures_.add(period);
  if (slow)
    slow_.add(period);
  return read(period, now);
}

window_sums time_window::read(uint32_t period, time_point now) const noexcept {
  auto sums = present();
  auto before = past_.at(now, steps - 1, sums);
  return {added_since(sums[0], before[0], period),
          added_since(sums[1], before[1], period),
          added_since(sums[2], before[2], period)};
}

} // namespace bulwark
