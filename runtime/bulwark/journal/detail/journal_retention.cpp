#include <bulwark/events/event_words.hpp>
#include <bulwark/journal/detail/journal_retention.hpp>

#include <algorithm>

namespace bulwark::detail {

namespace {

// Rows that are looked at for changes in one step.
constexpr int64_t look_max = 20'000;

/// Returns the words of all kinds that the ledger does not count, quoted for
/// SQL.
std::string change_words() {
  std::string result;
  for (int i = 0; i <= static_cast<int>(last_event_kind); ++i) {
    auto kind = static_cast<event_kind>(i);
    if (is_in_ledger(kind))
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

void remove_rows(sqlite_handle& in, const std::vector<int64_t>& ids) {
  auto remove = in.prepare("delete from events where id = ? and id < (select "
                           "max(id) from events)");
  for (auto id : ids) {
    remove.bind_all(id);
    remove.run();
  }
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
  if (limits.oldest >= again_at_) {
    again_at_ = limits.oldest + look_again;
    aged_ = {INT64_MIN, 0};
    kept_.clear();
  }
  if (age(in, limits.oldest.time_since_epoch().count())) {
    remove_gaps(in);
    return true;
  }
  if (bytes_in_use(in) <= limits.size_max)
    return false;
  // Else a change that is new each time would keep all failures here.
  if (remove_changes(in))
    return true;
  auto end = end_of_step(in);
  return bytes_in_use(in) > limits.size_max && end != 0 && age(in, end);
}

bool journal_retention::age(sqlite_handle& in, int64_t oldest) {
  auto look = in.prepare(
    "select events.id, booted + uptime / 1000, kind, component, node from "
    "events join origins on origins.id = origin where (booted + uptime / 1000, "
    "events.id) > (?, ?) and booted + uptime / 1000 < ? order by booted + "
    "uptime / 1000, events.id limit ?");
  look.bind_all(aged_.first, aged_.second, oldest, step_max);
  std::vector<int64_t> gone;
  auto before = aged_;
  while (look.step()) {
    aged_ = {look.number(1), look.number(0)};
    auto kind = parse_event_kind(look.text(2));
    if (!kind || !is_in_ledger(*kind)) {
      gone.push_back(look.number(0));
      continue;
    }
    // Of a node all tell, of everything else the node that it is on.
    std::string component{look.text(3)};
    if (!component.starts_with("node/"))
      component.insert(0, std::string{look.text(4)} + ':');
    enter(look.number(0), component, *kind, gone);
  }
  remove_rows(in, gone);
  return aged_ != before;
}

void journal_retention::enter(int64_t id, const std::string& component,
                              event_kind kind, std::vector<int64_t>& gone) {
  auto& before = kept_[component];
  auto failed =
    classify(kind) == event_class::failure && kind != event_kind::node_crashed;
  if (failed) {
    if (before.failure == 0)
      before.failure = id;
    else
      gone.push_back(id);
    return;
  }
  for (auto old : {before.state, before.failure})
    if (old != 0)
      gone.push_back(old);
  before = {id, 0};
}

int64_t journal_retention::end_of_step(const sqlite_handle& in) const {
  auto look = in.prepare(
    "select max(at) from (select booted + uptime / 1000 as at from events "
    "where (booted + uptime / 1000, id) > (?, ?) order by booted + uptime / "
    "1000, id limit ?)");
  look.bind_all(aged_.first, aged_.second, step_max);
  if (!look.step() || look.is_null(0))
    return 0;
  return look.number(0) + 1;
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
