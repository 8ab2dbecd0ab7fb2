#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>

#include <optional>
#include <string>
#include <vector>

namespace bulwark::program {

/// Reads the arguments of a command. Prints its help and returns nothing when
/// that was asked for. `places`: the options that words without a name before
/// them are values of, in this order; a last one with dots behind it,
/// `field...`, takes all that come.
/// @throws config_error for what is no option of it
std::optional<boost::program_options::variables_map>
read_arguments(const char* command, const std::string& words,
               boost::program_options::options_description known,
               const std::vector<std::string>& arguments,
               const std::vector<std::string>& places = {});

} // namespace bulwark::program
