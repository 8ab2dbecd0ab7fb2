#pragma once

#include "rules/rules.hpp"

#include <functional>
#include <regex>
#include <string>
#include <vector>

namespace rules {

/// A pattern of code and what is said about it.
struct banned {
  std::regex pattern;
  std::string message;
};

/// Returns one finding for each line of code that matches a pattern, in files
/// for which `applies` is true. Comments and literals are no code.
std::vector<finding> search(const std::vector<source>& files,
                            const std::function<bool(const source&)>& applies,
                            const std::vector<banned>& patterns);

} // namespace rules
