#pragma once

#include <bulwark/options/application.hpp>
#include <bulwark/options/detail/caf_options.hpp>
#include <bulwark/options/detail/policy_overrides.hpp>
#include <bulwark/options/node_options.hpp>

#include <boost/program_options/variables_map.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace bulwark {

/// What a command line asks for.
enum class program_wish : uint8_t { run, help, version };

/// A command line, and the file of options that it names, taken apart.
///
/// Immutable after construction.
struct given_options {
  program_wish wish = program_wish::run;
  node_options node;
  policy_overrides overrides;
  caf_options caf;

  /// The program's own options.
  boost::program_options::variables_map program;
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
