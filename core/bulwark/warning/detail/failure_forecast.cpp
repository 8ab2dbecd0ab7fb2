#include <bulwark/warning/detail/failure_forecast.hpp>

#include <algorithm>
#include <cmath>

namespace bulwark {

namespace {

using exact_seconds = std::chrono::duration<double>;

/// How many failures make a rate.
constexpr size_t rate_min = 3;

/// Returns after how long a period holds more than `limit`, with one more
/// failure after each `gap`; `inside` are those within the period that ends
/// with the latest.
std::optional<duration> passed_after(const std::vector<time_point>& inside,
                                     uint32_t limit, duration period,
                                     duration gap) {
  auto needed = limit + 1 - inside.size();
  // One that comes so late that it pushes out as many as it adds.
  for (size_t k = needed; k <= limit + size_t{1}; ++k) {
    auto at = inside.back() + gap * static_cast<int64_t>(k);
    auto kept = inside.end()
                - std::upper_bound(inside.begin(), inside.end(), at - period);
    auto recent = gap > duration::zero() ? std::min<int64_t>(
                    static_cast<int64_t>(k), (period - duration{1}) / gap + 1)
                                         : static_cast<int64_t>(k);
    if (kept + recent > limit)
      return at - inside.back();
  }
  return std::nullopt;
}

} // namespace

std::optional<duration> foresee_limit(const std::vector<time_point>& failures,
                                      uint32_t limit, duration period) {
  if (failures.size() < rate_min)
    return std::nullopt;
  auto latest = failures.back();
  std::vector<time_point> inside{
    std::upper_bound(failures.begin(), failures.end(), latest - period),
    failures.end()};
  if (inside.size() < rate_min || inside.size() > limit)
    return std::nullopt;
  auto mean_gap =
    (latest - inside.front()) / static_cast<int64_t>(inside.size() - 1);
  auto last_gap = latest - inside[inside.size() - 2];
  auto by_mean = passed_after(inside, limit, period, mean_gap);
  auto by_last = passed_after(inside, limit, period, last_gap);
  if (!by_mean || !by_last)
    return std::nullopt;
  return std::max(*by_mean, *by_last);
}

double closing_in(const std::vector<time_point>& failures) {
  if (failures.size() < 3)
    return 0;
  auto whole = exact_seconds{failures.back() - failures.front()}.count();
  if (whole <= 0)
    return 0;
  double sum = 0;
  for (size_t i = 1; i + 1 < failures.size(); ++i)
    sum += exact_seconds{failures[i] - failures.front()}.count();
  auto between = static_cast<double>(failures.size() - 2);
  return (sum / between - whole / 2) / (whole * std::sqrt(1 / (12 * between)));
}

} // namespace bulwark
