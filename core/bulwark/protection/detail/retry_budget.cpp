#include <bulwark/protection/detail/retry_budget.hpp>

namespace bulwark {

retry_budget::history::totals retry_budget::present() const noexcept {
  history::totals result{0, extra_.load(std::memory_order_acquire)};
  for (const auto& each : lanes_)
    result[0] += each.first.load(std::memory_order_relaxed);
  return result;
}

void retry_budget::notice(time_point now) noexcept {
  past_.notice(now, [this] { return present(); });
}

void retry_budget::deposit(time_point now) noexcept {
  notice(now);
  auto lane = thread_lane();
  add_on_lane(lanes_[lane].first, lane, uint64_t{1}, std::memory_order_relaxed);
}

bool retry_budget::take(time_point now) noexcept {
  notice(now);
  auto total = present();
  auto bound = options();
  auto floor = static_cast<double>(bound.per_second)
               * static_cast<double>(life.count()) / 1e9;
  // Again only when another thread has taken one meanwhile.
  for (;;) {
    auto first = total[0] - past_.at(now, steps - 2).value_or(total)[0];
    auto extra = total[1] - past_.at(now, steps - 1).value_or(total)[1];
    auto most = bound.share * static_cast<double>(first) + floor;
    if (static_cast<double>(extra + 1) > most)
      return false;
    if (extra_.compare_exchange_weak(total[1], total[1] + 1,
                                     std::memory_order_acq_rel))
      return true;
  }
}

} // namespace bulwark
