#pragma once

#include <bulwark/caf/detail/element.hpp>
#include <bulwark/text/detail/plain_line.hpp>

#include <caf/fwd.hpp>

#include <cstddef>
#include <string>

namespace bulwark::detail {

/// Returns the name of the type of value `i`: the registered one, or, for what
/// stays within its process, as one writes it in C++.
std::string type_name(caf::actor_system& sys, const content_view& content,
                      size_t i);

/// Adds the name of the type of the first value. Takes no lock and no memory,
/// so that a signal handler can call it.
/// @pre there is a value
void add_first_type(plain_line& line, const content_view& content) noexcept;

} // namespace bulwark::detail
