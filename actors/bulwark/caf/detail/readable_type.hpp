#pragma once

#include <string>
#include <typeinfo>

namespace bulwark::detail {

/// Returns the name of a type as one writes it in C++.
std::string readable(const std::type_info& type);

} // namespace bulwark::detail
