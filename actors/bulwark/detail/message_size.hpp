#pragma once

#include <caf/fwd.hpp>

#include <cstddef>

namespace bulwark::detail {

/// Returns how many bytes CAF's serialiser would write for the values in
/// `content`, and 256 for each of which it writes nothing.
size_t message_size(caf::actor_system& sys,
                    const caf::type_erased_tuple& content) noexcept;

} // namespace bulwark::detail
