#include "support/figures.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace bench {

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  auto middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle]
                                : (values[middle - 1] + values[middle]) / 2;
}

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  auto rank = std::ceil(share * static_cast<double>(values.size()));
  return values[static_cast<size_t>(rank) - 1];
}

void print_figure(const std::string& name, double value,
                  const std::string& unit) {
  std::printf("%s %.4g %s\n", name.c_str(), value, unit.c_str());
  // Some programs run for long, into a file.
  std::fflush(stdout);
}

} // namespace bench
