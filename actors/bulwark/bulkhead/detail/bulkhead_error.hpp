#pragma once

#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/caf/caf_error.hpp>

#include <string>

namespace bulwark::detail {

/// Whether a bulkhead refuses with this code: `bulkhead_full`,
/// `bulkhead_timeout`, `bulkhead_isolated` and `rate_limited`.
bool is_bulkhead_error(errc code) noexcept;

/// Returns the error with which `bulkhead` refuses `whom`, in words; the first
/// three codes carry what `refusal_of` reads.
/// @pre `is_bulkhead_error(code)`
caf::error bulkhead_error(errc code, const std::string& whom,
                          const bulkhead_core& bulkhead);

} // namespace bulwark::detail
