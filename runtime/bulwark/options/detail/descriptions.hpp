#pragma once

#include <bulwark/options/application.hpp>

#include <boost/program_options/options_description.hpp>

namespace bulwark::detail {

/// Options that make sense on the command line only.
boost::program_options::options_description command_options();

/// Options of the node and of the program, for command line and file.
boost::program_options::options_description
file_options(const application& app);

} // namespace bulwark::detail
