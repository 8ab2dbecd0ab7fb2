#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace storefront {

/// Returns ports of the loopback address that were free a moment ago, all
/// different: the nodes need to know each other's before they start.
/// @throws std::system_error
std::vector<uint16_t> free_ports(size_t count);

} // namespace storefront
