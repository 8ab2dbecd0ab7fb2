#include <bulwark/replication/replication_options.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <algorithm>
#include <cstdint>

namespace bulwark {

using namespace option_checks;

namespace {

constexpr uint64_t log_entries_max = 10'000'000;

complaint different_members(const std::vector<std::string>& names) {
  for (auto i = names.begin(); i != names.end(); ++i) {
    if (i->empty())
      return said("replication.members", "\"\"", "names");
    if (std::find(names.begin(), i, *i) != i)
      return said("replication.members", *i + " twice", "different names");
  }
  return std::nullopt;
}

} // namespace

complaint validate(const replication_options& o) {
  if (auto bad = within("replication.members", uint64_t{o.members.size()}, 1,
                        replication_options::members_max))
    return bad;
  return first_of(
    different_members(o.members),
    within("replication.acknowledgements", uint64_t{o.acknowledgements}, 0,
           o.followers()),
    within("replication.unacknowledged_max", uint64_t{o.unacknowledged_max}, 1,
           log_entries_max - 1),
    within("replication.log_max", uint64_t{o.log_max}, o.unacknowledged_max + 1,
           log_entries_max),
    within("replication.remembered_max", uint64_t{o.remembered_max}, 0,
           log_entries_max),
    within("replication.batch_max", uint64_t{o.batch_max}, 1, log_entries_max));
}

} // namespace bulwark
