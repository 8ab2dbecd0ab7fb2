#include <bulwark/events/event_words.hpp>
#include <bulwark/journal/detail/journal_retention.hpp>

#include <algorithm>
#include <string>

namespace bulwark::detail {

namespace {

// Rows that are looked at for changes in one step.
constexpr int64_t look_max = 20'000;

/// Returns the words of all changes, quoted for SQL.
std::string change_words() {
  std::string result;
  for (int i = 0; i <= static_cast<int>(last_event_kind); ++i) {
    auto kind = static_cast<event_kind>(i);
    if (classify(kind) != event_class::change)
      continue;
    result += result.empty() ? "'" : ", '";
    result += to_string(kind) + "'";
  }
  return result;
}

uint64_t bytes_in_use(const sqlite_handle& in) {
  auto pages =
    in.number("pragma page_count") - in.number("pragma freelist_count");
  return static_cast<uint64_t>(pages * in.number("pragma page_size"));
}

bool remove_old(sqlite_handle& in, wall_time oldest) {
  auto remove = in.prepare(
    "delete from events where id in (select id from events where booted + "
    "uptime / 1000 < ? order by booted + uptime / 1000 limit ?) "
    "and id < (select max(id) from events)");
  remove.bind_all(int64_t{oldest.time_since_epoch().count()},
                  journal_retention::step_max);
  remove.run();
  return in.changes() > 0;
}

bool remove_oldest(sqlite_handle& in) {
  auto remove = in.prepare("delete from events where id in (select id from "
                           "events order by id limit ?) "
                           "and id < (select max(id) from events)");
  remove.bind_all(journal_retention::step_max);
  remove.run();
  return in.changes() > 0;
}

/// Removes gaps behind which no event of their origin is left: positions tell
/// of them as well.
void remove_gaps(sqlite_handle& in) {
  in.run("delete from gaps where last <= (select upto from origins where id = "
         "origin) and not exists (select 1 from events where events.origin = "
         "gaps.origin and sequence < first)");
}

} // namespace

bool journal_retention::step(sqlite_handle& in,
                             const retention_limits& limits) {
  if (remove_old(in, limits.oldest)) {
    remove_gaps(in);
    return true;
  }
  if (bytes_in_use(in) <= limits.size_max)
    return false;
  // Else a change that is new each time would keep all failures here.
  if (remove_changes(in))
    return true;
  return bytes_in_use(in) > limits.size_max && remove_oldest(in);
}

bool journal_retention::remove_changes(sqlite_handle& in) {
  static const auto words = change_words();
  auto last = in.number("select max(id) from events") - 1;
  if (no_changes_upto_ >= last)
    return false;
  auto upto = std::min(no_changes_upto_ + look_max, last);
  auto remove = in.prepare(
    "delete from events where id in (select id from events where id > ? and "
    "id <= ? and kind in ("
    + words + ") order by id limit ?)");
  remove.bind_all(no_changes_upto_, upto, step_max);
  remove.run();
  if (in.changes() == step_max)
    return true;
  no_changes_upto_ = upto;
  return upto < last;
}

} // namespace bulwark::detail
