#pragma once

#include <catch2/catch.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace test {

/// Returns the number in an environment variable, if it is set.
inline uint64_t number_from(const char* variable, uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoull(text);
}

/// Calls `run` with the seeds 1 .. `count` and names the seed where it fails.
/// BULWARK_SEED=n replays one seed, BULWARK_SEEDS=n tries n of them.
template <class F>
void for_each_seed(uint64_t count, F run) {
  const auto first = number_from("BULWARK_SEED", 1);
  count = number_from("BULWARK_SEEDS",
                      std::getenv("BULWARK_SEED") == nullptr ? count : 1);
  for (auto seed = first; seed < first + count; ++seed) {
    INFO("replay with BULWARK_SEED=" << seed);
    run(seed);
  }
}

} // namespace test
