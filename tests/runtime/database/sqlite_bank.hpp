#pragma once

#include "runtime/database/bank.hpp"

#include <bulwark/node/node.hpp>

#include <memory>

namespace test {

/// A bank on the members of examples/database_cluster, wherever they run.
std::unique_ptr<bank> bank_on(bulwark::node& node);

} // namespace test
