#pragma once

#include <string>
#include <vector>

namespace bench {

/// Returns the value in the middle, or the mean of the two there.
/// @pre not empty
double median(std::vector<double> values);

/// Returns the smallest value that at least `share` of all do not exceed.
/// @pre not empty, `0 < share <= 1`
double quantile(std::vector<double> values, double share);

/// Prints one figure as a line `name value unit`.
void print_figure(const std::string& name, double value,
                  const std::string& unit);

} // namespace bench
