#include <bulwark/metrics/metric_family.hpp>

#include <array>
#include <cassert>
#include <charconv>
#include <cmath>

namespace bulwark {

namespace {

/// As OpenMetrics wants it: a whole number has a fraction, too.
std::string bound_text(double bound) {
  std::array<char, 32> digits{};
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), bound,
                           std::chars_format::fixed)
               .ptr;
  std::string result{digits.data(), end};
  return std::trunc(bound) == bound ? result + ".0" : result;
}

} // namespace

void metric_family::add_histogram(std::span<const double> bounds,
                                  std::span<const uint64_t> counts, double sum,
                                  const metric_labels& labels) {
  assert(counts.size() == bounds.size() + 1);
  uint64_t below = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    below += counts[i];
    auto with_bound = labels;
    with_bound.emplace_back("le",
                            i < bounds.size() ? bound_text(bounds[i]) : "+Inf");
    samples.push_back(
      {std::move(with_bound), static_cast<double>(below), "_bucket"});
  }
  samples.push_back({labels, static_cast<double>(below), "_count"});
  samples.push_back({labels, sum, "_sum"});
}

} // namespace bulwark
