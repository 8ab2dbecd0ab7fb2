#pragma once

#include <bulwark/node/node.hpp>
#include <bulwark/options/program_options.hpp>

/// Adds the options of `run_servers`.
void add_server_options(bulwark::program_options& to);

/// With `--postgres`: this process owns PostgreSQL servers, all three or those
/// of `--servers`, and may say which of them is the primary.
void run_servers(bulwark::node& node);
