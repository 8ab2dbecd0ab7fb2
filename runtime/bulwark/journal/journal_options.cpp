#include <bulwark/journal/journal_options.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <limits>

namespace bulwark {

using namespace option_checks;

namespace {

complaint filled(std::string_view field, bool is_empty, std::string_view rule) {
  if (is_empty)
    return said(field, "\"\"", rule);
  return std::nullopt;
}

} // namespace

complaint validate(const journal_options& o) {
  constexpr auto any = std::numeric_limits<uint64_t>::max();
  constexpr uint64_t mebibyte = uint64_t{1} << 20;
  return first_of(
    filled("journal.path", o.path.empty(), "the path of a file"),
    filled("journal.node", o.node.empty(), "the name of a node"),
    within("journal.group_max", o.group_max, 1, 10'000),
    within("journal.group_wait", o.group_wait, duration::zero(),
           std::chrono::seconds{1}),
    within("journal.waiting_max", o.waiting_max, 1, any),
    within("journal.waiting_bytes_max", o.waiting_bytes_max, 1, any),
    positive("journal.retry_initial", o.retry_initial),
    positive("journal.retry_max", o.retry_max),
    at_least("journal.retry_max", o.retry_max, "journal.retry_initial",
             o.retry_initial),
    positive("journal.retention_age", o.retention_age),
    within("journal.retention_size", o.retention_size, mebibyte,
           std::numeric_limits<int64_t>::max()),
    within("journal.wal_size", o.wal_size, mebibyte, 64 * mebibyte));
}

} // namespace bulwark
