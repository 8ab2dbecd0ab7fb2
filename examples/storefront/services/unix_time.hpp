#pragma once

#include <chrono>
#include <cstdint>

namespace storefront {

/// Returns the seconds since 1970, UTC.
inline int64_t unix_now() {
  using namespace std::chrono;
  return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace storefront
