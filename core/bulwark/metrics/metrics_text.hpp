#pragma once

#include <bulwark/metrics/metric_family.hpp>
#include <bulwark/metrics/metrics_format.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace bulwark {

/// How many values one text has at most.
inline constexpr size_t metrics_series_max = 10'000;

/// Returns metrics as a server of metrics reads them: of each family its help,
/// type and unit, then its values. Families without values are left out.
///
/// At most `series_max` values are written, the first ones; how many were left
/// out is the value of the last metric, `bulwark_series_left_out`.
///
/// @pre names are unique and as `metric_family` wants them; texts are UTF-8;
/// `series_max` is at least 1
[[nodiscard]] std::string
metrics_text(const std::vector<metric_family>& families, metrics_format format,
             size_t series_max = metrics_series_max);

} // namespace bulwark
