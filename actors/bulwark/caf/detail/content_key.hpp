#pragma once

#include <bulwark/caf/detail/element.hpp>

#include <optional>
#include <string>

namespace bulwark::detail {

/// Returns the types and values of a content as bytes: equal ones are of equal
/// contents. Nothing, where CAF cannot write a value without an actor system,
/// as one that names actors, or writes none of it.
std::optional<std::string> content_key(const content_view& content) noexcept;

} // namespace bulwark::detail
