#pragma once

#include "runtime/database/bank.hpp"

#include <cstdint>
#include <memory>

namespace test {

/// A bank on the three PostgreSQL servers of examples/database_cluster, of
/// which the first has that port.
std::unique_ptr<bank> postgres_bank_on(uint16_t port);

} // namespace test
