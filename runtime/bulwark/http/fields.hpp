#pragma once

#include <string>
#include <utility>
#include <vector>

namespace bulwark {

/// Fields of a header: names and values, in the order they came or go.
using http_fields = std::vector<std::pair<std::string, std::string>>;

} // namespace bulwark
