#include <bulwark/cluster/detail/arrival_history.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace bulwark::detail {

namespace {

/// Keeps the sum of squares of 1,000 of them within 64 bits.
constexpr std::chrono::seconds interval_max{60};

int64_t microseconds(duration time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

} // namespace

arrival_history::arrival_history(const noticing_options& options,
                                 time_point begin)
  : options_(options), last_(begin) {
  // Nothing is known of a new one: a beat, a quarter of it more or less.
  add(options.beat - options.beat / 4);
  add(options.beat + options.beat / 4);
}

void arrival_history::add(duration interval) {
  auto value = microseconds(std::min<duration>(interval, interval_max));
  if (samples_.size() < options_.samples_max) {
    samples_.push_back(value);
  } else {
    auto& oldest = samples_[next_];
    sum_ -= oldest;
    squares_ -= oldest * oldest;
    oldest = value;
    next_ = (next_ + 1) % samples_.size();
  }
  sum_ += value;
  squares_ += value * value;
}

void arrival_history::heard(time_point at) {
  if (at < last_ + resolution)
    return;
  // What was too long to be usual is not to become usual.
  if (!suspect(at))
    add(at - last_);
  last_ = at;
}

/// While there is traffic something comes more often than a beat; when it ends
/// beats are all that comes.
double arrival_history::mean() const {
  return std::max(static_cast<double>(sum_)
                    / static_cast<double>(samples_.size()),
                  static_cast<double>(microseconds(options_.beat)));
}

double arrival_history::deviation() const {
  auto count = static_cast<double>(samples_.size());
  auto average = static_cast<double>(sum_) / count;
  auto variance = static_cast<double>(squares_) / count - average * average;
  return std::max(std::sqrt(std::max(variance, 0.0)),
                  static_cast<double>(microseconds(options_.deviation_min)));
}

double arrival_history::phi(time_point now, double stretch) const {
  auto silence = static_cast<double>(microseconds(now - last_)) / stretch;
  auto usual = mean() + static_cast<double>(microseconds(options_.pause));
  auto y = (silence - usual) / deviation();
  auto exponent = y * (1.5976 + 0.070566 * y * y);
  // log10(1 + e^x), where e^x may be too large for a number.
  return exponent > 100 ? exponent / std::log(10)
                        : std::log10(1 + std::exp(exponent));
}

} // namespace bulwark::detail
