#include <bulwark/bulkhead/detail/permit_table.hpp>
#include <bulwark/bulkhead/held_allocations.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <tuple>

namespace bulwark {

namespace {

constexpr double bytes_per_mb = 1e6;

/// Nothing: set aside for a service as a whole.
using entry = std::pair<std::optional<held_entry::kind>, held_entry>;

std::string id_of(const entry& what, const std::string& consumer) {
  if (!what.first)
    return consumer + "_allocated";
  auto number = std::to_string(what.second.number);
  return *what.first == held_entry::kind::lease ? consumer + "_lease_" + number
                                                : consumer + "_" + number;
}

bool is_older(const entry& a, const entry& b) {
  return std::tie(a.second.since, a.second.number, a.second.consumer)
         < std::tie(b.second.since, b.second.number, b.second.consumer);
}

} // namespace

held_allocations list_held(const std::string& name, const permit_table& table,
                           std::vector<held_entry> held, time_point now,
                           wall_time wall) {
  using std::chrono::duration_cast;
  std::vector<entry> all;
  for (const auto& each : held)
    all.emplace_back(each.what, each);
  for (const auto& account : table.accounts())
    if (account.allotted > 0)
      all.emplace_back(
        std::nullopt,
        held_entry{
          {}, account.number, 0, account.allotted, account.allotted_since});
  held_allocations result;
  result.bulkhead = name;
  result.total = all.size();
  auto listed = std::min(all.size(), held_allocations::listed_max);
  std::partial_sort(all.begin(),
                    all.begin() + static_cast<std::ptrdiff_t>(listed),
                    all.end(), is_older);
  all.resize(listed);
  const auto& options = table.options();
  auto is_memory = options.kind == bulkhead_kind::memory_pool;
  uint64_t sum = 0;
  for (const auto& each : all) {
    held_allocation told;
    told.consumer = table.accounts()[each.second.consumer].name;
    told.allocation_id = id_of(each, told.consumer);
    told.amount = each.second.amount;
    if (is_memory)
      told.size_mb = static_cast<double>(told.amount)
                     * static_cast<double>(options.permit_bytes) / bytes_per_mb;
    told.held_for = now - each.second.since;
    if (wall != wall_time{})
      told.allocated_at =
        wall - duration_cast<wall_time::duration>(told.held_for);
    sum += told.amount;
    result.allocations.push_back(std::move(told));
  }
  auto use = table.counter().use();
  result.not_listed = use - std::min(use, sum);
  return result;
}

} // namespace bulwark
