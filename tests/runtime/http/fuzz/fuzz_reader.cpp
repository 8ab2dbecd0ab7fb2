// For libFuzzer: the first byte says how the others are cut into pieces.
#include "fuzz/compare.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0)
    return 0;
  using namespace bulwark::test;
  std::string bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
  auto piece = data[0];
  auto found = compare_readings(bytes, [=] { return size_t{piece}; });
  auto difference =
    found.difference.empty() ? compare_with_beast(bytes) : found.difference;
  if (difference.empty())
    return 0;
  std::fprintf(stderr, "%s\n", difference.c_str());
  std::abort();
}
