#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace bulwark::test {

/// Small, so that inputs reach them.
inline constexpr size_t fuzz_header_max = 256;
inline constexpr size_t fuzz_body_max = 64;

/// What became of an input.
struct comparison {
  /// What the server's reader and another disagree about, or empty.
  std::string difference;
  size_t requests = 0;
  bool refused = false;
};

/// Reads `bytes` by the server's reader, in pieces of the lengths that
/// `next_piece` gives, and by the plain reading.
comparison compare_readings(const std::string& bytes,
                            const std::function<size_t()>& next_piece);

/// Whether Boost.Beast takes the first request of `bytes`, where both it and
/// the server's reader take one, for the same. Returns the difference.
std::string compare_with_beast(const std::string& bytes);

} // namespace bulwark::test
