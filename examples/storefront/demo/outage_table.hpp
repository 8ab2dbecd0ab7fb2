#pragma once

#include "demo/gap_watch.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace storefront {

/// What a client and the journals say of one outage.
struct outage_row {
  watched_gap client;

  /// How long the service was down in the cluster, as the ledger has it,
  /// while the client asked.
  bulwark::duration outage{};
};

/// Makes the ledger of the nodes' journals and measures each outage by it.
/// @throws bulwark::journal_error when a journal cannot be read
std::vector<outage_row>
measure_outages(const std::vector<watched_gap>& watched,
                const std::vector<std::filesystem::path>& journals);

/// Returns a line for each outage of which the ledger does not know, or which
/// it takes for longer than the client saw it.
std::vector<std::string> disagreements(const std::vector<outage_row>& rows);

/// Returns the table in lines for a person.
std::string outage_table(const std::vector<outage_row>& rows);

} // namespace storefront
