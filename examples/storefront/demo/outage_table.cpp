#include "demo/outage_table.hpp"

#include <bulwark/journal/journal_reader.hpp>
#include <bulwark/ledger/ledger.hpp>
#include <bulwark/text/duration_text.hpp>

#include <fmt/core.h>

namespace storefront {

namespace {

std::string milliseconds(bulwark::duration exact) {
  return bulwark::to_text(std::chrono::round<std::chrono::milliseconds>(exact));
}

bulwark::duration outage_within(const bulwark::ledger& known,
                                const watched_gap& watched) {
  std::chrono::duration<double, std::nano> window{watched.to - watched.from};
  auto up = known.availability(watched.to - watched.from, watched.to,
                               "service/" + watched.service);
  return std::chrono::round<bulwark::duration>(window * (1 - up / 100));
}

} // namespace

std::vector<outage_row>
measure_outages(const std::vector<watched_gap>& watched,
                const std::vector<std::filesystem::path>& journals) {
  bulwark::ledger known;
  for (const auto& path : journals) {
    bulwark::journal_reader reader{path};
    auto cursor = reader.in_ledger_order();
    for (auto some = cursor.next(); !some.empty(); some = cursor.next())
      for (const auto& each : some)
        known.add(each);
  }
  std::vector<outage_row> result;
  for (const auto& each : watched)
    result.push_back({each, outage_within(known, each)});
  return result;
}

std::vector<std::string> disagreements(const std::vector<outage_row>& rows) {
  std::vector<std::string> result;
  for (const auto& [client, outage] : rows) {
    auto what = client.event + " of " + client.service;
    if (outage <= bulwark::duration::zero())
      result.push_back("the journals do not tell of the " + what);
    if (outage > client.gap + client.tolerance)
      result.push_back("the " + what + " took " + milliseconds(outage)
                       + " in the journals and " + milliseconds(client.gap)
                       + " for a client");
  }
  return result;
}

std::string outage_table(const std::vector<outage_row>& rows) {
  auto text = fmt::format("\n{:<24}{:<10}{:>12}{:>12}{:>12}\n", "service",
                          "event", "client saw", "ledger", "difference");
  for (const auto& [client, outage] : rows)
    text +=
      fmt::format("{:<24}{:<10}{:>12}{:>12}{:>12}\n", client.service,
                  client.event, milliseconds(client.gap), milliseconds(outage),
                  milliseconds(client.gap - outage));
  return text;
}

} // namespace storefront
