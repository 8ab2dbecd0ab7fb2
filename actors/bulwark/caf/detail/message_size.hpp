#pragma once

#include <caf/fwd.hpp>

#include <cstddef>

namespace bulwark::detail {

/// Returns how many bytes CAF's serialiser would write for the values in
/// `content`. A value that it does not write, or that names actors, counts as
/// many as it takes to print it, and at least 256.
size_t message_size(const caf::type_erased_tuple& content) noexcept;

} // namespace bulwark::detail
