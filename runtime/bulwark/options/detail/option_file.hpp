#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bulwark::detail {

/// One line of a file of options.
struct file_entry {
  /// With its section: `service.orders.replicas`.
  std::string key;
  std::string value;
  size_t line = 0;
};

/// A file of options may be so long, in bytes.
inline constexpr size_t option_file_max = 1024 * 1024;

/// Reads the text of an INI file: lines of `[section]` and `key = value`. `#`
/// begins a comment anywhere, `;` at the beginning of a line. A byte order
/// mark and ends of lines as on Windows are passed over.
/// @throws config_error with `path` and the number of the line
std::vector<file_entry> parse_option_file(std::string_view text,
                                          const std::string& path);

/// Returns the text of the file that `--config` names.
/// @throws config_error if it cannot be read, is a directory or too long
std::string option_file_text(const std::string& path);

} // namespace bulwark::detail
