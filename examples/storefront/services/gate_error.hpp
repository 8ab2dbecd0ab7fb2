#pragma once

#include <caf/fwd.hpp>

namespace storefront {

/// Returns the HTTP status for a request that a gate answered with `error`:
/// 500 when the service crashed on it, 504 at the deadline, 429 when too much
/// is in flight, 503 when the service cannot be had now.
int status_of(const caf::error& error);

} // namespace storefront
