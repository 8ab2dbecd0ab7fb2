#pragma once

#include <bulwark/options/application.hpp>
#include <bulwark/options/detail/caf_options.hpp>
#include <bulwark/options/detail/policy_overrides.hpp>
#include <bulwark/options/detail/program_values.hpp>
#include <bulwark/options/node_options.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace bulwark {

/// What a program was started for.
enum class program_mode : uint8_t { run, help, version };

/// A command line, and the file of options that it names, taken apart.
///
/// Immutable after construction.
struct given_options {
  program_mode mode = program_mode::run;
  node_options node;
  policy_overrides overrides;
  caf_options caf;

  /// The program's own options.
  detail::program_values program = {};
};

/// Reads a command line, without the name of the program, and the file that
/// `--config` names. The command line wins over the file.
/// @throws config_error with one line that names key, value and rule
given_options read_options(const std::vector<std::string>& arguments,
                           const application& app);

/// Returns what `--help` prints.
std::string help_text(const application& app);

/// Returns what `--version` prints.
std::string version_text(const application& app);

} // namespace bulwark
