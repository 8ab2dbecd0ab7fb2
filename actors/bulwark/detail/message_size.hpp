#pragma once

#include <caf/fwd.hpp>

#include <cstddef>

namespace bulwark::detail {

/// Returns how many bytes CAF's serialiser would write for `content`, or 256
/// for a type that it cannot write.
size_t message_size(caf::actor_system& sys,
                    const caf::type_erased_tuple& content) noexcept;

} // namespace bulwark::detail
