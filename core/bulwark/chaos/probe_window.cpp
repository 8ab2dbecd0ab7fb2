#include <bulwark/chaos/probe_window.hpp>

#include <algorithm>
#include <chrono>
#include <vector>

namespace bulwark {

namespace {

double in_ms(duration length) {
  return std::chrono::duration<double, std::milli>{length}.count();
}

/// @pre `sorted` is not empty, `share` is below 1
double quantile(const std::vector<duration>& sorted, double share) {
  auto place = static_cast<size_t>(share * static_cast<double>(sorted.size()));
  return in_ms(sorted[place]);
}

} // namespace

void probe_window::forget(time_point now) {
  latest_ = std::max(latest_, now);
  while (!answers_.empty()
         && (answers_.size() > answers_max
             || latest_ - answers_.front().at > length))
    answers_.pop_front();
}

void probe_window::add(duration took, bool good, time_point now) {
  latest_ = std::max(latest_, now);
  answers_.push_back({latest_, took, good});
  forget(now);
}

void probe_window::read(const std::string& name, time_point now,
                        figure_readings& into) {
  forget(now);
  if (answers_.size() < answers_min)
    return;
  std::vector<duration> times;
  size_t good = 0;
  for (const auto& each : answers_) {
    times.push_back(each.took);
    good += each.good ? 1 : 0;
  }
  std::sort(times.begin(), times.end());
  into[name + ".ok_percent"] =
    100 * static_cast<double>(good) / static_cast<double>(times.size());
  into[name + ".p50_ms"] = quantile(times, 0.5);
  into[name + ".p99_ms"] = quantile(times, 0.99);
}

} // namespace bulwark
