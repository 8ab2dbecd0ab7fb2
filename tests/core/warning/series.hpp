#pragma once

#include "support/dice.hpp"

#include <bulwark/time/time.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace test {

/// How a figure goes.
enum class course : uint8_t { ramp, step, saw, noise, day };

/// Samples of a bounded figure, in percent, one every ten seconds; of a day one
/// every five minutes.
struct series {
  course shape = course::noise;
  std::vector<double> values;
  bulwark::duration every{};

  /// Where the ramp begins that ends at 100 percent; `values.size()`: none
  /// does.
  size_t ramp_begin = 0;

  /// Samples from there to the first at 100.
  size_t ramp_length = 0;
};

std::string to_string(course shape);

/// Returns a series whose figures all follow from the seed.
series draw(course shape, uint64_t seed);

} // namespace test
