#pragma once

#include <bulwark/options/detail/file_origins.hpp>
#include <bulwark/options/program_options.hpp>

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>

#include <any>
#include <map>
#include <string>

namespace bulwark::detail {

/// The values of a program's own options, as far as they are known.
using program_values = std::map<std::string, std::any>;

/// Returns the options of a program for `--help` and the parser.
boost::program_options::options_description
describe_program(const program_options& options);

/// Reads them out of what was given.
/// @throws config_error that says where, value and rule
program_values
read_program_values(const program_options& options,
                    const boost::program_options::variables_map& given,
                    const file_origins& origins);

} // namespace bulwark::detail
