#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace rules {

/// A C++ file of the project, as written and as code alone.
///
/// Immutable after construction.
struct source {
  /// Path from the root of the project, with `/`: `core/bulwark/errc.hpp`.
  std::string path;

  /// The lines as written.
  std::vector<std::string> lines;

  /// The same lines; comments and the insides of literals are blanks.
  std::vector<std::string> code;

  /// Returns whether the file lies in the folder `folder`, at any depth.
  bool in(const std::string& folder) const;
};

/// Returns `text` with comments and the insides of string and character
/// literals replaced by blanks. Lines stay where they are.
std::string code_of(const std::string& text);

/// Reads a whole file.
std::string read_file(const std::filesystem::path& file);

/// Returns the parts of `text` between its line ends.
std::vector<std::string> split_lines(const std::string& text);

/// Reads all `.hpp` and `.cpp` files in the project's own folders, sorted by
/// path.
std::vector<source> read_sources(const std::filesystem::path& root);

} // namespace rules
