#pragma once

#include <bulwark/options/program_options.hpp>

#include <string>

namespace bulwark {

/// What a program is called, and the options that it adds to those of its
/// node. They are accepted on the command line and in the file of options,
/// and read by `node::option`.
///
/// Immutable after construction.
struct application {
  /// For `--help`, `--version` and errors. Empty: the name of the executable.
  std::string name = {};

  /// For `--version`; left out when empty.
  std::string version = {};

  program_options options = {};
};

} // namespace bulwark
