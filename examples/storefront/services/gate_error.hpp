#pragma once

#include <caf/fwd.hpp>

#include <string>

namespace storefront {

/// Returns the HTTP status for a request that a gate answered with `error`:
/// 500 when the service crashed on it, 504 at the deadline, 429 when too much
/// is in flight, 503 when the service cannot be had now.
int status_of(const caf::error& error);

/// Returns what a customer is told: which service could not answer and why,
/// but never the text of an exception, which is for the log.
std::string words_for(const caf::error& error, const std::string& service);

} // namespace storefront
