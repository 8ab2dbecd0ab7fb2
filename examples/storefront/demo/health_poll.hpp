#pragma once

#include <bulwark/time/time.hpp>

#include <cstdint>

namespace storefront {

/// Waits until `GET /health` on a port of loopback says that all services are
/// up; returns whether it did before the deadline.
bool poll_until_up(uint16_t port, bulwark::time_point deadline);

} // namespace storefront
