#pragma once

#include "demo/tally.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace storefront {

/// What the databases say about what the customers were told.
struct audit_result {
  /// References of orders and payments that were answered with 2xx and are
  /// not, or not wholly, in the database.
  std::vector<std::string> lost;

  /// References of those that are in it more than once.
  std::vector<std::string> doubled;
};

/// Compares the answers with the databases of orders and payments, which
/// nobody may be writing to.
/// @throws std::exception when a database cannot be read
audit_result audit(const totals& answers,
                   const std::filesystem::path& orders_file,
                   const std::filesystem::path& payments_file);

} // namespace storefront
