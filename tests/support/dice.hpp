#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace test {

/// Chance from a seed, the same with every standard library: the engine is
/// specified to the bit, the distributions are not.
///
/// Confined to one thread.
class dice {
public:
  explicit dice(uint64_t seed) : engine_(seed) {}

  /// Returns a number within [0, count).
  /// @pre count > 0
  size_t below(size_t count) { return engine_() % count; }

  /// Returns true `hits` times of `of`.
  bool roll(size_t hits, size_t of) { return below(of) < hits; }

  template <class Value>
  Value any(size_t count) {
    return static_cast<Value>(below(count));
  }

  /// @pre !values.empty()
  template <class Value>
  const Value& pick(const std::vector<Value>& values) {
    return values[below(values.size())];
  }

private:
  std::mt19937_64 engine_;
};

} // namespace test
