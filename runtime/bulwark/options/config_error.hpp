#pragma once

#include <bulwark/text/detail/log_text.hpp>

#include <stdexcept>
#include <string>

namespace bulwark {

/// An option, a declaration or a file of options was refused: the text is one
/// line that names key, value and rule. A program whose setup throws it ends
/// with exit code 64, and nothing is started.
///
/// Immutable after construction.
class config_error : public std::runtime_error {
public:
  /// Control characters in `text` are escaped.
  explicit config_error(const std::string& text)
    : std::runtime_error(one_line(text)) {}
};

} // namespace bulwark
